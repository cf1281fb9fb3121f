import { at } from "../../plan/model";
import { items, text } from "../../plan/words";
import { IN_PROD, type Checked, type Finding, type ResourceRule, type StackRule } from "../rule";
import { isKind, nameOf, namespaceOf } from "./kubernetes";

const ISTIO = "networking.istio.io";
const GATEWAY_API = "gateway.networking.k8s.io";

export const wildcardHosts: ResourceRule = {
    name: "wildcard-hosts",
    description: "Gateways serve named hosts only",
    reason: "A gateway for every host answers under any name that points to it, and takes hosts from other gateways.",
    levels: IN_PROD,
    check(resource) {
        const change = "name the hosts in gateway.hosts, or in expose.hosts of the service";
        return hostsOf(resource).some(isWildcard) ? [`serves every host: ${change}`] : [];
    },
};

export const gatewayTls: StackRule = {
    name: "gateway-tls",
    description: "Gateways serve HTTPS, and redirect plain HTTP",
    reason: "Sessions, tokens and data of users can be read and changed on the way.",
    levels: IN_PROD,
    checkStack(resources) {
        const routes = resources.filter((resource) => isKind(resource, GATEWAY_API, "HTTPRoute"));
        return resources.flatMap((gateway) =>
            plainHosts(gateway, routes).map((where): Finding => [gateway, `serves ${where} in plain text: ${ENCRYPT}`]),
        );
    },
};

const ENCRYPT = "set gateway.tls, which also redirects HTTP to HTTPS";

/** The hosts that a gateway of any kind serves; an absent one is every host. */
function hostsOf(resource: Checked): unknown[] {
    const spec = at(resource.inputs, "spec");
    if (isKind(resource, ISTIO, "Gateway")) {
        return items(at(spec, "servers")).flatMap((server) => items(at(server, "hosts")));
    }
    if (isKind(resource, GATEWAY_API, "Gateway")) {
        return items(at(spec, "listeners")).map((listener) => at(listener, "hostname"));
    }
    return isKind(resource, "networking.k8s.io", "Ingress")
        ? items(at(spec, "rules")).map((rule) => at(rule, "host"))
        : [];
}

/** `*`, also with a namespace in front as Istio allows. `*.example.com` is a domain of yours. */
function isWildcard(host: unknown): boolean {
    return host === undefined || (typeof host === "string" && /^([^/]*\/)?\*$/.test(host));
}

/** What a gateway serves without TLS, as text. */
function plainHosts(gateway: Checked, routes: Checked[]): string[] {
    const spec = at(gateway.inputs, "spec");
    if (isKind(gateway, ISTIO, "Gateway")) {
        return items(at(spec, "servers")).filter(isPlainServer).map(portOf);
    }
    if (isKind(gateway, GATEWAY_API, "Gateway")) {
        return items(at(spec, "listeners"))
            .filter((listener) => at(listener, "protocol") === "HTTP" && !redirects(gateway, listener, routes))
            .map((listener) => `port ${text(at(listener, "port"))}`);
    }
    if (isKind(gateway, "networking.k8s.io", "Ingress")) {
        const encrypted = items(at(spec, "tls")).flatMap((tls) => items(at(tls, "hosts")));
        const hosts = items(at(spec, "rules")).map((rule) => at(rule, "host") ?? "every host");
        return hosts.filter((host) => !encrypted.includes(host)).map(String);
    }
    return [];
}

function isPlainServer(server: unknown): boolean {
    const isHttp = /^(HTTP|HTTP2|GRPC|GRPC-WEB)$/.test(text(at(server, "port", "protocol")));
    return isHttp && at(server, "tls", "httpsRedirect") !== true;
}

function portOf(server: unknown): string {
    return `port ${text(at(server, "port", "number"))}`;
}

/** Whether a listener of the Gateway API only redirects: each rule of each route that is attached to it does. */
function redirects(gateway: Checked, listener: unknown, routes: Checked[]): boolean {
    const attached = routes.filter((route) =>
        items(at(route.inputs, "spec", "parentRefs")).some(
            (parent) =>
                at(parent, "name") === nameOf(gateway) &&
                (at(parent, "namespace") ?? namespaceOf(route)) === namespaceOf(gateway) &&
                (at(parent, "sectionName") ?? at(listener, "name")) === at(listener, "name"),
        ),
    );
    const rules = attached.flatMap((route) => items(at(route.inputs, "spec", "rules")));
    return rules.every((rule) => items(at(rule, "filters")).some((filter) => at(filter, "type") === "RequestRedirect"));
}
