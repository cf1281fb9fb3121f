import { ISTIO_NAMESPACE } from "../../components/istio/versions";
import type { DestinationRuleSpec, VirtualServiceSpec } from "../../components/istio/api/specs";
import { serviceOf } from "./entrances/istio";
import type { Planned } from "./objects";

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

/** The name of a service, without its namespace. */
export function nameIn(id: string): string {
    return id.slice(id.indexOf("/") + 1);
}

/** Whether a host is a Kubernetes Service, and not a name outside the cluster. */
function isService(host: string): boolean {
    return host !== "*" && (!host.includes(".") || host.includes(".svc"));
}
