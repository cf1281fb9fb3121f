import { z } from "zod";
import type { ConsistentHash, RouteActions, ServiceTraffic } from "../../components/traffic/serviceTraffic";
import { labelName, labelValue } from "./common";
import { duration } from "./duration";
import { plainHostName } from "./hosts";
import { nonEmpty } from "./nonEmpty";
import type { Pinned } from "./pinned";

const count = (least: number) => z.int().min(least).max(2_147_483_647);

const connectionPool = nonEmpty(
    z.strictObject({
        tcp: nonEmpty(
            z.strictObject({
                maxConnections: count(1).optional().describe("Maximum number of connections to all pods together."),
                connectTimeout: duration.optional().describe("Timeout for opening a connection. Default: 10s."),
                idleTimeout: duration
                    .optional()
                    .describe("Time after which an idle connection is closed. Default: 1h."),
                maxConnectionDuration: duration
                    .optional()
                    .describe("Time after which any connection is closed. Default: never."),
            }),
        )
            .optional()
            .describe("Connections of any protocol."),
        http: nonEmpty(
            z.strictObject({
                http1MaxPendingRequests: count(1)
                    .optional()
                    .describe("Maximum number of requests that wait for a connection; further requests get 503."),
                http2MaxRequests: count(1).optional().describe("Maximum number of active requests."),
                maxRequestsPerConnection: count(1)
                    .optional()
                    .describe("Requests after which a connection is closed; 1 turns keep-alive off."),
                maxRetries: count(0).optional().describe("Maximum number of active retries."),
                idleTimeout: duration
                    .optional()
                    .describe("Time after which a connection without requests is closed. Default: 1h."),
                maxConcurrentStreams: count(1)
                    .optional()
                    .describe("Maximum number of concurrent requests on an HTTP/2 connection."),
                h2UpgradePolicy: z
                    .enum(["DO_NOT_UPGRADE", "UPGRADE"])
                    .optional()
                    .describe("Whether to upgrade HTTP/1.1 connections to HTTP/2. Default: as the mesh does."),
            }),
        )
            .optional()
            .describe("Requests; not for services of protocol tcp."),
    }),
);

const share = z.int().min(0).max(100);

const outlierDetection = nonEmpty(
    z.strictObject({
        consecutive5xxErrors: count(0)
            .optional()
            .describe("Consecutive errors that eject a pod. Default: 5; 0 turns it off."),
        consecutiveGatewayErrors: count(0)
            .optional()
            .describe("Consecutive 502, 503 and 504 responses that eject a pod."),
        interval: duration.optional().describe("Time between two evaluations. Default: 10s."),
        baseEjectionTime: duration.optional().describe("Duration of the first ejection. Default: 30s."),
        maxEjectionPercent: share.optional().describe("Maximum share of ejected pods, in percent. Default: 10."),
        minHealthPercent: share
            .optional()
            .describe(
                "Share of healthy pods, in percent, below which ejection is off and all pods get requests. Default: 0.",
            ),
    }),
);

