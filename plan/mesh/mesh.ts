import type { Plan } from "../model";
import { callersOf, type Callers } from "./calls";
import { serviceOf } from "./entrances/istio";
import { externalPortWords, type Entrance, type Target } from "./entrances/entrance";
import { entrancesOf } from "./entrances/entrances";
import { idOf, kubernetesObjects, nameOf, namespaceOf, selects, type Deployment, type Service } from "./objects";
import { bypasses, isViaGateway, refusesOthers } from "./posture/egress";
import { securityObjects } from "./posture/objects";
import { workloadsOf } from "./posture/workloads";
import { routingOf, type Routing } from "./routing";
import { servicesElsewhere, versionsElsewhere, type Named } from "./elsewhere";

/** The mesh as a graph, read from the plan's Kubernetes objects. */
export interface Mesh extends Callers {
    gateways: { id: string; name: string; kind: string; listeners: string[]; urns: string[] }[];
    /** Services of the plan, and those managed outside this stack that gateways, routes or policies mention. */
    services: MeshService[];
    /** Deployments that a service selects; subsets, if they are managed outside this stack. */
    versions: Version[];
    /** Routes from a gateway to a service, with their paths. */
    routes: { gateway: string; service: string; paths: string }[];
    /** Hosts outside of the mesh that proxies know. */
    externals: External[];
    /** Whether sidecars refuse calls to other hosts. */
    refusesOthers: boolean;
    /** What does not pass a sidecar, as text. */
    bypasses: string[];
}

export interface MeshService extends Named {
    routing: Routing;
}

export interface Version {
    id: string;
    name: string;
    service: string;
    labels: Record<string, string>;
    urns: string[];
}

export interface External {
    name: string;
    hosts: string[];
    ports: string[];
    viaGateway: boolean;
    /** Timeouts and faults of its routes, as text. */
    limits: string[];
    urns: string[];
}

/** Reads gateways, the services they route to, the versions behind each service, and who calls whom. */
export function meshOf(plan: Plan): Mesh {
    const ofKind = kubernetesObjects(plan);
    const routes = ofKind("networking.istio.io/VirtualService");
    const rules = ofKind("networking.istio.io/DestinationRule");
    const services = ofKind("/Service");
    const entrances = entrancesOf(plan);
    const objects = securityObjects(plan);
    const workloads = workloadsOf(objects);
    const foreign = servicesElsewhere({ entrances, routes, rules, workloads }, services.map(idOf));
    return {
        gateways: entrances.map(({ id, name, kind, listeners, urns }) => ({
            id,
            name,
            kind,
            listeners: listeners.map(({ words }) => words),
            urns,
        })),
        services: distinct([...services.map(planned), ...foreign]).map((service) => ({
            ...service,
            routing: routingOf(service.id, routes, rules),
        })),
        versions: [
            ...services.flatMap((service) =>
                ofKind("apps/Deployment")
                    .filter((deployment) => selects(service, namespaceOf(deployment), labelsOf(deployment)))
                    .map((deployment) => versionOf(service, deployment)),
            ),
            ...foreign.flatMap(({ id }) => versionsElsewhere(id, rules)),
        ],
        routes: entrances.flatMap(routesOf),
        externals: objects.serviceEntries.map((entry) => ({
            name: nameOf(entry),
            hosts: entry.spec.hosts,
            ports: (entry.spec.ports ?? []).map(externalPortWords),
            viaGateway: isViaGateway(entry, routes),
            limits: entry.spec.hosts.flatMap((host) => routingOf(serviceOf(host, entry), routes, rules).limits),
            urns: [entry.urn],
        })),
        refusesOthers: refusesOthers(plan),
        bypasses: bypasses(plan, objects),
        ...callersOf(plan, objects, workloads, services, foreign),
    };
}

function planned(service: Service): Named {
    const ports = (service.spec.ports ?? []).map(({ port }) => port).join(", ");
    return { id: idOf(service), name: nameOf(service), ports, urns: [service.urn] };
}

/** Adds the namespace to names that several services have. */
function distinct(services: Named[]): Named[] {
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

function versionOf(service: Service, deployment: Deployment): Version {
    return {
        id: `${idOf(service)}/${idOf(deployment)}`,
        name: nameOf(deployment),
        service: idOf(service),
        labels: labelsOf(deployment),
        urns: [deployment.urn],
    };
}

function labelsOf({ spec }: Deployment): Record<string, string> {
    return (spec.template?.metadata?.labels ?? {}) as Record<string, string>;
}
