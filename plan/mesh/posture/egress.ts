import { at, type Plan } from "../../model";
import { ofType } from "../../query";
import { externalPortWords } from "../entrances/entrance";
import type { ServiceEntrySpec, VirtualServiceSpec } from "../../../components/istio/api/specs";
import { nameOf, type Planned } from "../objects";
import { text } from "../../words";
import type { SecurityObjects } from "./objects";

const BYPASS = "traffic.sidecar.istio.io/excludeOutboundIPRanges";

/** External hosts that workloads may call, and networks that bypass their sidecars. */
export function egressLines(plan: Plan, objects: SecurityObjects): string[] {
    return [
        refusesOthers(plan)
            ? "sidecars refuse what is not listed here (REGISTRY_ONLY)"
            : "sidecars allow any host (ALLOW_ANY)",
        ...objects.serviceEntries.map((entry) => entryWords(entry, objects)),
        ...bypasses(plan, objects),
    ];
}

function istiodValues(plan: Plan): unknown {
    const istiod = ofType(plan, "Release").find(({ inputs }) => at(inputs, "values", "meshConfig") !== undefined);
    return at(istiod?.inputs, "values");
}

/** Whether sidecars refuse calls to hosts that they do not know. */
export function refusesOthers(plan: Plan): boolean {
    return at(istiodValues(plan), "meshConfig", "outboundTrafficPolicy", "mode") === "REGISTRY_ONLY";
}

function entryWords(entry: Planned<ServiceEntrySpec>, objects: SecurityObjects): string {
    const { hosts, ports = [] } = entry.spec;
    const words = ports.map(externalPortWords).join(", ");
    return [
        hosts.join(", "),
        words,
        ...(isViaGateway(entry, objects.virtualServices) ? ["through the egress gateway"] : []),
    ].join(", ");
}

/** Whether calls of an external host leave through the egress gateway. */
export function isViaGateway(
    { spec: { hosts } }: Planned<ServiceEntrySpec>,
    virtualServices: Planned<VirtualServiceSpec>[],
): boolean {
    return virtualServices.some(
        (routes) => isTwoHops(routes) && routes.spec.hosts?.some((host) => hosts.includes(host)),
    );
}

/** Whether routes of the mesh send requests to a gateway, and routes of the gateway send them on. */
function isTwoHops({ spec: { gateways = [] } }: Planned<VirtualServiceSpec>): boolean {
    return gateways.includes("mesh") && gateways.length > 1;
}

/** What does not pass a sidecar, as text. */
export function bypasses(plan: Plan, { deployments }: SecurityObjects): string[] {
    const proxy = at(istiodValues(plan), "global", "proxy");
    const own = deployments.flatMap((deployment) => {
        const ranges = deployment.spec.template?.metadata?.annotations?.[BYPASS];
        return ranges === undefined ? [] : [`${nameOf(deployment)} bypasses its sidecar to ${spaced(ranges)}`];
    });
    const [excluded, included] = [at(proxy, "excludeIPRanges"), at(proxy, "includeIPRanges")];
    return [
        ...(excluded === undefined || excluded === ""
            ? []
            : [`all workloads bypass the sidecars to ${spaced(excluded)}`]),
        ...(included === undefined || included === "" || included === "*"
            ? []
            : [`all workloads bypass the sidecars, except to ${spaced(included)}`]),
        ...own,
    ];
}

/** Puts spaces after the commas of a list of ranges. */
function spaced(ranges: unknown): string {
    return text(ranges).replaceAll(",", ", ");
}
