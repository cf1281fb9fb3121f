import type { GatewaySpec, HTTPRouteRule, HTTPRouteSpec, Listener } from "../../../components/gatewayApi/specs";
import { idOf, nameOf, namespaceOf, type Planned } from "../objects";
import { gatewayApiListenerWords, pathWord, requestWords, type Target, type Entrance } from "./entrance";

/** Gateways of the Kubernetes Gateway API and the HTTPRoutes that are attached to their listeners. */
export function gatewayApiEntrances(gateways: Planned<GatewaySpec>[], routes: Planned<HTTPRouteSpec>[]): Entrance[] {
    return gateways.map((gateway) => ({
        id: idOf(gateway),
        name: nameOf(gateway),
        kind: "Gateway API",
        urns: [gateway.urn, ...routes.filter((route) => isOf(route, gateway)).map(({ urn }) => urn)],
        listeners: gateway.spec.listeners.map((listener) => {
            const own = routes.filter((route) => isAttached(route, gateway, listener));
            const rules = own.flatMap((route) => (route.spec.rules ?? []).map((rule) => ({ route, rule })));
            const credential = listener.tls?.certificateRefs?.[0]?.name;
            return {
                words: gatewayApiListenerWords(listener),
                redirects: rules.length > 0 && rules.every(({ rule }) => isRedirect(rule)),
                targets: rules.flatMap(({ route, rule }) => targetsOf(rule, route)),
                ...(credential !== undefined && { credential }),
            };
        }),
    }));
}

function isOf(route: Planned<HTTPRouteSpec>, gateway: Planned<GatewaySpec>): boolean {
    return gateway.spec.listeners.some((listener) => isAttached(route, gateway, listener));
}

function isAttached(route: Planned<HTTPRouteSpec>, gateway: Planned<GatewaySpec>, listener: Listener): boolean {
    return (route.spec.parentRefs ?? []).some(
        ({ name, namespace = namespaceOf(route), sectionName = listener.name }) =>
            name === nameOf(gateway) && namespace === namespaceOf(gateway) && sectionName === listener.name,
    );
}

function targetsOf(rule: HTTPRouteRule, route: Planned<HTTPRouteSpec>): Target[] {
    return (rule.backendRefs ?? []).map(({ name, namespace = namespaceOf(route), port }) => ({
        service: `${namespace}/${name}`,
        port: String(port),
        paths: routePaths(rule),
    }));
}

/** The requests of an HTTPRoute's rule, as text. */
export function routePaths({ matches = [] }: HTTPRouteRule): string[] {
    return matches.map(({ path, method, headers = [] }) =>
        requestWords(
            pathWord(path?.value ?? "/", path?.type !== "Exact"),
            method,
            headers.map(({ name }) => name),
        ),
    );
}

export function isRedirect({ filters = [] }: HTTPRouteRule): boolean {
    return filters.some(({ type }) => type === "RequestRedirect");
}
