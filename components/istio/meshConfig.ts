import { withDefaults } from "../defaults";
import type { AuthorizerProvider } from "./authorizers";
import type { ExtensionProvider } from "./tracing/providers";
import type { IstiodTracing, ProxyTracing } from "./tracing/tracingPlan";

/**
 * The mesh-wide proxy settings this program uses, in istiod's own words.
 * https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/
 */
export interface MeshConfig {
    trustDomain: string;
    outboundTrafficPolicy: { mode: "ALLOW_ANY" | "REGISTRY_ONLY" };
    accessLogFile: string;
    accessLogEncoding: "JSON" | "TEXT";
    defaultConfig: {
        holdApplicationUntilProxyStarts: boolean;
        proxyMetadata?: Record<string, string>;
        tracing?: ProxyTracing;
    };
    extensionProviders?: (ExtensionProvider | AuthorizerProvider)[];
    pathNormalization?: { normalization: PathNormalization };
}

/** How proxies clean a path up before policies and routes see it, from not at all to as much as servers may do themselves. */
export type PathNormalization = "NONE" | "BASE" | "MERGE_SLASHES" | "DECODE_AND_MERGE_SLASHES";

/** The settings a user gives, named as MeshConfig names them. */
export interface MeshConfigArgs {
    /** Trust domain of workload identities. @default "cluster.local" */
    trustDomain?: string;
    /** What a sidecar does with traffic to hosts the mesh does not know. @default "ALLOW_ANY" */
    outboundTrafficPolicy?: "ALLOW_ANY" | "REGISTRY_ONLY";
    /** Format of the proxies' access log on standard output. @default "JSON" */
    accessLogEncoding?: "JSON" | "TEXT";
    /** Start the application after its sidecar. Native sidecars, Istio's default, always do. @default false */
    holdApplicationUntilProxyStarts?: boolean;
    /** Let sidecars answer DNS, which needs the kernel module iptable_raw. @default false */
    dnsCapture?: boolean;
    /** How a path is cleaned up before policies see it. @default Istio's, "BASE" */
    pathNormalization?: PathNormalization;
}

/** The mesh without further settings. */
export const MESH_CONFIG_DEFAULTS = {
    trustDomain: "cluster.local",
    outboundTrafficPolicy: "ALLOW_ANY",
    accessLogEncoding: "JSON",
    holdApplicationUntilProxyStarts: false,
    dnsCapture: false,
} as const satisfies MeshConfigArgs;

/** Guide: "Observing Logs with OCI Logging" turns the access log on; here it always is. */
export function meshConfig(
    given: MeshConfigArgs = {},
    tracing: IstiodTracing = {},
    authorizers: AuthorizerProvider[] = [],
): MeshConfig {
    const args = withDefaults(given, MESH_CONFIG_DEFAULTS);
    const extensionProviders = [...(tracing.extensionProviders ?? []), ...authorizers];
    return {
        trustDomain: args.trustDomain,
        outboundTrafficPolicy: { mode: args.outboundTrafficPolicy },
        accessLogFile: "/dev/stdout",
        accessLogEncoding: args.accessLogEncoding,
        defaultConfig: {
            holdApplicationUntilProxyStarts: args.holdApplicationUntilProxyStarts,
            ...(args.dnsCapture ? { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true" } } : {}),
            ...(tracing.proxyDefaults && { tracing: tracing.proxyDefaults }),
        },
        ...(extensionProviders.length > 0 && { extensionProviders }),
        ...(args.pathNormalization && { pathNormalization: { normalization: args.pathNormalization } }),
    };
}
