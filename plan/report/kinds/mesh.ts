import type { HTTPRouteRule, Listener } from "../../../components/gatewayApi/specs";
import type { Server, ServicePort } from "../../../components/istio/api/specs";
import { at } from "../../model";
import { isRedirect, routePaths } from "../../mesh/entrances/gatewayApi";
import { externalPortWords, gatewayApiListenerWords, pathWord, serverWords } from "../../mesh/entrances/entrance";
import { limitsIn } from "../../mesh/posture/limits";
import { count, items, list, plural, prefixed } from "../../words";
import type { Facts } from "./facts";

/** Kinds of Istio and of the APIs that expose services. */
export const meshFacts: Facts = {
    Gateway: (inputs) => [
        [
            ...items<Server>(at(inputs, "spec", "servers")).map(serverWords),
            ...items<Listener>(at(inputs, "spec", "listeners")).map(gatewayApiListenerWords),
        ].join("; "),
    ],
    VirtualService: (inputs) => {
        const routes = ["http", "tls", "tcp"].flatMap((protocol) => items(at(inputs, "spec", protocol)));
        return [list(at(inputs, "spec", "hosts")), routes.length > 0 ? plural(routes.length, "route") : undefined];
    },
    HTTPRoute: (inputs) => items<HTTPRouteRule>(at(inputs, "spec", "rules")).map(ruleWords),
    Ingress: (inputs) => {
        const encrypted = items(at(inputs, "spec", "tls")).map((tls) => at(tls, "secretName"));
        return [
            items(at(inputs, "spec", "rules"))
                .map(ingressRuleWords)
                .join("; "),
            prefixed("with TLS by ", list(encrypted)),
        ];
    },
    IngressClass: (inputs) => [prefixed("served by ", at(inputs, "spec", "controller"))],
    DestinationRule: (inputs) => {
        const host = at(inputs, "spec", "host");
        return [
            host === at(inputs, "metadata", "name") ? undefined : host,
            prefixed("subsets ", list(items(at(inputs, "spec", "subsets")).map((subset) => at(subset, "name")))),
        ];
    },
    ServiceEntry: (inputs) => [
        list(at(inputs, "spec", "hosts")),
        list(items<ServicePort>(at(inputs, "spec", "ports")).map(externalPortWords)),
    ],
    Sidecar: (inputs) => [
        prefixed("knows ", list(items(at(inputs, "spec", "egress")).flatMap((egress) => items(at(egress, "hosts"))))),
    ],
    EnvoyFilter: (inputs) => [prefixed("requests: ", limitsIn(at(inputs, "spec") ?? {}).join("; "))],
    PeerAuthentication: (inputs) => [at(inputs, "spec", "mtls", "mode")],
    AuthorizationPolicy: (inputs) => [
        at(inputs, "spec", "action") ?? "ALLOW",
        count(at(inputs, "spec", "rules"), "rule") ?? "nothing",
    ],
};

function ruleWords(rule: HTTPRouteRule): string {
    if (isRedirect(rule)) {
        return "to HTTPS";
    }
    const services = rule.backendRefs?.map(({ name }) => name);
    return `${routePaths(rule).join(", ") || "/*"} to ${list(services)}`;
}

function ingressRuleWords(rule: unknown): string {
    const paths = items(at(rule, "http", "paths")).map((path) =>
        pathWord(at(path, "path"), at(path, "pathType") !== "Exact"),
    );
    return `${paths.join(", ")} of ${list(at(rule, "host") ?? "*")}`;
}
