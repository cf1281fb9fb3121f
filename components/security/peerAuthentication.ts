import type { PeerAuthenticationSpec } from "../istio/api";
import { ISTIO_NAMESPACE } from "../istio/versions";

/** `STRICT` takes mutual TLS only, `PERMISSIVE` plain text as well, `DISABLE` plain text only. */
export type MtlsMode = "STRICT" | "PERMISSIVE" | "DISABLE";

/** What workloads accept from others. The narrower setting wins: port, workload, namespace, mesh. */
export interface MtlsArgs {
    /** For the whole mesh. `STRICT` refuses plain text. @default "PERMISSIVE" */
    mode?: "STRICT" | "PERMISSIVE";
    /** By namespace. @default as the mesh */
    namespaces?: Record<string, "STRICT" | "PERMISSIVE">;
    /** For the pods of services. @default as their namespaces */
    workloads?: WorkloadMtls[];
}

/** What the pods of a service accept. */
export interface WorkloadMtls {
    /** Name of the PeerAuthentication. */
    name: string;
    /** Namespace of the pods. */
    namespace: string;
    /** Labels of the pods. */
    selector: Record<string, string>;
    /** For all of their ports. @default as the namespace */
    mode?: MtlsMode;
    /** By port of the container. @default as `mode` */
    ports?: Record<number, MtlsMode>;
}

/** A PeerAuthentication to be made. */
export interface PeerPolicy {
    name: string;
    namespace: string;
    spec: PeerAuthenticationSpec;
}

/**
 * PERMISSIVE for the mesh is what Istio does without any object, so there is none: the guide, too, goes back by deleting it.
 * Guide: "Configuring Authentication".
 */
export function peerPolicies({ mode = "PERMISSIVE", namespaces = {}, workloads = [] }: MtlsArgs): PeerPolicy[] {
    const whole = (namespace: string, of: MtlsMode) => ({
        name: "default",
        namespace,
        spec: { mtls: { mode: of } },
    });
    return [
        ...(mode === "PERMISSIVE" ? [] : [whole(ISTIO_NAMESPACE, mode)]),
        ...Object.entries(namespaces).map(([namespace, of]) => whole(namespace, of)),
        ...workloads.map(({ name, namespace, selector, mode: own, ports = {} }) => ({
            name,
            namespace,
            spec: {
                selector: { matchLabels: selector },
                ...(own && { mtls: { mode: own } }),
                ...(Object.keys(ports).length > 0 && {
                    portLevelMtls: Object.fromEntries(Object.entries(ports).map(([port, of]) => [port, { mode: of }])),
                }),
            },
        })),
    ];
}
