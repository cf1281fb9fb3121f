import { OKE_CLUSTER_DEFAULTS } from "../components/oci/cluster";
import { contains, NETWORK_RANGES } from "../components/oci/networkRanges";
import { resolveMesh } from "../mesh/mesh";
import { growingPool } from "./guaranteed";
import { setCommand } from "./problems";
import type { Settings } from "./schema";
import { isKnownShape } from "./shapes";

type Warning = (settings: Settings) => string | undefined;

/** Networks that something is open to, where it can be reached from the internet. */
function listedNetworks({ cluster, network, gateway }: Settings): { key: string; cidr: string; isPublic: boolean }[] {
    const { endpoint } = cluster.source === "new" ? cluster : {};
    const bastion = network?.source === "new" ? network.bastion?.allowedCidrs : undefined;
    const listed = (list: string, cidrs: string[] = [], isPublic = true) =>
        cidrs.map((cidr, index) => ({ key: `${list}[${index}]`, cidr, isPublic }));
    return [
        ...listed("cluster.endpoint.allowedCidrs", endpoint?.allowedCidrs, endpoint?.public),
        ...listed("network.bastion.allowedCidrs", bastion),
        ...listed(
            "gateway.loadBalancer.allowedCidrs",
            gateway.loadBalancer?.allowedCidrs,
            !gateway.loadBalancer?.internal,
        ),
    ];
}

/** Ranges reserved for documentation: https://www.rfc-editor.org/rfc/rfc5737 */
const DOCUMENTATION = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"];

function placeholderNetworks(settings: Settings): string[] {
    return listedNetworks(settings)
        .filter(({ cidr }) => DOCUMENTATION.some((range) => contains(range, cidr)))
        .map(
            ({ key, cidr }) =>
                `${key} ${cidr} is a placeholder for documentation, which contains no real address: ${setCommand(key, "<your address>/32")}`,
        );
}

/** What is public sees the address that a router gives, never one of the network behind it. */
function privateNetworks(settings: Settings): string[] {
    return listedNetworks(settings)
        .filter(({ isPublic, cidr }) => isPublic && PRIVATE.some((range) => contains(range, cidr)))
        .map(
            ({ key, cidr }) =>
                `${key} ${cidr} is a private network, but clients come from the internet, with public addresses: ${setCommand(key, "<your address>/32")}`,
        );
}

const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

const newerShape: Warning = ({ cluster }) => {
    const unknown = cluster.source === "new" ? cluster.nodePools.filter(({ shape }) => !isKnownShape(shape)) : [];
    return unknown.length > 0
        ? `${unknown.map(({ shape }) => shape).join(", ")}: a shape that this program does not know; check that your region has it (\`oci compute shape list\`).`
        : undefined;
};

const nobodyNotified: Warning = ({ alarms }) =>
    alarms !== undefined && alarms.topicId === undefined && alarms.subscriptions.length === 0
        ? "alarms.subscriptions is empty: alarms fire, and nobody is notified."
        : undefined;

const nodesHaveTags: Warning = ({ cluster, logging, tags }) => {
    const { nodeTags = {} } = logging.oci ?? {};
    const others = Object.entries(nodeTags).filter(([name, value]) => tags.defined[name] !== value);
    return cluster.source === "new" && others.length > 0
        ? `logging.oci.nodeTags has ${others.map(([name]) => name).join(", ")}, which is not in tags.defined: no logs are collected, unless a tag default of the compartment sets it on the nodes.`
        : undefined;
};

const noSpans: Warning = ({ apm, tracing }) =>
    apm !== undefined && tracing.backend !== "apm"
        ? `apm has a domain, but tracing.backend is ${tracing.backend}: no spans reach it, and its metrics, alarms and dashboard stay empty.`
        : undefined;

const imagesUnreachable: Warning = ({ network, istio }) =>
    network?.source === "new" && !network.workerInternetAccess && istio.hub.startsWith("docker.io/")
        ? "network.workerInternetAccess is off, but istio.hub is on docker.io: nodes cannot pull its images. Set istio.hub and bookinfo.hub to copies in OCIR."
        : undefined;

const unusedRanges: Warning = ({ cluster, network }) => {
    if (cluster.source !== "new") {
        return undefined;
    }
    const native = cluster.cni === "OCI_VCN_IP_NATIVE";
    const subnets = network?.source === "new" ? network.subnets : undefined;
    const unused = [
        ...(native && cluster.podsCidr !== OKE_CLUSTER_DEFAULTS.podsCidr ? ["cluster.podsCidr"] : []),
        ...(!native && subnets && subnets.pods !== NETWORK_RANGES.pods ? ["network.subnets.pods"] : []),
    ];
    return unused.length > 0 ? `${unused.join(" and ")} has no effect with cluster.cni ${cluster.cni}.` : undefined;
};

/** Of a public zone, everybody can ask. Private zones belong to a region, which their OCIDs name. */
const publishedPrivateAddress: Warning = ({ gateway: { dns, loadBalancer } }) => {
    const isPublicZone = dns !== undefined && dns.viewId === undefined && !/^ocid1\.[^.]+\.[^.]+\.[^.]/.test(dns.zone);
    return isPublicZone && loadBalancer?.internal
        ? `gateway.dns.zone ${dns.zone} is public, but the load balancer's address is private: everybody can look it up, and only your networks reach it. For a private zone: ${setCommand("gateway.dns.viewId", "<ocid1.dnsview...>")}`
        : undefined;
};

const anyHostHasNoRecord: Warning = (settings) =>
    settings.gateway.dns && resolveMesh(settings).hosts.some(({ host }) => host === "*")
        ? "gateway.dns makes no record for the host `*`: DNS needs a name."
        : undefined;

const autoscalerElsewhere: Warning = ({ cluster, network }) =>
    cluster.source === "new" && network?.source === "existing" && growingPool(cluster) >= 0
        ? "cluster.nodePools grow with a policy for compartmentId alone: if network is in another compartment, the autoscaler needs one there too (docs/cluster.md)."
        : undefined;

const WARNINGS = [
    autoscalerElsewhere,
    publishedPrivateAddress,
    anyHostHasNoRecord,
    newerShape,
    nobodyNotified,
    nodesHaveTags,
    noSpans,
    imagesUnreachable,
    unusedRanges,
];

/** What is allowed on OCI, but worth a second look. */
export function ociWarnings(settings: Settings): string[] {
    const texts = WARNINGS.map((warning) => warning(settings)).filter((text) => text !== undefined);
    return [...texts, ...placeholderNetworks(settings), ...privateNetworks(settings)];
}
