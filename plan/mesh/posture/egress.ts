import { at, isMap, type Plan } from "../../model";
import { ofType } from "../../query";
import { externalPortWords } from "../ways/way";
import { word, type KubernetesObject } from "../objects";
import { items, list } from "../../words";
import type { SecurityObjects } from "./objects";

const BYPASS = "traffic.sidecar.istio.io/excludeOutboundIPRanges";

/** What workloads may call outside, and what goes past their sidecars. */
export function egressLines(plan: Plan, objects: SecurityObjects): string[] {
    return [modeWords(plan), ...objects.serviceEntries.map((entry) => entryWords(entry, objects)), ...bypasses(plan)];
}

function istiodValues(plan: Plan): unknown {
    const istiod = ofType(plan, "Release").find(({ inputs }) => at(inputs, "values", "meshConfig") !== undefined);
    return at(istiod?.inputs, "values");
}

function modeWords(plan: Plan): string {
    const mode = word(at(istiodValues(plan), "meshConfig", "outboundTrafficPolicy", "mode"), "ALLOW_ANY");
    return mode === "REGISTRY_ONLY"
        ? "sidecars refuse what is not listed here (REGISTRY_ONLY)"
        : "sidecars let any host through (ALLOW_ANY)";
}

function entryWords(entry: KubernetesObject, { virtualServices }: SecurityObjects): string {
    const hosts = items(at(entry, "spec", "hosts"));
    const ports = list(items(at(entry, "spec", "ports")).map(externalPortWords));
    const viaGateway = virtualServices.some(
        (routes) => isTwoHops(routes) && items(at(routes, "spec", "hosts")).some((host) => hosts.includes(host)),
    );
    return [list(hosts), ports, ...(viaGateway ? ["through the egress gateway"] : [])].join(", ");
}

/** Whether requests are led to a gateway by routes of the mesh, and on by those of the gateway. */
function isTwoHops(routes: KubernetesObject): boolean {
    const gateways = items(at(routes, "spec", "gateways"));
    return gateways.includes("mesh") && gateways.length > 1;
}

function bypasses(plan: Plan): string[] {
    const proxy = at(istiodValues(plan), "global", "proxy");
    const own = ofType(plan, "Deployment").flatMap(({ name, inputs }) => {
        const annotations = at(inputs, "spec", "template", "metadata", "annotations");
        const ranges = isMap(annotations) ? annotations[BYPASS] : undefined;
        return ranges === undefined
            ? []
            : [`${word(at(inputs, "metadata", "name"), name)} past its sidecar to ${spaced(ranges)}`];
    });
    const [excluded, included] = [at(proxy, "excludeIPRanges"), at(proxy, "includeIPRanges")];
    return [
        ...(excluded === undefined || excluded === "" ? [] : [`everybody past the sidecars to ${spaced(excluded)}`]),
        ...(included === undefined || included === "" || included === "*"
            ? []
            : [`everybody past the sidecars to all but ${spaced(included)}`]),
        ...own,
    ];
}

/** Ranges stand in one text with commas between them. */
function spaced(ranges: unknown): string {
    return word(ranges).replaceAll(",", ", ");
}
