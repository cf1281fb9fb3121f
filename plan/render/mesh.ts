import { at, isMap, type Plan } from "../model";
import { isKubernetes, isManaged } from "../query";
import { items, serverFact } from "./facts";
import { kubernetesObject } from "./manifests";

/** What the mesh looks like from outside, read from the plan's Kubernetes objects. */
export interface Mesh {
    gateways: { id: string; name: string; servers: string[] }[];
    services: { id: string; name: string; ports: string }[];
    /** Deployments that a service selects. */
    versions: { id: string; name: string; service: string; share: number | undefined }[];
    /** From a gateway to a service, with the paths that lead there. */
    routes: { gateway: string; service: string; paths: string }[];
}

type Object = Record<string, unknown>;

/** Reads gateways, the services they route to, and the versions behind each service. */
export function meshOf(plan: Plan): Mesh {
    const objects = plan.resources
        .filter((resource) => isKubernetes(resource) && isManaged(resource))
        .map(kubernetesObject);
    const ofKind = (kind: string, group = "") =>
        objects.filter((object) => object.kind === kind && String(object.apiVersion).startsWith(group));
    const virtualServices = ofKind("VirtualService");
    const rules = ofKind("DestinationRule");
    const deployments = ofKind("Deployment");
    return {
        gateways: ofKind("Gateway", "networking.istio.io/").map((gateway) => ({
            id: idOf(gateway),
            name: nameOf(gateway),
            servers: items(at(gateway, "spec", "servers")).map(serverFact),
        })),
        services: ofKind("Service").map((service) => ({
            id: idOf(service),
            name: nameOf(service),
            ports: items(at(service, "spec", "ports"))
                .map((port) => String(at(port, "port")))
                .join(", "),
        })),
        versions: ofKind("Service").flatMap((service) =>
            deployments
                .filter((deployment) => selects(service, deployment))
                .map((deployment) => ({
                    id: `${idOf(service)}/${idOf(deployment)}`,
                    name: nameOf(deployment),
                    service: idOf(service),
                    share: shareOf(deployment, service, virtualServices, rules),
                })),
        ),
        routes: virtualServices.flatMap((virtualService) => routesOf(virtualService)),
    };
}

function routesOf(virtualService: Object): Mesh["routes"] {
    const gateways = items(at(virtualService, "spec", "gateways")).filter((gateway) => gateway !== "mesh");
    return gateways.flatMap((gateway) =>
        items(at(virtualService, "spec", "http")).flatMap((http) => {
            const paths = items(at(http, "match")).flatMap(pathsOf).join(", ");
            const hosts = new Set(items(at(http, "route")).map((route) => String(at(route, "destination", "host"))));
            return [...hosts].map((host) => ({
                gateway: qualified(String(gateway), virtualService),
                service: serviceOf(host, virtualService),
                paths,
            }));
        }),
    );
}

function pathsOf(match: unknown): string[] {
    const uri = at(match, "uri");
    return isMap(uri)
        ? Object.entries(uri).map(([how, path]) => (how === "prefix" ? `${String(path)}*` : String(path)))
        : [];
}

/** Percentage of a service's plain requests that a version gets; undefined where no route says. */
function shareOf(deployment: Object, service: Object, virtualServices: Object[], rules: Object[]): number | undefined {
    for (const virtualService of virtualServices) {
        const plainRoutes = items(at(virtualService, "spec", "http")).filter(
            (http) => items(at(http, "match")).length === 0,
        );
        const targets = items(at(plainRoutes[0], "route")).filter(
            (route) => serviceOf(String(at(route, "destination", "host")), virtualService) === idOf(service),
        );
        const subsets = targets.filter((route) => at(route, "destination", "subset") !== undefined);
        if (subsets.length > 0) {
            const shares = subsets
                .filter((route) => hasLabels(deployment, subsetLabels(route, virtualService, rules)))
                .map((route) => Number(at(route, "weight") ?? 100));
            return shares.reduce((sum, share) => sum + share, 0);
        }
    }
    return undefined;
}

function subsetLabels(route: unknown, virtualService: Object, rules: Object[]): unknown {
    const host = serviceOf(String(at(route, "destination", "host")), virtualService);
    const rule = rules.find((candidate) => serviceOf(String(at(candidate, "spec", "host")), candidate) === host);
    const subset = items(at(rule, "spec", "subsets")).find(
        (item) => at(item, "name") === at(route, "destination", "subset"),
    );
    return at(subset, "labels");
}

function selects(service: Object, deployment: Object): boolean {
    return namespaceOf(service) === namespaceOf(deployment) && hasLabels(deployment, at(service, "spec", "selector"));
}

/** Whether a deployment's pods carry all of some labels; nothing matches no labels. */
function hasLabels(deployment: Object, labels: unknown): boolean {
    const carried = at(deployment, "spec", "template", "metadata", "labels");
    return isMap(labels) && Object.entries(labels).every(([key, value]) => at(carried, key) === value);
}

/** The service that a host in a route means: short names belong to the object's own namespace. */
function serviceOf(host: string, owner: Object): string {
    const [name = "", namespace = namespaceOf(owner)] = host.split(".");
    return `${namespace}/${name}`;
}

function qualified(name: string, owner: Object): string {
    return name.includes("/") ? name : `${namespaceOf(owner)}/${name}`;
}

function idOf(object: Object): string {
    return `${namespaceOf(object)}/${nameOf(object)}`;
}

function nameOf(object: Object): string {
    return String(at(object, "metadata", "name"));
}

function namespaceOf(object: Object): string {
    const namespace = at(object, "metadata", "namespace");
    return typeof namespace === "string" ? namespace : "default";
}
