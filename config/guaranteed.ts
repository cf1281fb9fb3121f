import type { OciSettings } from "./oci";
import type { Settings } from "./schema";
import type { ExistingClusterSettings, KubeconfigClusterSettings, NewClusterSettings } from "./schema/cluster";
import type { ExistingNetworkSettings, NetworkSettings } from "./schema/network";

/** Where the mesh goes, with what each kind of cluster cannot do without. */
export type Ground =
    | {
          source: "new";
          cluster: NewClusterSettings;
          network: NetworkSettings;
          compartmentId: string;
          /** Defined if a node pool grows, whose policy is written in the tenancy's home region. */
          tenancyId?: string;
      }
    | { source: "existing"; cluster: ExistingClusterSettings; network: ExistingNetworkSettings }
    | { source: "kubeconfig"; cluster: KubeconfigClusterSettings; network?: ExistingNetworkSettings };

interface Placed {
    compartmentId: string;
}

type Apm = NonNullable<Settings["apm"]>;

/** What OCI sees of the mesh, each part with what it cannot do without. */
export interface Observability {
    signIn: OciSettings;
    apm?: Extract<Apm, { source: "existing" }> | (Extract<Apm, { source: "new" }> & Placed);
    logs?: NonNullable<Settings["logging"]["oci"]> & Placed & { tenancyId: string };
    alarms?: NonNullable<Settings["alarms"]> & Placed;
}

type ReservedIpSettings = NonNullable<NonNullable<Settings["gateway"]["loadBalancer"]>["reservedIp"]>;

/** The address that the gateway keeps. */
export type ReservedIp =
    | Extract<ReservedIpSettings, { source: "existing" }>
    | (Extract<ReservedIpSettings, { source: "new" }> & Placed & { protect: boolean });

/** What the rules between sections see to, as types. */
export interface Guaranteed {
    ground: Ground;
    /** Undefined where nothing on OCI sees the mesh. */
    observability: Observability | undefined;
    /** Undefined where the gateway's address goes with its load balancer. */
    reservedIp: ReservedIp | undefined;
}

/** Undefined where something is missing: the rules have said what. */
export function guaranteed(settings: Settings, signIn: OciSettings | undefined): Guaranteed | undefined {
    const ground = groundOf(settings, signIn);
    const observability = observabilityOf(settings, signIn);
    const reservedIp = reservedIpOf(settings);
    return ground && observability !== "incomplete" && reservedIp !== "incomplete"
        ? { ground, observability, reservedIp }
        : undefined;
}

/** Index of the first node pool that grows, or -1. */
export function growingPool({ nodePools }: NewClusterSettings): number {
    return nodePools.findIndex(({ autoscaling }) => autoscaling !== undefined);
}

function groundOf({ cluster, network, compartmentId }: Settings, signIn: OciSettings | undefined): Ground | undefined {
    switch (cluster.source) {
        case "new": {
            const tenancyId = growingPool(cluster) < 0 ? undefined : signIn?.tenancyOcid;
            return network && compartmentId !== undefined && (tenancyId !== undefined || growingPool(cluster) < 0)
                ? { source: "new", cluster, network, compartmentId, tenancyId }
                : undefined;
        }
        case "existing":
            return network?.source === "existing" ? { source: "existing", cluster, network } : undefined;
        case "kubeconfig":
            return network?.source === "new" ? undefined : { source: "kubeconfig", cluster, network };
    }
}

function observabilityOf(
    { apm, alarms, logging, compartmentId }: Settings,
    signIn: OciSettings | undefined,
): Observability | "incomplete" | undefined {
    const { oci } = logging;
    if (!apm && !alarms && !oci) {
        return undefined;
    }
    if (!signIn) {
        return "incomplete";
    }
    if (apm?.source === "existing" && !alarms && !oci) {
        return { signIn, apm };
    }
    const tenancyId = signIn.tenancyOcid;
    if (compartmentId === undefined || (oci && tenancyId === undefined)) {
        return "incomplete";
    }
    return {
        signIn,
        apm: apm?.source === "new" ? { ...apm, compartmentId } : apm,
        logs: oci && tenancyId !== undefined ? { ...oci, compartmentId, tenancyId } : undefined,
        alarms: alarms && { ...alarms, compartmentId },
    };
}

/** A new address is protected like the cluster, unless it is said otherwise. */
function reservedIpOf({ gateway, cluster, compartmentId }: Settings): ReservedIp | "incomplete" | undefined {
    const { reservedIp } = gateway.loadBalancer ?? {};
    if (reservedIp?.source !== "new") {
        return reservedIp;
    }
    const { protect = cluster.source === "new" && cluster.protect } = reservedIp;
    return compartmentId === undefined ? "incomplete" : { ...reservedIp, protect, compartmentId };
}
