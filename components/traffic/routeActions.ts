import merge from "deepmerge";
import type { Destination, HTTPFaultInjection, HTTPRetry, HTTPRoute, TCPRoute } from "../istio/api";
import type { GatewayKind } from "../istio/gateways";
import type { Fault, Retries, RouteActions } from "./serviceTraffic";

/** What the program knows of one route action. */
interface RouteAction<Value> {
    /** Whether a match rule that does not set it takes it from the service. */
    inherited: boolean;
    /** Whether it has an effect beside a redirect, which answers without asking the service. */
    besideRedirect: boolean;
    /** Whether routes do it: the proxies of callers and of the gateway, not the service's own. */
    byRoutes: boolean;
    /** Kinds of gateway at which it has an effect; under the others it holds for callers inside the mesh only. */
    gatewayKinds: GatewayKind[];
    /** Its part of an HTTP route. */
    http: (value: Value, destination: Destination) => HTTPRoute;
    /** Its part of a TCP route. @default none: it needs HTTP */
    tcp?: (value: Value, destination: Destination) => TCPRoute;
}

type All = Required<RouteActions>;

/** What holds for most actions. */
const usual = {
    inherited: true,
    besideRedirect: false,
    byRoutes: true,
    gatewayKinds: ["istio"],
} satisfies Partial<RouteAction<never>>;

/** Every route action. A key of `RouteActions` without a row does not compile. */
export const ROUTE_ACTIONS: { [Name in keyof All]: RouteAction<All[Name]> } = {
    rewrite: { ...usual, inherited: false, http: (uri) => ({ rewrite: { uri } }) },
    redirect: { ...usual, inherited: false, besideRedirect: true, http: (redirect) => ({ redirect }) },
    timeout: { ...usual, http: (timeout) => ({ timeout }) },
    retries: { ...usual, http: (retries) => ({ retries: retriesOf(retries) }) },
    fault: { ...usual, http: (fault) => ({ fault: faultOf(fault) }) },
    mirror: {
        ...usual,
        http: ({ to, percent = 100 }, destination) => ({
            mirror: { ...destination, subset: to },
            mirrorPercentage: { value: percent },
        }),
    },
    cors: { ...usual, http: (corsPolicy) => ({ corsPolicy }) },
    requestHeaders: { ...usual, http: (request) => ({ headers: { request } }) },
    responseHeaders: { ...usual, http: (response) => ({ headers: { response } }) },
    rateLimit: {
        ...usual,
        byRoutes: false,
        gatewayKinds: ["istio", "ingress", "gateway-api"],
        http: () => ({}),
    },
    route: { ...usual, http: sharesOf, tcp: sharesOf },
};

export type ActionName = keyof RouteActions;

export const ACTION_NAMES = Object.keys(ROUTE_ACTIONS) as ActionName[];

/** The actions of a service or a match rule for which `wanted` holds, without anything else. */
export function actionsOf(
    actions: RouteActions,
    wanted: (action: Pick<RouteAction<never>, "inherited" | "besideRedirect">) => boolean,
): RouteActions {
    const names = ACTION_NAMES.filter((name) => actions[name] !== undefined && wanted(ROUTE_ACTIONS[name]));
    return Object.fromEntries(names.map((name) => [name, actions[name]]));
}

/** What is done to HTTP requests for `destination`, as Istio's route. */
export function httpRoute(actions: RouteActions, destination: Destination): HTTPRoute {
    const all = actions.redirect
        ? actionsOf(actions, ({ besideRedirect }) => besideRedirect)
        : { ...actions, route: actions.route ?? {} };
    return merge.all<HTTPRoute>(ACTION_NAMES.map((name) => part("http", name, all, destination)));
}

/** What is done to TCP connections for `destination`, as Istio's route. */
export function tcpRoute(actions: RouteActions, destination: Destination): TCPRoute {
    return merge.all<TCPRoute>(
        ACTION_NAMES.map((name) => part("tcp", name, { ...actions, route: actions.route ?? {} }, destination)),
    );
}

function part<Name extends ActionName>(
    protocol: "http" | "tcp",
    name: Name,
    actions: Partial<All>,
    destination: Destination,
): object {
    const value = actions[name];
    return value === undefined ? {} : (ROUTE_ACTIONS[name][protocol]?.(value, destination) ?? {});
}

/** Versions and their shares. A share of 0 is left out, and so is that of the only version. */
function sharesOf(shares: Record<string, number>, destination: Destination): Pick<HTTPRoute & TCPRoute, "route"> {
    const weights = Object.entries(shares).filter(([, share]) => share > 0);
    const routes = weights.map(([subset, weight]) => ({
        destination: { ...destination, subset },
        ...(weights.length > 1 && { weight }),
    }));
    return { route: routes.length > 0 ? routes : [{ destination }] };
}

export function retriesOf({ retryOn, ...retries }: Retries): HTTPRetry {
    return { ...retries, ...(retryOn && { retryOn: retryOn.join(",") }) };
}

function faultOf({ delay, abort, percent = 100 }: Fault): HTTPFaultInjection {
    const percentage = { value: percent };
    return {
        ...(delay !== undefined && { delay: { percentage, fixedDelay: delay } }),
        ...(abort !== undefined && { abort: { percentage, httpStatus: abort } }),
    };
}
