import type * as pulumi from "@pulumi/pulumi";
import type { Resources } from "../resources";
import type { GlobalValues } from "./globalValues";

/**
 * The values of Istio's charts that this program sets. A key the chart does not know is a compile error here; whatever
 * else a chart can do goes through the release's `extraValues`.
 * Charts: https://github.com/istio/istio/tree/release-1.31/manifests/charts
 */
export interface TopologySpreadConstraint {
    maxSkew: number;
    topologyKey: "kubernetes.io/hostname" | "topology.kubernetes.io/zone";
    whenUnsatisfiable: "ScheduleAnyway" | "DoNotSchedule";
    labelSelector: { matchLabels: Record<string, string> };
}

export interface BaseValues {
    /** Revision whose istiod validates Istio objects. Without it, nothing validates them. */
    defaultRevision: string;
}

/** A variable of a container, taken from a Secret. */
export interface SecretVariable {
    name: string;
    valueFrom: { secretKeyRef: { name: string; key: string } };
}

/** What the cni chart is given. */
export interface CniValues {
    /** Image with its digest, instead of `hub` and version. */
    image?: string;
    global: GlobalValues;
}

export interface SeccompProfile {
    type: "RuntimeDefault";
}

export interface GatewayValues {
    /** Revision whose istiod injects its proxies. The chart's own: the default revision. */
    revision?: string;
    /** `istio` is what Istio Gateways select by, `app` what `kubectl` users look for. */
    labels: { app: string; istio: string };
    podAnnotations: Record<string, pulumi.Input<string>>;
    replicaCount?: number;
    autoscaling: { enabled: boolean; minReplicas?: number; maxReplicas?: number };
    podDisruptionBudget?: { minAvailable: number };
    topologySpreadConstraints?: TopologySpreadConstraint[];
    resources: Resources;
    imagePullSecrets?: { name: string }[];
    env?: Record<string, string>;
    volumes?: { name: string; secret: { secretName: string } }[];
    volumeMounts?: { name: string; mountPath: string; readOnly: boolean }[];
    securityContext: { sysctls: { name: string; value: string }[]; seccompProfile: SeccompProfile };
    service: {
        type: "LoadBalancer" | "NodePort" | "ClusterIP";
        ports: { name: string; port: number; protocol: "TCP"; targetPort: number }[];
        annotations?: Record<string, pulumi.Input<string>>;
        externalTrafficPolicy?: "Local";
        loadBalancerIP?: pulumi.Input<string>;
    };
    global: { networkPolicy: { enabled: boolean } };
}
