import type { Destination, HTTPRoute } from "../istio/api";
import type { MeshService, PathMatch } from "../mesh/meshService";
import { matchesOf, reached } from "./conditions";
import { covers, matches, within } from "./paths";
import { keepingPathsWhole } from "./rewrites";
import { actionsOf, httpRoute } from "./routeActions";
import type { MatchRule, RouteActions, ServiceTraffic, TextMatch } from "./serviceTraffic";

/** The routes of a service for callers inside the mesh, in the order they are tried. */
export function meshRoutes(service: MeshService, traffic: ServiceTraffic): HTTPRoute[] {
    // Claims are known where tokens are checked before routes are chosen: at gateways.
    const match = traffic.match?.filter(({ claims }) => claims === undefined);
    return routesOf(rulesOf({ ...traffic, match }), { host: service.host });
}

/**
 * The routes of a service at the ingress gateway: what is open of it, treated as inside the mesh. A rewrite to an open path
 * opens the path it is written for, and a redirect its own; everything else stays closed.
 */
export function gatewayRoutes(service: MeshService, traffic: ServiceTraffic | undefined): HTTPRoute[] {
    const open = service.exposure?.paths ?? [];
    const destination = { host: service.host, port: { number: service.port } };
    const rules = rulesOf(traffic ?? {}).map((rule) => ({
        ...rule,
        paths: openPaths(rule, open),
        // The gateway answers all preflights of a service with CORS, and none without a token gets to the service.
        cors: rule.cors && { ...rule.cors, unmatchedPreflights: "IGNORE" as const },
    }));
    return routesOf(rules, destination);
}

/** Paths besides the exposed ones that the gateway sends to a service, because a route rewrites others to them. */
export function rewrittenPaths(service: MeshService, traffic: ServiceTraffic | undefined): PathMatch[] {
    const rewritten = gatewayRoutes(service, traffic).flatMap(({ match = [], rewrite }): PathMatch[] => {
        const path = rewrite?.uri;
        // Of a path that matched by prefix the rest stays; all others are replaced as a whole.
        return path === undefined
            ? []
            : match.map(({ uri }) => (uri && "prefix" in uri ? { prefix: path } : { exact: path }));
    });
    const open = service.exposure?.paths ?? [];
    const isOpen = (path: PathMatch) => open.some((each) => matches(each, "exact" in path ? path.exact : path.prefix));
    return rewritten.filter(
        (path, index) => !isOpen(path) && !rewritten.slice(0, index).some((earlier) => covers(earlier, path)),
    );
}

/** The rules of a service with what they take from it, and last the service's own, which fits every request. */
function rulesOf({ match = [], ...traffic }: ServiceTraffic): MatchRule[] {
    const inherited = actionsOf(traffic, (action) => action.inherited);
    const rules = match.map((rule) => (rule.redirect ? rule : inheriting(rule, inherited)));
    return [...rules, actionsOf(traffic, ({ besideRedirect }) => besideRedirect || !traffic.redirect)];
}

/** A rule that routes to the version that mirrored requests go to does not mirror. */
function inheriting(rule: MatchRule, { mirror, ...inherited }: RouteActions): MatchRule {
    const copied = mirror !== undefined && (rule.route?.[mirror.to] ?? 0) > 0;
    return { ...inherited, mirror: copied ? undefined : mirror, ...rule };
}

function openPaths({ paths, rewrite, redirect }: MatchRule, open: PathMatch[]): TextMatch[] {
    const leadsToOpen = rewrite !== undefined && open.some((path) => matches(path, rewrite));
    return paths && (redirect || leadsToOpen) ? paths : within(open, paths);
}

function routesOf(rules: MatchRule[], destination: Destination): HTTPRoute[] {
    return reached(rules.flatMap(byUser))
        .flatMap(keepingPathsWhole)
        .map((rule) => routeOf(rule, destination));
}

/** The rule as it is, or one for the user that its fault is for and one for all others. */
function byUser(rule: MatchRule): MatchRule[] {
    const { fault, user } = rule;
    if (fault?.user === undefined || fault.user === user) {
        return [rule];
    }
    const sound = { ...rule, fault: undefined };
    return user === undefined ? [{ ...rule, user: fault.user }, sound] : [sound];
}

function routeOf(rule: MatchRule, destination: Destination): HTTPRoute {
    const match = matchesOf(rule);
    return { ...(match.length > 0 && { match }), ...httpRoute(rule, destination) };
}