/** Zod cannot tell from a refinement that it is exactly one. */
const consistentHash = z
    .strictObject({
        httpHeaderName: z
            .string()
            .regex(/^[\w!#$%&'*+.^`|~-]+$/, "a header's name")
            .optional()
            .describe("By this header."),
        httpCookie: z
            .strictObject({
                name: z
                    .string()
                    .regex(/^[\w!#$%&'*+.^`|~-]+$/, "a cookie's name")
                    .describe("Name of the cookie."),
                path: z.string().regex(/^\//, "a path that starts with /").optional().describe("Its path."),
                ttl: duration.optional().describe("Its lifetime. Default: the browser's session."),
            })
            .optional()
            .describe("By this cookie, which is set if it is missing."),
        useSourceIp: z
            .boolean()
            .refine((on) => on, "true")
            .optional()
            .describe("By the client's address."),
        httpQueryParameterName: z.string().min(1).optional().describe("By this query parameter."),
    })
    .refine(
        (by) => Object.keys(by).length === 1,
        "httpHeaderName, httpCookie, useSourceIp or httpQueryParameterName, one of them",
    ) as unknown as z.ZodType<ConsistentHash, ConsistentHash>;

const region = z.string().regex(/^[\w.-]+$/, "a region as nodes are labelled, such as iad or uk-london-1");

const locality = z
    .string()
    .regex(
        /^(\*|[\w.:-]+(\/[\w.:-]+){0,2}|[\w.:-]+(\/[\w.:-]+)?\/\*)$/,
        "region, region/zone or region/zone/subzone, the last of which may be *",
    )
    .meta({ examples: ["<region/*>"] });

/** A label, alone or with the value that goes first. */
const priorityLabel = z
    .string()
    .refine((text) => {
        const [name, value, ...rest] = text.split("=");
        return labelName.safeParse(name).success && labelValue.safeParse(value ?? "").success && rest.length === 0;
    }, "a label's name, or a name and a value such as version=v1")
    .meta({ examples: ["<label>"] });

const loadBalancer = nonEmpty(
    z.strictObject({
        simple: z
            .enum(["ROUND_ROBIN", "LEAST_REQUEST", "RANDOM", "PASSTHROUGH"])
            .optional()
            .describe("Algorithm. Default: LEAST_REQUEST."),
        consistentHash: consistentHash
            .optional()
            .describe("Session affinity: the same pod for the same client, as long as the pods stay the same."),
        locality: z
            .strictObject({
                failover: z
                    .array(
                        z.strictObject({
                            from: region.describe("Region whose pods fail."),
                            to: region.describe("Region that takes over."),
                        }),
                    )
                    .min(1)
                    .optional()
                    .describe("Failover between regions. Within a region, pods of the client's zone go first anyway."),
                failoverPriority: z
                    .array(priorityLabel)
                    .min(1)
                    .optional()
                    .describe(
                        "Labels in order: pods that share all of them with the client go first, then those that share all but the last, and so on.",
                    ),
                distribute: z
                    .array(
                        z.strictObject({
                            from: locality.describe("Location of the client."),
                            to: z
                                .record(locality, z.int().min(1).max(100))
                                .refine(
                                    (shares) => Object.values(shares).reduce((sum, each) => sum + each, 0) === 100,
                                    "shares that add up to 100",
                                )
                                .describe("Locations of the pods, with shares that add up to 100."),
                        }),
                    )
                    .min(1)
                    .optional()
                    .describe("Shares by the location of the client."),
            })
            .optional()
            .describe(
                "Load balancing by region, zone and subzone of the nodes' labels, which on OKE are `iad`, `phx` or the region's name, and the availability domain: see docs/traffic.md. Needs `outlierDetection`.",
            ),
    }),
);

const tls = z.strictObject({
    mode: z
        .enum(["ISTIO_MUTUAL", "SIMPLE", "DISABLE"])
        .describe("Certificates of the mesh, the service's own certificate, verified as a browser does, or no TLS."),
    sni: plainHostName.optional().describe("Name sent in the handshake (SIMPLE). Default: the service's host."),
    subjectAltNames: z
        .array(z.string().min(1))
        .min(1)
        .optional()
        .describe("Names of which the certificate must have one (SIMPLE)."),
});

/** How clients treat a service, whatever the request. */
export const resilience = {
    connectionPool: connectionPool
        .optional()
        .describe("Circuit breaker: limits on connections and requests to the service."),
    outlierDetection: outlierDetection.optional().describe("Temporary ejection of pods that fail."),
    loadBalancer: loadBalancer.optional().describe("Load balancing over the pods."),
    tls: tls.optional().describe("TLS towards the service. Default: mutual TLS if both sides have a sidecar."),
} satisfies Pinned<Omit<ServiceTraffic, keyof RouteActions | "match">>;
