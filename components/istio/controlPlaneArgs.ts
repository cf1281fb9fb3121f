import type { PodSecurity } from "../podSecurity";
import type { Replicas } from "../replicas";
import type { Resources } from "../resources";
import type { AuthorizerProvider } from "./authorizers";
import type { GlobalArgs } from "./globalValues";
import type { MeshConfigArgs } from "./meshConfig";
import type { RevisionsArgs } from "./revisions";
import type { IstiodTracing } from "./tracing/tracingPlan";

export interface ControlPlaneArgs extends GlobalArgs, RevisionsArgs {
    /** Helm repository, OCI registry path, or folder with the charts. */
    chartRepository: string;
    /** Replicas of each istiod. From two on, with a PodDisruptionBudget. */
    replicas: Replicas;
    /** Requests and limits of each istiod. */
    resources: Resources;
    /** Requests and limits of each sidecar. */
    proxyResources: Resources;
    /** Networks that workloads reach without their sidecar, or the only ones that go through it. @default none */
    bypass?: { cidrs: string[]; allExcept: string[] };
    /** Append `-shadow` to the host that mirrored requests are for. @default true, upstream's is false since Istio 1.28 */
    shadowHostSuffix?: boolean;
    /** Let proxies count what circuit breakers have left. @default true, upstream's is false since Istio 1.29 */
    circuitBreakerRemaining?: boolean;
    /** Redirect traffic by a plugin on the nodes, so that pods need no privileges for it. @default off */
    cni?: { enabled: boolean };
    /** Pod Security Standard that the namespace enforces. @default "baseline" */
    podSecurity?: PodSecurity;
    /** Authorizers that policies may ask. @default none */
    authorizers?: AuthorizerProvider[];
    /** Mesh-wide proxy settings. */
    meshConfig: MeshConfigArgs;
    /** Part of istiod in tracing. @default none */
    tracing?: IstiodTracing;
    /** Chart values that no argument covers. */
    extraValues: { base: Record<string, unknown>; istiod: Record<string, unknown>; cni?: Record<string, unknown> };
}
