import type { PodSecurity } from "../podSecurity";
import type { WithDefaults } from "../defaults";
import { ONE_REPLICA, type Replicas } from "../replicas";
import type { Resources } from "../resources";
import type { AuthorizerProvider } from "./authorizers";
import type { GlobalArgs } from "./globalValues";
import type { MeshConfigArgs } from "./meshConfig";
import type { RevisionsArgs } from "./revisions";
import type { IstiodTracing } from "./tracing/tracingPlan";
import { CHART_REPOSITORY } from "./versions";

/** Arguments of a `ControlPlane`. */
export interface ControlPlaneArgs extends GlobalArgs, RevisionsArgs {
    /** Helm repository, OCI registry path, or folder with the charts. @default CHART_REPOSITORY */
    chartRepository?: string;
    /** Replicas of each istiod. From two on, with a PodDisruptionBudget. @default one */
    replicas?: Replicas;
    /** Requests and limits of each istiod. @default 200m CPU and 512Mi of memory requested, no limits */
    resources?: Resources;
    /** Requests and limits of each sidecar. @default 50m CPU and 64Mi of memory requested, at most 2 CPUs and 1Gi */
    proxyResources?: Resources;
    /** Networks that workloads reach without their sidecar, or the only ones that go through it. @default none */
    bypass?: {
        /** Networks in CIDR notation that are reached without the sidecar. @default none */
        cidrs?: string[];
        /** The opposite: the only networks that go through it. Not beside `cidrs`. @default all */
        allExcept?: string[];
    };
    /** Append `-shadow` to the host that mirrored requests are for. @default true, upstream's is false since Istio 1.28 */
    shadowHostSuffix?: boolean;
    /** Let proxies count what circuit breakers have left. @default true, upstream's is false since Istio 1.29 */
    circuitBreakerRemaining?: boolean;
    /** istio-cni, which redirects traffic on the nodes, so that pods need no privileges for it. @default off */
    cni?: {
        /** Install it, and rely on it in all pods. */
        enabled: boolean;
    };
    /** Pod Security Standard that istio-system enforces. @default "baseline" */
    podSecurity?: PodSecurity;
    /** Authorizers that policies may ask. @default none */
    authorizers?: AuthorizerProvider[];
    /** Mesh-wide proxy settings. @default see each */
    meshConfig?: MeshConfigArgs;
    /** Part of istiod in tracing: `istiod` of a `tracingPlan`. @default none */
    tracing?: IstiodTracing;
    /** Values of Istio's charts that no argument covers, merged over those of the arguments. @default none */
    extraValues?: {
        /** Values of the chart `base`. @default none */
        base?: Record<string, unknown>;
        /** Values of the chart `istiod`. @default none */
        istiod?: Record<string, unknown>;
        /** Values of the chart `cni`. @default none */
        cni?: Record<string, unknown>;
    };
}

/** A control plane without further arguments. */
export const CONTROL_PLANE_DEFAULTS = {
    chartRepository: CHART_REPOSITORY,
    replicas: ONE_REPLICA,
    // The chart's own, 500m and 2Gi, are for larger meshes.
    resources: { requests: { cpu: "200m", memory: "512Mi" } },
    proxyResources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "2", memory: "1Gi" } },
    shadowHostSuffix: true,
    circuitBreakerRemaining: true,
    podSecurity: "baseline",
    extraValues: {},
} satisfies ControlPlaneArgs;

/** Arguments of a control plane, complete. */
export type ResolvedControlPlaneArgs = WithDefaults<ControlPlaneArgs, typeof CONTROL_PLANE_DEFAULTS>;
