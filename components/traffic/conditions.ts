import merge from "deepmerge";
import type { HTTPMatchRequest } from "../istio/api";
import { covers } from "./paths";
import type { MatchRule, RequestConditions, TextMatch } from "./serviceTraffic";

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

type All = Required<RequestConditions>;

/** Every condition. A key of `RequestConditions` without a row does not compile. */
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
        matches: (claims) => {
            const named = Object.entries(claims).map(([claim, match]) => [`${CLAIM_HEADER}[${claim}]`, match] as const);
            return named.length > 0 ? [{ headers: Object.fromEntries(named) }] : [{}];
        },
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
};

function takesEach(earlier: Record<string, TextMatch>, later: Record<string, TextMatch> = {}): boolean {
    return Object.entries(earlier).every(([name, match]) => {
        const wanted = later[name];
        return wanted !== undefined && covers(match, wanted);
    });
}

const NAMES = Object.keys(CONDITIONS) as (keyof All)[];

/** Whether every request that fits `later` fits `earlier` as well. */
export function takesAll(earlier: RequestConditions, later: RequestConditions): boolean {
    return NAMES.every((name) => takes(name, earlier, later));
}

function takes<Name extends keyof All>(name: Name, earlier: Partial<All>, later: Partial<All>): boolean {
    const value = earlier[name];
    return value === undefined || CONDITIONS[name].takes(value, later[name]);
}

/** The conditions as Istio's matches, of which any must fit; none where every request fits. */
export function matchesOf(conditions: RequestConditions): HTTPMatchRequest[] {
    return NAMES.map((name) => matchesOne(name, conditions))
        .reduce((found, more) => found.flatMap((one) => more.map((other) => merge(one, other))))
        .filter((match) => Object.keys(match).length > 0);
}

function matchesOne<Name extends keyof All>(name: Name, conditions: Partial<All>): HTTPMatchRequest[] {
    const value = conditions[name];
    return value === undefined ? [{}] : CONDITIONS[name].matches(value);
}

/** The rules without what those before them take: Istio warns of routes and matches that nothing reaches. */
export function reached(rules: MatchRule[]): MatchRule[] {
    return rules.flatMap((rule, index) => {
        const taken = (conditions: RequestConditions) =>
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
