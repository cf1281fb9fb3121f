import { at, type Plan } from "../../model";
import { ofType } from "../../query";
import { externalPortWords } from "../ways/way";
import type { ServiceEntrySpec, VirtualServiceSpec } from "../../../components/istio/api/specs";
import { nameOf, type Planned } from "../objects";
import { text } from "../../words";
import type { SecurityObjects } from "./objects";

const BYPASS = "traffic.sidecar.istio.io/excludeOutboundIPRanges";

/** What workloads may call outside, and what goes past their sidecars. */
export function egressLines(plan: Plan, objects: SecurityObjects): string[] {
    return [
        modeWords(plan),
        ...objects.serviceEntries.map((entry) => entryWords(entry, objects)),
        ...bypasses(plan, objects),
    ];
}

function istiodValues(plan: Plan): unknown {
    const istiod = ofType(plan, "Release").find(({ inputs }) => at(inputs, "values", "meshConfig") !== undefined);
    return at(istiod?.inputs, "values");
}

function modeWords(plan: Plan): string {
    const mode = at(istiodValues(plan), "meshConfig", "outboundTrafficPolicy", "mode");
    return mode === "REGISTRY_ONLY"
        ? "sidecars refuse what is not listed here (REGISTRY_ONLY)"
        : "sidecars let any host through (ALLOW_ANY)";
}

function entryWords({ spec }: Planned<ServiceEntrySpec>, { virtualServices }: SecurityObjects): string {
    const { hosts, ports = [] } = spec;
    const viaGateway = virtualServices.some(
        (routes) => isTwoHops(routes) && routes.spec.hosts?.some((host) => hosts.includes(host)),
    );
    const words = ports.map(externalPortWords).join(", ");
    return [hosts.join(", "), words, ...(viaGateway ? ["through the egress gateway"] : [])].join(", ");
}

/** Whether requests are led to a gateway by routes of the mesh, and on by those of the gateway. */
function isTwoHops({ spec: { gateways = [] } }: Planned<VirtualServiceSpec>): boolean {
    return gateways.includes("mesh") && gateways.length > 1;
}

function bypasses(plan: Plan, { deployments }: SecurityObjects): string[] {
    const proxy = at(istiodValues(plan), "global", "proxy");
    const own = deployments.flatMap((deployment) => {
        const ranges = deployment.spec.template?.metadata?.annotations?.[BYPASS];
        return ranges === undefined ? [] : [`${nameOf(deployment)} past its sidecar to ${spaced(ranges)}`];
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
    return text(ranges).replaceAll(",", ", ");
}
