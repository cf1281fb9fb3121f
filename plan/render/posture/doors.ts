import { at, type Plan } from "../../model";
import { items, serverFact } from "../facts";
import { meshOf } from "../mesh";
import { nameOf, namespaceOf, word, type SecurityObjects } from "./objects";

/** A listener of the ingress gateway and where it leads: with Istio's kinds, the Gateway API's or as an Ingress. */
export interface Door {
    /** The object that opens it. */
    name: string;
    /** Port, protocol and hosts. */
    listener: string;
    leads: string[];
}

export function doorsOf(plan: Plan, objects: SecurityObjects): Door[] {
    return [...istioDoors(plan, objects), ...gatewayApiDoors(objects), ...ingressDoors(objects)];
}

const REDIRECT = "redirect to HTTPS";

function istioDoors(plan: Plan, { gateways }: SecurityObjects): Door[] {
    const { routes } = meshOf(plan);
    return gateways.flatMap((gateway) => {
        const id = `${namespaceOf(gateway)}/${nameOf(gateway)}`;
        const targets = routes
            .filter((route) => route.gateway === id)
            .map(({ service, paths }) => `${service.split("/")[1]}${paths ? ` at ${paths}` : ""}`);
        return items(at(gateway, "spec", "servers")).map((server) => ({
            name: nameOf(gateway),
            listener: serverFact(server),
            leads: at(server, "tls", "httpsRedirect") === true ? [REDIRECT] : [...new Set(targets)],
        }));
    });
}

function gatewayApiDoors({ apiGateways, httpRoutes }: SecurityObjects): Door[] {
    return apiGateways.flatMap((gateway) =>
        items(at(gateway, "spec", "listeners")).map((listener) => {
            const routes = httpRoutes.filter((route) =>
                items(at(route, "spec", "parentRefs")).some(
                    (parent) =>
                        at(parent, "name") === nameOf(gateway) &&
                        [undefined, at(listener, "name")].includes(at(parent, "sectionName")),
                ),
            );
            const rules = routes.flatMap((route) => items(at(route, "spec", "rules")));
            const port = `${word(at(listener, "port"))} ${word(at(listener, "protocol"))}`;
            return {
                name: nameOf(gateway),
                listener: `${port} for ${word(at(listener, "hostname"), "*")}`,
                leads: rules.map(ruleWords),
            };
        }),
    );
}

function ruleWords(rule: unknown): string {
    if (items(at(rule, "filters")).some((filter) => at(filter, "type") === "RequestRedirect")) {
        return REDIRECT;
    }
    const services = items(at(rule, "backendRefs")).map((backend) => word(at(backend, "name")));
    const paths = items(at(rule, "matches")).map((match) =>
        pathWord(at(match, "path", "value"), at(match, "path", "type") !== "Exact"),
    );
    return `${services.join(", ")} at ${paths.join(", ") || "/*"}`;
}

function ingressDoors({ ingresses }: SecurityObjects): Door[] {
    return ingresses.flatMap((ingress) => {
        const encrypted = items(at(ingress, "spec", "tls")).flatMap((tls) => items(at(tls, "hosts")));
        return items(at(ingress, "spec", "rules")).map((rule) => {
            const host = at(rule, "host");
            const byService = new Map<string, string[]>();
            for (const path of items(at(rule, "http", "paths"))) {
                const service = word(at(path, "backend", "service", "name"));
                const paths = byService.get(service) ?? [];
                byService.set(service, [...paths, pathWord(at(path, "path"), at(path, "pathType") !== "Exact")]);
            }
            return {
                name: nameOf(ingress),
                listener: `${encrypted.includes(host) ? "HTTPS and HTTP" : "HTTP"} for ${word(host, "*")}`,
                leads: [...byService].map(([service, paths]) => `${service} at ${paths.join(", ")}`),
            };
        });
    });
}

function pathWord(path: unknown, prefix: boolean): string {
    return `${word(path)}${prefix ? "*" : ""}`;
}
