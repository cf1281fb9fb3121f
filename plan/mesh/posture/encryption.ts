import { at, isMap } from "../../model";
import { nameOf, namespaceOf, word, type KubernetesObject } from "../objects";
import { ROOT_NAMESPACE, selectorOf } from "./objects";
import { covers, type Workload } from "./workloads";

/** What a workload accepts: by its own setting, its namespace's, the mesh's, or else Istio's default. */
export function mtlsMode(peers: KubernetesObject[], workload: Workload): string {
    const policies = peers.filter((policy) => covers(policy, workload));
    const whole = (namespace: string) =>
        policies.find((policy) => !selectorOf(policy) && namespaceOf(policy) === namespace);
    const own = policies.find((policy) => selectorOf(policy));
    const modes = [own, whole(workload.namespace), whole(ROOT_NAMESPACE)].map(modeOf);
    return modes.find((mode) => mode !== undefined) ?? "PERMISSIVE";
}

/** What is encrypted, and whom that cuts off. */
export function encryptionLines(peers: KubernetesObject[], workloads: Workload[]): string[] {
    const mesh = peers.find((policy) => namespaceOf(policy) === ROOT_NAMESPACE && !selectorOf(policy));
    const strict = workloads.some((workload) => workload.injected && mtlsMode(peers, workload) === "STRICT");
    const outside = workloads.filter(({ injected }) => !injected).map(({ name }) => name);
    return [
        modeOf(mesh) === "STRICT"
            ? "mutual TLS STRICT: plain text is refused"
            : "mutual TLS PERMISSIVE: between sidecars, and plain text is accepted beside it",
        ...peers.filter((policy) => policy !== mesh).map(difference),
        ...(strict && outside.length > 0 ? [`cut off by STRICT for want of a sidecar: ${outside.join(", ")}`] : []),
        ...(strict ? ["as before under STRICT: the kubelet's probes and merged metrics, at 15020 and 15021"] : []),
    ];
}

function modeOf(policy: KubernetesObject | undefined): string | undefined {
    const mode = at(policy, "spec", "mtls", "mode");
    return mode === undefined || mode === "UNSET" ? undefined : word(mode);
}

function difference(policy: KubernetesObject): string {
    const ports = at(policy, "spec", "portLevelMtls");
    const byPort = Object.entries(isMap(ports) ? ports : {}).map(
        ([port, value]) => `port ${port} ${word(at(value, "mode"))}`,
    );
    const place = selectorOf(policy)
        ? `${nameOf(policy)} in ${namespaceOf(policy)}`
        : `namespace ${namespaceOf(policy)}`;
    return `mutual TLS of ${place}: ${[modeOf(policy), ...byPort].filter((part) => part !== undefined).join(", ")}`;
}
