import { at, isMap, type Plan } from "../model";
import { idOf, kubernetesObjects, nameOf, namespaceOf, word, type KubernetesObject } from "./objects";
import { serviceOf } from "./ways/istio";
import type { Lead, WayIn } from "./ways/way";
import { waysIn } from "./ways/waysIn";
import { items, list } from "../words";

/** What the mesh looks like from outside, read from the plan's Kubernetes objects. */
export interface Mesh {
    gateways: { id: string; name: string; listeners: string[] }[];
    /** Those of the plan, and those of others that a gateway leads to. */
    services: { id: string; name: string; ports: string }[];
    /** Deployments that a service selects. */
    versions: { id: string; name: string; service: string; share: number | undefined }[];
    /** From a gateway to a service, with the paths that lead there. */
    routes: { gateway: string; service: string; paths: string }[];
}

/** Reads gateways, the services they route to, and the versions behind each service. */
export function meshOf(plan: Plan): Mesh {
    const ofKind = kubernetesObjects(plan);
    const virtualServices = ofKind("VirtualService");
    const rules = ofKind("DestinationRule");
    const deployments = ofKind("Deployment");
    const services = ofKind("Service");
    const ways = waysIn(plan);
    return {
        gateways: ways.map(({ id, name, listeners }) => ({ id, name, listeners: listeners.map(({ words }) => words) })),
        services: distinct([...services.map(planned), ...elsewhere(ways, new Set(services.map(idOf)))]),
        versions: services.flatMap((service) =>
            deployments
                .filter((deployment) => selects(service, deployment))
                .map((deployment) => ({
                    id: `${idOf(service)}/${idOf(deployment)}`,
                    name: nameOf(deployment),
                    service: idOf(service),
                    share: shareOf(deployment, service, virtualServices, rules),
                })),
        ),
        routes: ways.flatMap(routesOf),
    };
}

function planned(service: KubernetesObject): Mesh["services"][number] {
    const ports = list(items(at(service, "spec", "ports")).map((port) => at(port, "port")));
    return { id: idOf(service), name: nameOf(service), ports };
}

/** Services that others deploy: a gateway leads to them, so they are there. */
function elsewhere(ways: WayIn[], known: Set<string>): Mesh["services"] {
    const leads = ways.flatMap(({ listeners }) => listeners.flatMap((listener) => listener.leads));
    const byId = new Map(leads.filter(({ service }) => !known.has(service)).map((lead) => [lead.service, lead]));
    return [...byId.values()].map(({ service, port }) => ({ id: service, name: shortName(service), ports: port }));
}

function shortName(id: string): string {
    return id.slice(id.indexOf("/") + 1);
}

/** Services of one name get their namespace behind it. */
function distinct(services: Mesh["services"]): Mesh["services"] {
    const names = services.map(({ name }) => name);
    const isShared = (name: string) => names.indexOf(name) !== names.lastIndexOf(name);
    return services.map((service) =>
        isShared(service.name) ? { ...service, name: `${service.name}.${service.id.split("/")[0]}` } : service,
    );
}

/** One route for each rule, however many listeners have it. */
function routesOf({ id, listeners }: WayIn): Mesh["routes"] {
    const leads = new Map<string, Lead>();
    for (const lead of listeners.flatMap((listener) => listener.leads)) {
        leads.set(`${lead.service} ${lead.paths.join(" ")}`, lead);
    }
    return [...leads.values()].map(({ service, paths }) => ({ gateway: id, service, paths: paths.join(", ") }));
}

/** Percentage of a service's plain requests that a version gets; undefined where no route says. */
function shareOf(
    deployment: KubernetesObject,
    service: KubernetesObject,
    virtualServices: KubernetesObject[],
    rules: KubernetesObject[],
): number | undefined {
    for (const virtualService of virtualServices) {
        const plainRoutes = items(at(virtualService, "spec", "http")).filter(
            (http) => items(at(http, "match")).length === 0,
        );
        const targets = items(at(plainRoutes[0], "route")).filter(
            (route) => serviceOf(word(at(route, "destination", "host")), virtualService) === idOf(service),
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

function subsetLabels(route: unknown, virtualService: KubernetesObject, rules: KubernetesObject[]): unknown {
    const host = serviceOf(word(at(route, "destination", "host")), virtualService);
    const rule = rules.find((candidate) => serviceOf(word(at(candidate, "spec", "host")), candidate) === host);
    const subset = items(at(rule, "spec", "subsets")).find(
        (item) => at(item, "name") === at(route, "destination", "subset"),
    );
    return at(subset, "labels");
}

function selects(service: KubernetesObject, deployment: KubernetesObject): boolean {
    return namespaceOf(service) === namespaceOf(deployment) && hasLabels(deployment, at(service, "spec", "selector"));
}

/** Whether a deployment's pods carry all of some labels; nothing matches no labels. */
function hasLabels(deployment: KubernetesObject, labels: unknown): boolean {
    const carried = at(deployment, "spec", "template", "metadata", "labels");
    return isMap(labels) && Object.entries(labels).every(([key, value]) => at(carried, key) === value);
}
