import { ISTIO_NAMESPACE } from "../../components/istio/versions";
import type { Entrance } from "./entrances/entrance";
import { serviceOf } from "./entrances/istio";
import type { Workload } from "./posture/workloads";
import type { Routes, Rules } from "./routing";

/** A service, as far as its name says what it is. */
export interface Named {
    id: string;
    name: string;
    ports: string;
    urns: string[];
}

interface Mentions {
    entrances: Entrance[];
    routes: Routes;
    rules: Rules;
    workloads: Workload[];
}

/** Services managed outside this stack that gateways, routes or policies mention, each once. `known` are the plan's own. */
export function servicesElsewhere({ entrances, routes, rules, workloads }: Mentions, known: string[]): Named[] {
    const found = new Map<string, Named>();
    const add = (id: string, ports = "") => {
        if (!known.includes(id) && !found.has(id)) {
            found.set(id, { id, name: nameIn(id), ports, urns: [] });
        }
    };
    portsAtGateways(entrances).forEach((port, service) => add(service, port));
    routed(routes, rules).forEach((id) => add(id));
    const ids = [...known, ...found.keys()];
    mentioned(workloads, ids).forEach((id) => add(id));
    return [...found.values()];
}

/** The port of each service that a gateway routes to. */
function portsAtGateways(entrances: Entrance[]): Map<string, string> {
    const targets = entrances.flatMap(({ listeners }) => listeners.flatMap((listener) => listener.targets));
    return new Map(targets.map(({ service, port }) => [service, port]));
}

/** Services whose requests are routed inside the mesh. */
function routed(routes: Routes, rules: Rules): string[] {
    const inside = routes.filter(({ spec: { gateways = ["mesh"] } }) => gateways.includes("mesh"));
    const ids = [
        ...inside.flatMap((route) => (route.spec.hosts ?? []).filter(isService).map((host) => serviceOf(host, route))),
        ...rules.filter(({ spec: { host } }) => isService(host)).map((rule) => serviceOf(rule.spec.host, rule)),
    ];
    return ids.filter((id) => !id.startsWith(`${ISTIO_NAMESPACE}/`));
}

/** Services that only policies mention, by the label of their pods. */
function mentioned(workloads: Workload[], known: string[]): string[] {
    return workloads
        .filter(({ identity, labels }) => identity === undefined && Object.keys(labels).length > 0)
        .filter((workload) => !known.some((id) => isCalled(workload, id)))
        .map(({ namespace, labels }) => `${namespace}/${labels.app ?? Object.values(labels)[0]}`);
}

/** The versions that DestinationRules tell apart: what is known of pods that are managed outside this stack. */
export function versionsElsewhere(service: string, rules: Rules) {
    const subsets = rules
        .filter((rule) => serviceOf(rule.spec.host, rule) === service)
        .flatMap(({ spec }) => spec.subsets ?? []);
    return subsets.map(({ name, labels = {} }) => ({
        id: `${service}/subset ${name}`,
        name: `${nameIn(service)} ${name}`,
        service,
        labels,
        urns: [] as string[],
    }));
}

/** Whether pods that only policies mention have the name of a Service: what is known of it if it is not in the plan. */
export function isCalled({ namespace, labels, identity }: Workload, service: string): boolean {
    return identity === undefined && Object.values(labels).some((label) => `${namespace}/${label}` === service);
}

/** The name of a service, without its namespace. */
function nameIn(id: string): string {
    return id.slice(id.indexOf("/") + 1);
}

/** Whether a host is a Kubernetes Service, and not a name outside the cluster. */
function isService(host: string): boolean {
    return host !== "*" && (!host.includes(".") || host.includes(".svc"));
}
