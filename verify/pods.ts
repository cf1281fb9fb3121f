import { carries } from "../plan/mesh/objects";
import type { Cluster, Container, LiveObject } from "./cluster";

export interface ContainerStatus {
    name: string;
    ready: boolean;
    state?: { waiting?: { reason?: string; message?: string }; terminated?: { reason?: string } };
}

export interface Pod extends LiveObject {
    spec: {
        nodeName?: string;
        containers: { name: string; image: string; ports?: { name?: string; containerPort: number }[] }[];
        initContainers?: { name: string; image: string; restartPolicy?: string }[];
    };
    status: {
        phase: string;
        podIP?: string;
        conditions?: { type: string; status: string; message?: string }[];
        containerStatuses?: ContainerStatus[];
        initContainerStatuses?: ContainerStatus[];
    };
}

export const SIDECAR = "istio-proxy";

/** Whether a pod, or the template of pods, has all of these labels. */
export function hasLabels(
    { metadata }: { metadata?: Pick<LiveObject["metadata"], "labels"> },
    labels: Record<string, string>,
): boolean {
    return carries(metadata?.labels ?? {}, labels);
}

/** The pods of a workload that are not on their way out. */
export async function podsOf(
    cluster: Pick<Cluster, "list">,
    namespace: string,
    selector: Record<string, string>,
): Promise<Pod[]> {
    const pods = await cluster.list<Pod>("v1", "Pod", namespace);
    return pods.filter((pod) => hasLabels(pod, selector) && pod.metadata.deletionTimestamp === undefined);
}

export function isReady({ status }: Pod): boolean {
    return status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;
}

/** Whether a proxy stands beside the application: since Kubernetes has native sidecars, among the init containers. */
export function hasSidecar({ spec }: Pod): boolean {
    return [...spec.containers, ...(spec.initContainers ?? [])].some(({ name }) => name === SIDECAR);
}

/** The image of a container of a pod. */
export function imageOf({ spec }: Pod, name: string): string | undefined {
    return [...spec.containers, ...(spec.initContainers ?? [])].find((container) => container.name === name)?.image;
}

/** The application's container: the first that is no proxy. */
export function applicationOf({ metadata, spec }: Pod): Container {
    const container = spec.containers.find(({ name }) => name !== SIDECAR)?.name ?? SIDECAR;
    return { namespace: metadata.namespace ?? "", pod: metadata.name, container };
}

export function sidecarOf({ metadata }: Pod): Container {
    return { namespace: metadata.namespace ?? "", pod: metadata.name, container: SIDECAR };
}
