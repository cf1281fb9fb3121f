import { ISTIO_NAMESPACE } from "../../../components/istio/versions";
import { nameOf, namespaceOf } from "../objects";
import { selectorOf, type PeerAuthentication } from "./objects";
import { covers, type Workload } from "./workloads";

/** The mTLS mode of a workload: its own, its namespace's, the mesh's, or Istio's default. */
export function mtlsMode(peers: PeerAuthentication[], workload: Workload): string {
    const policies = peers.filter((policy) => covers(policy, workload));
    const whole = (namespace: string) =>
        policies.find((policy) => !selectorOf(policy) && namespaceOf(policy) === namespace);
    const own = policies.find((policy) => selectorOf(policy));
    const modes = [own, whole(workload.namespace), whole(ISTIO_NAMESPACE)].map(modeOf);
    return modes.find((mode) => mode !== undefined) ?? "PERMISSIVE";
}

/** What is encrypted, and which workloads that cuts off. */
export function encryptionLines(peers: PeerAuthentication[], workloads: Workload[]): string[] {
    const mesh = peers.find((policy) => namespaceOf(policy) === ISTIO_NAMESPACE && !selectorOf(policy));
    const strict = workloads.some((workload) => workload.injected && mtlsMode(peers, workload) === "STRICT");
    const outside = workloads.filter(({ injected }) => !injected).map(({ name }) => name);
    return [
        modeOf(mesh) === "STRICT"
            ? "mutual TLS STRICT: plain text is refused"
            : "mutual TLS PERMISSIVE: between sidecars; plain text is accepted too",
        ...peers.filter((policy) => policy !== mesh).map(difference),
        ...(strict && outside.length > 0
            ? [`cut off by STRICT because they have no sidecar: ${outside.join(", ")}`]
            : []),
        ...(strict ? ["not affected by STRICT: the kubelet's probes and merged metrics, at 15020 and 15021"] : []),
    ];
}

function modeOf(policy: PeerAuthentication | undefined): string | undefined {
    const mode = policy?.spec.mtls?.mode;
    return mode === "UNSET" ? undefined : mode;
}

function difference(policy: PeerAuthentication): string {
    const ports = Object.entries(policy.spec.portLevelMtls ?? {});
    const byPort = ports.map(([port, { mode }]) => `port ${port} ${mode}`);
    const place = selectorOf(policy)
        ? `${nameOf(policy)} in ${namespaceOf(policy)}`
        : `namespace ${namespaceOf(policy)}`;
    return `mutual TLS of ${place}: ${[modeOf(policy), ...byPort].filter((part) => part !== undefined).join(", ")}`;
}
