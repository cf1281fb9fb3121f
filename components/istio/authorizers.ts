import { withDefaults } from "../defaults";

/**
 * An authorizer outside the mesh's proxies as istiod knows it; policies with the action CUSTOM name it.
 * https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-ExtensionProvider
 */
export type AuthorizerProvider = NamedProvider &
    (
        | {
              /** It speaks Envoy's ext_authz over gRPC. */
              envoyExtAuthzGrpc: Authorizer;
          }
        | {
              /** It speaks HTTP. */
              envoyExtAuthzHttp: HttpAuthorizer;
          }
    );

/** What policies and Telemetry name. */
export interface NamedProvider {
    /** Its name. */
    name: string;
}

/** Where an authorizer is, and what its silence means. */
interface Authorizer {
    /** Host in the mesh's registry. Unknown there, every request that a policy sends to it is refused. */
    service: string;
    /** Its port. */
    port: number;
    /** How long to wait for it. */
    timeout: string;
    /** Let requests through while it does not answer. */
    failOpen: boolean;
}

/** An authorizer that is told what it needs. */
interface HttpAuthorizer extends Authorizer {
    /** Headers that it sees. */
    includeRequestHeadersInCheck: string[];
    /** Headers of its answer that the service gets. */
    headersToUpstreamOnAllow: string[];
}

/** An external authorizer. */
export interface AuthorizerArgs {
    /** What it speaks. */
    protocol: "grpc" | "http";
    /** Its full host name, such as `authorizer.security.svc.cluster.local`. */
    service: string;
    /** Its port. */
    port: number;
    /** Let requests through while it does not answer. @default false */
    failOpen?: boolean;
    /** How long to wait for it. @default "2s" */
    timeout?: string;
    /** Headers that it sees, with `http`; over gRPC it sees all. @default none */
    includeRequestHeaders?: string[];
    /** Headers of its answer that the service gets, with `http`; over gRPC it says so itself. @default none */
    headersToUpstream?: string[];
}

/** An authorizer without further arguments. */
export const AUTHORIZER_DEFAULTS = {
    failOpen: false,
    timeout: "2s",
    includeRequestHeaders: [],
    headersToUpstream: [],
} satisfies Partial<AuthorizerArgs>;

/** The authorizer under the name by which policies call it: one of `authorizers` of a control plane. */
export function authorizerProvider(name: string, args: AuthorizerArgs): AuthorizerProvider {
    const { protocol, includeRequestHeaders, headersToUpstream, ...authorizer } = withDefaults(
        args,
        AUTHORIZER_DEFAULTS,
    );
    return protocol === "grpc"
        ? { name, envoyExtAuthzGrpc: authorizer }
        : {
              name,
              envoyExtAuthzHttp: {
                  ...authorizer,
                  includeRequestHeadersInCheck: includeRequestHeaders,
                  headersToUpstreamOnAllow: headersToUpstream,
              },
          };
}
