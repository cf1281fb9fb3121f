import type { Destination, HTTPRoute } from "../istio/api";
import type { MeshService } from "../mesh/meshService";
import { matchesOf, reached, type GatewayConditions } from "./conditions";
import { keepingPathsWhole } from "./rewrites";
import { actionsOf, httpRoute } from "./routeActions";
import type { MatchRule, RouteActions, ServiceTraffic } from "./serviceTraffic";

/** What is done to requests, and the service that they are for. */
export interface RoutedRule extends MatchRule, GatewayConditions {
    destination: Destination;
}

/** The routes of a service for callers inside the mesh, in the order they are tried. */
export function meshRoutes(service: MeshService, traffic: ServiceTraffic): HTTPRoute[] {
    // Claims are known where tokens are checked before routes are chosen: at gateways.
    const match = traffic.match?.filter(({ claims }) => claims === undefined);
    const destination = { host: service.host };
    return routesOf(rulesOf({ ...traffic, match }).map((rule) => ({ ...rule, destination })));
}

/** The rules of a service with what they take from it, and last the service's own, which fits every request. */
export function rulesOf({ match = [], ...traffic }: ServiceTraffic): MatchRule[] {
    const inherited = actionsOf(traffic, (action) => action.inherited);
    const rules = match.map((rule) => (rule.redirect ? rule : inheriting(rule, inherited)));
    return [...rules, actionsOf(traffic, ({ besideRedirect }) => besideRedirect || !traffic.redirect)];
}

/** A rule that routes to the version that mirrored requests go to does not mirror. */
function inheriting(rule: MatchRule, { mirror, ...inherited }: RouteActions): MatchRule {
    const copied = mirror !== undefined && (rule.route?.[mirror.to] ?? 0) > 0;
    return { ...inherited, mirror: copied ? undefined : mirror, ...rule };
}

/** Rules as Istio's routes, in the same order, without those that no request reaches. */
export function routesOf(rules: RoutedRule[]): HTTPRoute[] {
    return reached(rules.flatMap(byUser)).flatMap(keepingPathsWhole).map(routeOf);
}

/** The rule as it is, or one for the user that its fault is for and one for all others. */
function byUser(rule: RoutedRule): RoutedRule[] {
    const { fault, user } = rule;
    if (fault?.user === undefined || fault.user === user) {
        return [rule];
    }
    const sound = { ...rule, fault: undefined };
    return user === undefined ? [{ ...rule, user: fault.user }, sound] : [sound];
}

function routeOf({ destination, ...rule }: RoutedRule): HTTPRoute {
    const match = matchesOf(rule);
    return { ...(match.length > 0 && { match }), ...httpRoute(rule, destination) };
}
