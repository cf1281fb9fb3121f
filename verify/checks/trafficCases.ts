import { USER_HEADER } from "../../components/traffic/conditions";
import { matches } from "../../components/traffic/paths";
import type { MatchRule, RouteActions, ServiceTraffic, TextMatch } from "../../components/traffic/serviceTraffic";
import type { Mesh } from "../../mesh/mesh";
import type { Service } from "../../mesh/services";
import type { PodRequest } from "../senders";

/** A treatment of requests, and a request that gets it. */
export interface Case {
    service: Service;
    /** Where the settings say so. */
    key: string;
    actions: RouteActions;
    request: PodRequest & { path: string };
}

/** The treatment of a service's requests, and of those that its rules single out. */
export function casesOf(service: Service, { traffic }: Pick<Mesh, "traffic">): Case[] {
    const own = traffic[service.name];
    if (!own || service.protocol !== "http") {
        return [];
    }
    const { match = [], ...usual } = own;
    const key = `traffic.services.${service.name}`;
    const path = pathOf(service);
    const rules = match.flatMap((rule, index): Case[] => {
        const request = requestOf(rule, path);
        const isFirst = request !== undefined && firstThatFits(match, request) === index;
        return isFirst ? [{ service, key: `${key}.match[${index}]`, actions: actionsOf(rule, usual), request }] : [];
    });
    const { user } = usual.fault ?? {};
    const ofUser = { path, headers: { [USER_HEADER]: user ?? "" } };
    const others = user === undefined ? usual : { ...usual, fault: undefined };
    const rest: Case[] = [
        ...(user === undefined ? [] : [{ service, key: `${key} for ${user}`, actions: usual, request: ofUser }]),
        { service, key, actions: others, request: { path } },
    ];
    return [...rules, ...rest.filter(({ request }) => firstThatFits(match, request) === undefined)];
}

/** A path that Bookinfo's services answer; users' own have none that is known. */
export function pathOf({ from, name }: Pick<Service, "from" | "name">): string {
    if (from !== "bookinfo") {
        return "/";
    }
    return name === "productpage" ? "/productpage" : `/${name}/0`;
}

/** What a rule does not say itself, it takes from its service. */
function actionsOf(rule: MatchRule, { fault, timeout, route }: ServiceTraffic): RouteActions {
    return rule.redirect ? rule : { fault, timeout, route, ...rule };
}

/** A request that fits a rule; undefined for what cannot be made up, such as an expression or a claim. */
function requestOf(rule: MatchRule, path: string): Case["request"] | undefined {
    const { user, headers = {}, paths = [{ exact: path }], method, claims } = rule;
    const wanted = paths[0] && textFor(paths[0]);
    const given = Object.entries(headers).map(([name, match]) => [name, textFor(match)] as const);
    if (claims || wanted === undefined || given.some(([, value]) => value === undefined)) {
        return undefined;
    }
    const known = Object.fromEntries(given) as Record<string, string>;
    return { path: wanted, method, headers: { ...known, ...(user !== undefined && { [USER_HEADER]: user }) } };
}

function textFor(match: TextMatch): string | undefined {
    return "exact" in match ? match.exact : "prefix" in match ? match.prefix : undefined;
}

function firstThatFits(rules: MatchRule[], request: Case["request"]): number | undefined {
    const index = rules.findIndex((rule) => fits(rule, request));
    return index < 0 ? undefined : index;
}

/** Whether a request inside the mesh fits a rule. Rules by claims count at the gateway only. */
function fits({ user, headers = {}, paths, method, claims }: MatchRule, request: Case["request"]): boolean {
    const sent = request.headers ?? {};
    return (
        claims === undefined &&
        (user === undefined || sent[USER_HEADER] === user) &&
        Object.entries(headers).every(([name, match]) => sent[name] !== undefined && matches(match, sent[name])) &&
        (paths === undefined || paths.some((path) => matches(path, request.path))) &&
        (method === undefined || method === (request.method ?? "GET"))
    );
}
