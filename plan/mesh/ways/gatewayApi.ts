import { at } from "../../model";
import { idOf, nameOf, namespaceOf, word, type KubernetesObject } from "../objects";
import { items } from "../../words";
import { gatewayApiListenerWords, pathWord, type Lead, type WayIn } from "./way";

/** Gateways of the Kubernetes Gateway API and the HTTPRoutes that hang on their listeners. */
export function gatewayApiWays(gateways: KubernetesObject[], routes: KubernetesObject[]): WayIn[] {
    return gateways.map((gateway) => ({
        id: idOf(gateway),
        name: nameOf(gateway),
        listeners: items(at(gateway, "spec", "listeners")).map((listener) => {
            const own = routes.filter((route) => hangsOn(route, gateway, listener));
            const rules = own.flatMap((route) => items(at(route, "spec", "rules")).map((rule) => ({ route, rule })));
            const credential = at(listener, "tls", "certificateRefs", 0, "name");
            return {
                words: gatewayApiListenerWords(listener),
                redirects: rules.length > 0 && rules.every(({ rule }) => isRedirect(rule)),
                leads: rules.flatMap(({ route, rule }) => leadsOf(rule, route)),
                ...(typeof credential === "string" && { credential }),
            };
        }),
    }));
}

function hangsOn(route: KubernetesObject, gateway: KubernetesObject, listener: unknown): boolean {
    return items(at(route, "spec", "parentRefs")).some(
        (parent) =>
            at(parent, "name") === nameOf(gateway) &&
            word(at(parent, "namespace"), namespaceOf(route)) === namespaceOf(gateway) &&
            [undefined, at(listener, "name")].includes(at(parent, "sectionName")),
    );
}

function leadsOf(rule: unknown, route: KubernetesObject): Lead[] {
    return items(at(rule, "backendRefs")).map((backend) => ({
        service: `${word(at(backend, "namespace"), namespaceOf(route))}/${word(at(backend, "name"))}`,
        port: word(at(backend, "port")),
        paths: routePaths(rule),
    }));
}

/** The paths of a rule of an HTTPRoute, in words. */
export function routePaths(rule: unknown): string[] {
    return items(at(rule, "matches")).map((match) =>
        pathWord(at(match, "path", "value") ?? "/", at(match, "path", "type") !== "Exact"),
    );
}

export function isRedirect(rule: unknown): boolean {
    return items(at(rule, "filters")).some((filter) => at(filter, "type") === "RequestRedirect");
}
