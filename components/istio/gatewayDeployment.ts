import type * as pulumi from "@pulumi/pulumi";
import { ANNOTATIONS } from "../annotations";
import { isAutoscaled, spreadOverNodes, type Replicas } from "../replicas";
import type { Resources } from "../resources";
import type { GatewayValues } from "./values";

/** What gateways of both directions have in common. */
export interface GatewayDeploymentArgs {
    /** Istio release of the chart, such as 1.31.4: that of the istiod that serves it. */
    version: string;
    /** Revision of that istiod. @default the one that is upgraded in place */
    revision?: string;
    /** Helm repository, OCI registry path, or folder with the chart. */
    chartRepository: string;
    /** Namespace: that of the control plane, where the guide's selectors, TLS Secrets and Ingress status expect it. */
    namespace: pulumi.Input<string>;
    /** Image pull Secrets that exist in the namespace. */
    imagePullSecrets: string[];
    /** Replicas of the proxy. From two on, with a PodDisruptionBudget. */
    replicas: Replicas;
    /** Requests and limits of the proxy. */
    resources: Resources;
    /** Let its pods be reached at their own ports only, by a NetworkPolicy. @default false */
    networkPolicies?: boolean;
    /** Chart values that no argument covers. */
    extraValues: Record<string, unknown>;
}

/** What the charts of both gateways are told alike: how their proxies run. */
export function gatewayDeployment(
    { version, revision, imagePullSecrets, replicas, resources, networkPolicies = false }: GatewayDeploymentArgs,
    labels: GatewayValues["labels"],
): Omit<GatewayValues, "service"> {
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
