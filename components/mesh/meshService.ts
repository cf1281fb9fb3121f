/** A path of HTTP requests, as a gateway opens it. */
export type PathMatch = { exact: string } | { prefix: string };

/** What of a service the ingress gateway opens to the outside. Everything else is 404 there. */
export interface Exposure {
    /** Host names that are answered; `*` is any. */
    hosts: string[];
    paths: PathMatch[];
    /** What may be done there, for policies that allow no more. @default anything, on all of the paths */
    operations?: { methods: string[]; paths: PathMatch[] }[];
    /** Application whose page it is: what its objects at the gateway are named after. @default the service itself */
    application?: string;
}

/** A Kubernetes Service in the mesh, as routes and policies refer to it, in this stack or not. */
export interface MeshService {
    /** What routes, policies and calls name it by. One of its kind in the mesh. */
    name: string;
    /** Name of the Kubernetes Service. */
    host: string;
    namespace: string;
    /** Port of the Service. */
    port: number;
    /** Port that its container listens at. @default unknown */
    containerPort?: number;
    /** What is spoken there. gRPC is routed as HTTP is; TCP has neither paths nor headers. */
    protocol: "http" | "grpc" | "tcp";
    /** Labels of the pods of each version, by the name that routes call it. */
    versions: Record<string, Record<string, string>>;
    /** Labels that all of its pods carry: what policies select by. */
    selector: Record<string, string>;
    /** Kubernetes ServiceAccount of its pods: their identity in the mesh. */
    serviceAccount: string;
    /** @default not open to the outside */
    exposure?: Exposure;
}

/** The name that proxies of all namespaces know the service by. */
export function fullHost({ host, namespace }: Pick<MeshService, "host" | "namespace">): string {
    return `${host}.${namespace}.svc.cluster.local`;
}
