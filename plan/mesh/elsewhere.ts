import { ISTIO_NAMESPACE } from "../../components/istio/versions";
import type { DestinationRuleSpec, VirtualServiceSpec } from "../../components/istio/api/specs";
import { serviceOf } from "./entrances/istio";
import type { Planned } from "./objects";
import type { Workload } from "./posture/workloads";

type Routes = Planned<VirtualServiceSpec>[];
type Rules = Planned<DestinationRuleSpec>[];

/** Services managed outside this stack whose requests this stack routes inside the mesh. */
export function routedElsewhere(routes: Routes, rules: Rules, known: Set<string>) {
    const inside = routes.filter(({ spec: { gateways = ["mesh"] } }) => gateways.includes("mesh"));
    const ids = [
        ...inside.flatMap((route) => (route.spec.hosts ?? []).filter(isService).map((host) => serviceOf(host, route))),
        ...rules.filter(({ spec: { host } }) => isService(host)).map((rule) => serviceOf(rule.spec.host, rule)),
    ];
    return [...new Set(ids)]
        .filter((id) => !known.has(id) && !id.startsWith(`${ISTIO_NAMESPACE}/`))
        .map((id) => ({ id, name: nameIn(id), ports: "", urns: [] as string[] }));
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

/** Services managed outside this stack that only policies mention, by the label of their pods. */
export function mentionedElsewhere(workloads: Workload[], known: Set<string>) {
    return workloads
        .filter(({ identity, labels }) => identity === undefined && Object.keys(labels).length > 0)
        .filter((workload) => ![...known].some((id) => isCalled(workload, id)))
        .map(({ namespace, labels }) => `${namespace}/${labels.app ?? Object.values(labels)[0]}`)
        .map((id) => ({ id, name: nameIn(id), ports: "", urns: [] as string[] }));
}

/** Whether pods that only policies mention have the name of a Service: what is known of it if it is not in the plan. */
export function isCalled({ namespace, labels, identity }: Workload, service: string): boolean {
    return identity === undefined && Object.values(labels).some((label) => `${namespace}/${label}` === service);
}

/** The name of a service, without its namespace. */
export function nameIn(id: string): string {
    return id.slice(id.indexOf("/") + 1);
}

/** Whether a host is a Kubernetes Service, and not a name outside the cluster. */
function isService(host: string): boolean {
    return host !== "*" && (!host.includes(".") || host.includes(".svc"));
}
