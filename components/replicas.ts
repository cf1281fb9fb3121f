import { wrongArgument } from "./wrongArgument";
import type { TopologySpreadConstraint } from "./istio/values";

/** How many replicas run always, and how many under load. */
export interface Replicas {
    /** Replicas that always run, 1 at least. */
    min: number;
    /** Replicas under load. More than `min` makes a HorizontalPodAutoscaler, which needs a metrics server. */
    max: number;
}

export const ONE_REPLICA: Replicas = { min: 1, max: 1 };

/** Refuses fewer replicas under load than always. */
export function checkReplicas({ min, max }: Replicas): void {
    if (min > max) {
        throw wrongArgument("replicas", `has min ${min}, above max ${max}`);
    }
}

/** Whether a HorizontalPodAutoscaler decides; a Deployment must not set `replicas` then. */
export function isAutoscaled({ min, max }: Replicas): boolean {
    return max > min;
}

/**
 * Replicas go to different availability domains and nodes where there are some. A preference, not a condition:
 * in a region with one availability domain, or while a node is being replaced, they still run.
 */
export function spreadOverNodes(
    replicas: Replicas,
    matchLabels: Record<string, string>,
): TopologySpreadConstraint[] | undefined {
    const keys = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"] as const;
    return replicas.max > 1
        ? keys.map((topologyKey) => ({
              maxSkew: 1,
              topologyKey,
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels },
          }))
        : undefined;
}
