/** A path of HTTP requests, as a gateway opens it. */
export type PathMatch =
    | {
          /** This path only. */
          exact: string;
      }
    | {
          /** This path and all below it. */
          prefix: string;
      };

/** Requests that a gateway opens: those for a path, and of them those that fit all else that is given. */
export type OpenRequests = PathMatch & RequestLimits;

/** A header of requests. */
export interface HeaderMatch {
    /** The whole value. */
    exact: string;
}

/** Conditions of requests, besides their path. */
export interface RequestLimits {
    /** One of these methods, such as `GET`. @default any */
    methods?: string[];
    /** All of these headers, by their names in lower case. @default any */
    headers?: Record<string, HeaderMatch>;
}

/** What of a service the ingress gateway opens to the outside. Everything else is 404 there. */
export interface Exposure {
    /** Host names that are answered; `*` is any. Other services may be open at the same hosts. */
    hosts: string[];
    /** Requests that are open. A prefix ends at a slash: `/a` stands for `/a` and `/a/b`, not for `/ab`. */
    paths: OpenRequests[];
    /** What may be done there, for policies that allow no more. @default what `paths` opens */
    operations?: {
        /** Methods. */
        methods: string[];
        /** Paths for them. */
        paths: PathMatch[];
    }[];
    /**
     * Application whose page it is: what the objects at the gateway for its hosts are named after. At hosts that it has to
     * itself its prefixes match texts, as in the application's own routes. @default none: named after the hosts
     */
    application?: string;
}

/** A Kubernetes Service in the mesh, as routes and policies refer to it, in this stack or not. */
export interface MeshService {
    /** What routes, policies and calls name it by. One of its kind in the mesh. */
    name: string;
    /** Name of the Kubernetes Service. */
    host: string;
    /** Its namespace. */
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
    /** What of it the gateway opens. @default nothing */
    exposure?: Exposure;
}

/** A service that the gateway opens to the outside. */
export interface ExposedService extends MeshService {
    /** What of it the gateway opens. */
    exposure: Exposure;
}

export function isExposed<Service extends MeshService>(service: Service): service is Service & ExposedService {
    return service.exposure !== undefined;
}

/** The path of requests, without their other conditions. */
export function pathOf(open: PathMatch): PathMatch {
    return "exact" in open ? { exact: open.exact } : { prefix: open.prefix };
}

/** The name that proxies of all namespaces know the service by. */
export function fullHost({ host, namespace }: Pick<MeshService, "host" | "namespace">): string {
    return `${host}.${namespace}.svc.cluster.local`;
}

/** The path that a match names, whole or as a prefix. */
export function textOf(path: PathMatch): string {
    return "exact" in path ? path.exact : path.prefix;
}
