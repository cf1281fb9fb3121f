import { withDefaults } from "../defaults";

/**
 * An authorizer outside the mesh's proxies as istiod knows it; policies with the action CUSTOM name it.
 * https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-ExtensionProvider
 */
export type AuthorizerProvider =
    | { name: string; envoyExtAuthzGrpc: Authorizer }
    | { name: string; envoyExtAuthzHttp: HttpAuthorizer };

interface Authorizer {
    /** Host in the mesh's registry. Unknown there, every request that a policy sends to it is refused. */
    service: string;
    port: number;
    timeout: string;
    failOpen: boolean;
}

interface HttpAuthorizer extends Authorizer {
    includeRequestHeadersInCheck: string[];
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
