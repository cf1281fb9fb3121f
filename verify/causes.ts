import type { Cause } from "./check";
import type { Cluster, LiveObject } from "./cluster";
import { hasLabels, hasSidecar, imageOf, isReady, SIDECAR, type Pod } from "./pods";

/** What keeps a pod from serving, likeliest cause first; nothing if it is ready. */
export function podTrouble(pod: Pod): Cause[] {
    const { name, namespace } = pod.metadata;
    if (isReady(pod)) {
        return [];
    }
    const waiting = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])].flatMap(
        (container) => (container.state?.waiting ? [{ container: container.name, ...container.state.waiting }] : []),
    );
    const describe = `kubectl describe pod ${name} -n ${namespace}`;
    if (imageOf(pod, SIDECAR) === "auto" || pod.spec.containers.some(({ image }) => image === "auto")) {
        return [
            {
                what: `${name} has the image "auto", which injection should have replaced.`,
                fix: "istiod's webhook was not reached when the pod was created: check the webhook and delete the pod.",
                command: `kubectl delete pod ${name} -n ${namespace}`,
            },
        ];
    }
    const setUp = waiting.find(({ container }) => /^istio-(init|validation)$/.test(container));
    if (setUp?.reason !== undefined && setUp.reason !== "PodInitializing") {
        return [
            {
                what: `${name}: ${setUp.container} cannot redirect the pod's traffic: ${setUp.reason}`,
                fix: "The node lacks iptables' kernel modules, or istio-cni does not run on it: read its log.",
                command: `kubectl logs ${name} -n ${namespace} -c ${setUp.container}`,
            },
        ];
    }
    const blocked = waiting.filter(({ reason }) => reason !== undefined && reason !== "PodInitializing");
    if (blocked.length > 0) {
        return blocked.map(({ container, reason, message }) => {
            const what = `${name}: container ${container} is waiting: ${[reason, message].filter(Boolean).join(", ")}`;
            const log = `kubectl logs ${name} -n ${namespace} -c ${container} --previous`;
            return /image/i.test(reason ?? "")
                ? { what, fix: "Check the image's name, its registry and the pull Secret.", command: describe }
                : { what, fix: "Read its log of the run before.", command: log };
        });
    }
    const unscheduled = pod.status.conditions?.find(({ type, status }) => type === "PodScheduled" && status !== "True");
    if (unscheduled) {
        const what = `${name} has no node: ${unscheduled.message ?? "no reason given"}`;
        return [{ what, fix: "Add nodes, or lower its requests.", command: describe }];
    }
    return [{ what: `${name} is not ready yet.`, fix: "Wait, or read its events.", command: describe }];
}

/** A pod that runs without its proxy: it takes no policies, and STRICT cuts it off. */
export function withoutSidecar(pods: Pod[]): Cause[] {
    return pods
        .filter((pod) => !hasSidecar(pod))
        .map(({ metadata: { name, namespace } }) => ({
            what: `${name} has no sidecar.`,
            fix: "Check that its namespace is labelled and nothing opts it out, then restart it: pods are injected when they start.",
            command: `kubectl get namespace ${namespace} --show-labels; kubectl rollout restart deployment -n ${namespace}`,
        }));
}

interface Deployment extends LiveObject {
    spec: { template: { metadata?: { labels?: Record<string, string> } } };
    status: { conditions?: { type: string; status: string; message?: string }[] };
}

/** Why Deployments cannot create the pods of a workload, as they say: often that istiod's webhook does not answer. */
export async function notCreated(
    cluster: Pick<Cluster, "list">,
    namespace: string,
    selector: Record<string, string>,
): Promise<Cause[]> {
    const all = await cluster.list<Deployment>("apps/v1", "Deployment", namespace);
    const ours = all.filter(({ spec }) => hasLabels(spec.template, selector));
    return ours.flatMap(({ metadata, status }) =>
        (status.conditions ?? [])
            .filter(({ type, status: is }) => type === "ReplicaFailure" && is === "True")
            .map(({ message = "no reason given" }) => ({
                what: `${metadata.name} cannot create pods: ${message}`,
                fix: /webhook/.test(message)
                    ? "istiod's webhook cannot be reached: look whether istiod runs, and whether the API server may connect to its port 15017."
                    : "Remove what the message names.",
                command: `kubectl get pods,endpointslices -n ${/webhook/.test(message) ? "istio-system -l app=istiod" : namespace}`,
            })),
    );
}
