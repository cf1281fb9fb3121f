import type * as pulumi from "@pulumi/pulumi";
import { ANNOTATIONS } from "../annotations";
import type { WithDefaults } from "../defaults";
import { checkReplicas, isAutoscaled, ONE_REPLICA, spreadOverNodes, type Replicas } from "../replicas";
import type { Resources } from "../resources";
import type { GatewayValues } from "./values";
import { CHART_REPOSITORY, ISTIO_VERSION } from "./versions";

/** What gateways of both directions have in common. */
export interface GatewayDeploymentArgs {
    /** Istio release of the chart: that of the istiod that serves it. @default ISTIO_VERSION */
    version?: string;
    /** Revision of that istiod. @default the one that is upgraded in place */
    revision?: string;
    /** Helm repository, OCI registry path, or folder with the chart. @default CHART_REPOSITORY */
    chartRepository?: string;
    /** Namespace: that of the control plane, where the guide's selectors, TLS Secrets and Ingress status expect it. */
    namespace: pulumi.Input<string>;
    /** Image pull Secrets that exist in the namespace. @default none */
    imagePullSecrets?: string[];
    /** Replicas of the proxy. From two on, with a PodDisruptionBudget. @default one */
    replicas?: Replicas;
    /** Requests and limits of the proxy. @default 100m CPU and 128Mi of memory requested, at most 2 CPUs and 1Gi */
    resources?: Resources;
    /** Let its pods be reached at their own ports only, by a NetworkPolicy. @default false */
    networkPolicies?: boolean;
    /** Values of the chart `gateway` that no argument covers, merged over those of the arguments. @default none */
    extraValues?: Record<string, unknown>;
}

/** An ingress gateway without further arguments. */
export const GATEWAY_DEFAULTS = {
    version: ISTIO_VERSION,
    chartRepository: CHART_REPOSITORY,
    imagePullSecrets: [],
    replicas: ONE_REPLICA,
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "2", memory: "1Gi" } },
    networkPolicies: false,
} satisfies Partial<GatewayDeploymentArgs>;

/** An egress gateway without further arguments. */
export const EGRESS_GATEWAY_DEFAULTS = {
    ...GATEWAY_DEFAULTS,
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "2", memory: "1Gi" } },
} satisfies Partial<GatewayDeploymentArgs>;

/** What the charts of both gateways are told alike: how their proxies run. */
export function gatewayDeployment(
    {
        version,
        revision,
        imagePullSecrets,
        replicas,
        resources,
        networkPolicies,
    }: WithDefaults<GatewayDeploymentArgs, typeof GATEWAY_DEFAULTS>,
    labels: GatewayValues["labels"],
): Omit<GatewayValues, "service"> {
    checkReplicas(replicas);
    return {
        ...(revision !== undefined && { revision }),
        labels,
        // Proxies keep running the old version after an upgrade until their pods restart; this restarts them.
        podAnnotations: { [ANNOTATIONS.istioVersion]: version },
        ...(isAutoscaled(replicas)
            ? { autoscaling: { enabled: true, minReplicas: replicas.min, maxReplicas: replicas.max } }
            : { autoscaling: { enabled: false }, replicaCount: replicas.min }),
        podDisruptionBudget: replicas.min > 1 ? { minAvailable: 1 } : undefined,
        topologySpreadConstraints: spreadOverNodes(replicas, { istio: labels.istio }),
        resources,
        imagePullSecrets: imagePullSecrets.map((secret) => ({ name: secret })),
        // The chart's own, and what the restricted Pod Security Standard requires besides.
        securityContext: {
            sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
            seccompProfile: { type: "RuntimeDefault" },
        },
        global: { networkPolicy: { enabled: networkPolicies } },
    };
}
