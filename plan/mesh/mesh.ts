import type { Destination, DestinationRuleSpec, VirtualServiceSpec } from "../../components/istio/api/specs";
import type { Plan } from "../model";
import {
    idOf,
    kubernetesObjects,
    nameOf,
    namespaceOf,
    type Deployment,
    type KubernetesObject,
    type Planned,
    type Service,
} from "./objects";
import { serviceOf } from "./entrances/istio";
import type { Target, Entrance } from "./entrances/entrance";
import { entrancesOf } from "./entrances/entrances";

/** The mesh as a graph, read from the plan's Kubernetes objects. */
export interface Mesh {
    gateways: { id: string; name: string; listeners: string[] }[];
    /** Services of the plan, and services managed outside this stack that a gateway routes to. */
    services: { id: string; name: string; ports: string }[];
    /** Deployments that a service selects. */
    versions: { id: string; name: string; service: string; share: number | undefined }[];
    /** Routes from a gateway to a service, with their paths. */
    routes: { gateway: string; service: string; paths: string }[];
}

/** Reads gateways, the services they route to, and the versions behind each service. */
export function meshOf(plan: Plan): Mesh {
    const ofKind = kubernetesObjects(plan);
    const virtualServices = ofKind("networking.istio.io/VirtualService");
    const rules = ofKind("networking.istio.io/DestinationRule");
    const deployments = ofKind("apps/Deployment");
    const services = ofKind("/Service");
    const entrances = entrancesOf(plan);
    return {
        gateways: entrances.map(({ id, name, listeners }) => ({
            id,
            name,
            listeners: listeners.map(({ words }) => words),
        })),
        services: distinct([...services.map(planned), ...elsewhere(entrances, new Set(services.map(idOf)))]),
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
        routes: entrances.flatMap(routesOf),
    };
}

function planned(service: Service): Mesh["services"][number] {
    const ports = (service.spec.ports ?? []).map(({ port }) => port).join(", ");
    return { id: idOf(service), name: nameOf(service), ports };
}

/** Services managed outside this stack that a gateway routes to. */
function elsewhere(entrances: Entrance[], known: Set<string>): Mesh["services"] {
    const targets = entrances.flatMap(({ listeners }) => listeners.flatMap((listener) => listener.targets));
    const byId = new Map(
        targets.filter(({ service }) => !known.has(service)).map((target) => [target.service, target]),
    );
    return [...byId.values()].map(({ service, port }) => ({ id: service, name: shortName(service), ports: port }));
}

function shortName(id: string): string {
    return id.slice(id.indexOf("/") + 1);
}

/** Adds the namespace to names that several services have. */
function distinct(services: Mesh["services"]): Mesh["services"] {
    const names = services.map(({ name }) => name);
    const isShared = (name: string) => names.indexOf(name) !== names.lastIndexOf(name);
    return services.map((service) =>
        isShared(service.name) ? { ...service, name: `${service.name}.${service.id.split("/")[0]}` } : service,
    );
}

/** One route for each rule, however many listeners have it. */
function routesOf({ id, listeners }: Entrance): Mesh["routes"] {
    const targets = new Map<string, Target>();
    for (const target of listeners.flatMap((listener) => listener.targets)) {
        targets.set(`${target.service} ${target.paths.join(" ")}`, target);
    }
    return [...targets.values()].map(({ service, paths }) => ({ gateway: id, service, paths: paths.join(", ") }));
}

/** Share of a version of the requests that match no rule, in percent; undefined if no route sets it. */
function shareOf(
    deployment: Deployment,
    service: Service,
    virtualServices: Planned<VirtualServiceSpec>[],
    rules: Planned<DestinationRuleSpec>[],
): number | undefined {
    for (const virtualService of virtualServices) {
        const plainRoute = virtualService.spec.http?.find(({ match = [] }) => match.length === 0);
        const subsets = (plainRoute?.route ?? []).filter(
            ({ destination: { host, subset } }) =>
                subset !== undefined && serviceOf(host, virtualService) === idOf(service),
        );
        if (subsets.length > 0) {
            const shares = subsets
                .filter(({ destination }) => hasLabels(deployment, subsetLabels(destination, virtualService, rules)))
                .map(({ weight = 100 }) => weight);
            return shares.reduce((sum, share) => sum + share, 0);
        }
    }
    return undefined;
}

function subsetLabels(
    { host, subset }: Destination,
    virtualService: KubernetesObject,
    rules: Planned<DestinationRuleSpec>[],
): Record<string, string> | undefined {
    const target = serviceOf(host, virtualService);
    const rule = rules.find((candidate) => serviceOf(candidate.spec.host, candidate) === target);
    return rule?.spec.subsets?.find(({ name }) => name === subset)?.labels;
}

function selects(service: Service, deployment: Deployment): boolean {
    return namespaceOf(service) === namespaceOf(deployment) && hasLabels(deployment, service.spec.selector);
}

/** Whether a deployment's pods have all of the labels; false for no labels. */
function hasLabels(deployment: Deployment, labels: Record<string, string> | undefined): boolean {
    const carried = deployment.spec.template?.metadata?.labels ?? {};
    return labels !== undefined && Object.entries(labels).every(([key, value]) => carried[key] === value);
}
