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

export interface AuthorizerArgs {
    /** What it speaks. */
    protocol: "grpc" | "http";
    /** Its full host name. */
    service: string;
    port: number;
    /** Let requests through while it does not answer. */
    failOpen: boolean;
    /** How long to wait for it, such as `2s`. */
    timeout: string;
    /** Headers that it sees; over gRPC it sees all. */
    includeRequestHeaders: string[];
    /** Headers of its answer that the service gets; over gRPC it says so itself. */
    headersToUpstream: string[];
}

export function authorizerProvider(
    name: string,
    { protocol, includeRequestHeaders, headersToUpstream, ...authorizer }: AuthorizerArgs,
): AuthorizerProvider {
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
