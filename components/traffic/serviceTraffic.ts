import type {
    ConnectionPoolSettings,
    CorsPolicy,
    HeaderOperations,
    HTTPRedirect,
    LocalityLoadBalancerSetting,
    OutlierDetection,
} from "../istio/api";
import type { RateLimit } from "./rateLimits/rateLimit";

/** How requests to one service are routed, and how clients treat it. What is left out is as Kubernetes and Istio have it. */
export interface ServiceTraffic extends RouteActions {
    /** Requests that are treated differently, the first rule that fits; all others get what stands at the service. @default none */
    match?: MatchRule[];
    /** Limits on connections and requests towards the service. @default Istio's: none that is ever reached */
    connectionPool?: ConnectionPoolSettings;
    /** When a pod that fails gets no requests for a while. @default never */
    outlierDetection?: OutlierDetection;
    /** How requests are spread over the pods. @default Istio's: those with the fewest requests */
    loadBalancer?: LoadBalancing;
    /** TLS towards the service. @default mutual TLS wherever both sides have a sidecar */
    tls?: TowardsService;
}

/** What happens to a request. */
export interface RouteActions {
    /** Share of each version in percent; together 100. @default any pod, whatever its version */
    route?: Record<string, number>;
    /** Path that the service receives instead; if a prefix matched, only the prefix is replaced. @default unchanged */
    rewrite?: string;
    /** Answer with another address instead of asking the service. @default none */
    redirect?: HTTPRedirect;
    /** How long the caller waits for the whole answer, retries included. @default no limit */
    timeout?: string;
    /** Further tries after a failure. @default Istio's: two more tries after failures that are safe to repeat */
    retries?: Retries;
    /** Errors made on purpose. @default none */
    fault?: Fault;
    /** Copies of requests, whose responses are discarded. @default none */
    mirror?: Mirror;
    /** What browsers may do with pages of other origins. @default no CORS headers */
    cors?: CorsPolicy;
    /** Changes of the request's headers on its way to the service. @default none */
    requestHeaders?: HeaderOperations;
    /** Changes of the answer's headers. @default none */
    responseHeaders?: HeaderOperations;
    /** How many requests each of the service's sidecars lets through. A rule's count beside the service's. @default any */
    rateLimit?: RateLimit[];
}

/** Requests that fit all that is given. What the rule does not say itself, it takes from the service, but for paths. */
export interface MatchRule extends RouteActions, RequestConditions {}

/** Which requests a rule is for: those that fit all that is given. */
export interface RequestConditions {
    /** User, by the header `end-user`, in which Bookinfo sends the signed-in user. @default any */
    user?: string;
    /** Headers by their names in lower case. @default any */
    headers?: Record<string, TextMatch>;
    /** Any of these paths. @default any */
    paths?: TextMatch[];
    /** Method, such as `GET`. @default any */
    method?: string;
    /** Claims of the user's token. Only the gateway routes by them: inside the mesh the rule does not count. @default any */
    claims?: Record<string, TextMatch>;
}

/** A whole text, its beginning, or a regular expression (RE2) for the whole of it. */
export type TextMatch =
    | {
          /** The whole text. */
          exact: string;
      }
    | {
          /** Its beginning. */
          prefix: string;
      }
    | {
          /** A regular expression (RE2) for the whole of it. */
          regex: string;
      };

/** Tries after one that failed. */
export interface Retries {
    /** Tries after the first; 0 turns Istio's own two off. */
    attempts: number;
    /** How long each try may take. @default the route's timeout */
    perTryTimeout?: string;
    /** Envoy's conditions, or status codes. @default Istio's */
    retryOn?: string[];
}

/** A delay, an error, or both. */
export interface Fault {
    /** Delay before the service is called, such as `5s`. @default none */
    delay?: string;
    /** HTTP status that answers instead of the service. @default none */
    abort?: number;
    /** Share of the requests in percent. @default 100 */
    percent?: number;
    /** Only requests of this user. @default all requests */
    user?: string;
}

/** Copies of requests. */
export interface Mirror {
    /** Version that receives the copies. */
    to: string;
    /** Share of the requests in percent. @default 100 */
    percent?: number;
}

/** How requests are spread over pods. */
export interface LoadBalancing {
    /** Without regard to the client. @default Istio's, "LEAST_REQUEST" */
    simple?: "ROUND_ROBIN" | "LEAST_REQUEST" | "RANDOM" | "PASSTHROUGH";
    /** The same pod for the same client, as long as the pods stay. @default by `simple` */
    consistentHash?: ConsistentHash;
    /** Where requests go by region, zone and subzone of nodes, or by labels. @default anywhere */
    locality?: Pick<LocalityLoadBalancerSetting, "failover" | "failoverPriority" | "distribute">;
}

/** What tells clients apart. */
export type ConsistentHash =
    | {
          /** The value of this header. */
          httpHeaderName: string;
      }
    | {
          /** A cookie, which the proxy sets if it is not there. */
          httpCookie: {
              /** Its name. */
              name: string;
              /** Its path. @default the path of the request */
              path?: string;
              /** How long it lasts, such as `1h`. @default as long as the browser's session */
              ttl?: string;
          };
      }
    | {
          /** The address of the client. */
          useSourceIp: true;
      }
    | {
          /** The value of this query parameter. */
          httpQueryParameterName: string;
      };

/** TLS from clients' proxies to a service. */
export interface TowardsService {
    /** `SIMPLE`: the service has a certificate that the proxies' CAs know. */
    mode: "DISABLE" | "SIMPLE" | "ISTIO_MUTUAL";
    /** Name sent in the handshake. Only with `SIMPLE`. @default none */
    sni?: string;
    /** Names of which the certificate must have one. Only with `SIMPLE`. @default any name */
    subjectAltNames?: string[];
}
