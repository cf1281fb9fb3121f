import merge from "deepmerge";
import type { HTTPMatchRequest } from "../istio/api";
import { covers } from "./paths";
import type { RequestConditions, TextMatch } from "./serviceTraffic";

/** What Bookinfo sends along for who is signed in. */
export const USER_HEADER = "end-user";

/**
 * Istio's name for claims of a verified token among a route's headers, at gateways only.
 * https://istio.io/latest/docs/tasks/security/authentication/jwt-route/
 */
const CLAIM_HEADER = "@request.auth.claims";

/** What the program knows of one condition of a match rule. */
interface Condition<Value> {
    /** Whether all requests that fit `later` fit `earlier` as well; `later` is undefined where everything fits. */
    takes: (earlier: Value, later: Value | undefined) => boolean;
    /** The condition as Istio's matches, of which any must fit. */
    matches: (value: Value) => HTTPMatchRequest[];
}

/** Conditions of requests at the gateway, where those of a service meet those of its rules. */
export interface GatewayConditions extends RequestConditions {
    /** Any of these, in place of `method`. */
    methods?: string[];
}

type All = Required<GatewayConditions>;

/** Every condition. A key of `GatewayConditions` without a row does not compile. */
const CONDITIONS: { [Name in keyof All]: Condition<All[Name]> } = {
    user: {
        takes: (earlier, later) => earlier === later,
        matches: (user) => [{ headers: { [USER_HEADER]: { exact: user } } }],
    },
    headers: {
        takes: takesEach,
        matches: (headers) => (Object.keys(headers).length > 0 ? [{ headers }] : [{}]),
    },
    claims: {
        takes: takesEach,
        matches: (claims) => (Object.keys(claims).length > 0 ? [{ headers: claimHeaders(claims) }] : [{}]),
    },
    paths: {
        takes: (earlier, later = [{ prefix: "/" }]) =>
            later.every((path) => earlier.some((taken) => covers(taken, path))),
        matches: (paths) => paths.map((uri) => ({ uri })),
    },
    method: {
        takes: (earlier, later) => earlier === later,
        matches: (method) => [{ method: { exact: method } }],
    },
    methods: {
        takes: (earlier, later) => later !== undefined && later.every((method) => earlier.includes(method)),
        matches: (methods) => methods.map((method) => ({ method: { exact: method } })),
    },
};

/** Claims as Istio finds them among headers. */
export function claimHeaders(claims: Record<string, TextMatch> = {}): Record<string, TextMatch> {
    return Object.fromEntries(Object.entries(claims).map(([claim, match]) => [`${CLAIM_HEADER}[${claim}]`, match]));
}

function takesEach(earlier: Record<string, TextMatch>, later: Record<string, TextMatch> = {}): boolean {
    return Object.entries(earlier).every(([name, match]) => {
        const wanted = later[name];
        return wanted !== undefined && covers(match, wanted);
    });
}

const NAMES = Object.keys(CONDITIONS) as (keyof All)[];

/** Whether every request that fits `later` fits `earlier` as well. */
export function takesAll(earlier: GatewayConditions, later: GatewayConditions): boolean {
    return NAMES.every((name) => takes(name, earlier, later));
}

function takes<Name extends keyof All>(name: Name, earlier: Partial<All>, later: Partial<All>): boolean {
    const value = earlier[name];
    return value === undefined || CONDITIONS[name].takes(value, later[name]);
}

/** The conditions as Istio's matches, of which any must fit; none where every request fits. */
export function matchesOf(conditions: GatewayConditions): HTTPMatchRequest[] {
    return NAMES.map((name) => matchesOne(name, conditions))
        .reduce((found, more) => found.flatMap((one) => more.map((other) => merge(one, other))))
        .filter((match) => Object.keys(match).length > 0);
}

function matchesOne<Name extends keyof All>(name: Name, conditions: Partial<All>): HTTPMatchRequest[] {
    const value = conditions[name];
    return value === undefined ? [{}] : CONDITIONS[name].matches(value);
}

/** The rules without what those before them take: Istio warns of routes and matches that nothing reaches. */
export function reached<Rule extends GatewayConditions>(rules: Rule[]): Rule[] {
    return rules.flatMap((rule, index) => {
        const taken = (conditions: GatewayConditions) =>
            rules.slice(0, index).some((earlier) => takesAll(earlier, conditions));
        const paths = rule.paths?.filter(
            (path, position) =>
                !taken({ ...rule, paths: [path] }) &&
                !rule.paths?.slice(0, position).some((earlier) => covers(earlier, path)),
        );
        const left = paths ? paths.length > 0 : !taken(rule);
        return left ? [{ ...rule, ...(paths && { paths }) }] : [];
    });
}
