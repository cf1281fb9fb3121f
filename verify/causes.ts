import type { Cause } from "./check";
import { hasSidecar, imageOf, isReady, SIDECAR, type Pod } from "./pods";

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

/** What the flags of an access-log line say. https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#response-flags */
const FLAGS: Record<string, Cause> = {
    UF: {
        what: "The proxy could not connect to the service (UF).",
        fix: "Check that the service listens, and that both sides agree about mutual TLS.",
    },
    UC: {
        what: "The service closed the connection (UC).",
        fix: "Often one side speaks mutual TLS and the other does not: check sidecars and PeerAuthentication.",
    },
    UH: {
        what: "The service has no healthy pod (UH).",
        fix: "Check its pods, and whether outlier detection took them out.",
    },
    NR: {
        what: "No route fits the request (NR).",
        fix: "Check host and path, the port's protocol, and versions that routes name.",
    },
    NC: {
        what: "The route leads to a cluster that does not exist (NC).",
        fix: "A DestinationRule lacks the version that the route names.",
    },
    UO: {
        what: "The circuit breaker refused the request (UO).",
        fix: "Its limits are in traffic.services.<name>.connectionPool.",
    },
    RBAC: {
        what: "An AuthorizationPolicy denied the request.",
        fix: "Compare the policies with security.authorization.",
        command: "kubectl get authorizationpolicies -A",
    },
};

/** The likely causes of an answer that should not be, by what it and its proxies say. */
export function answerTrouble(status: number, body: string, flags: string[] = []): Cause[] {
    const said = [
        ...(status === 403 && /RBAC/.test(body) ? ["RBAC"] : []),
        ...flags,
        ...(/no healthy upstream/.test(body) ? ["UH"] : []),
        ...(/upstream connect error/.test(body) ? ["UF"] : []),
    ];
    return [...new Set(said)].flatMap((flag) => FLAGS[flag] ?? []);
}
