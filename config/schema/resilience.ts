import { z } from "zod";
import type { ConsistentHash, RouteActions, ServiceTraffic } from "../../components/traffic/serviceTraffic";
import { duration } from "./duration";
import { plainHostName } from "./hosts";
import { nonEmpty } from "./nonEmpty";
import type { Pinned } from "./pinned";

const count = (least: number) => z.int().min(least).max(2_147_483_647);

const connectionPool = nonEmpty(
    z.strictObject({
        tcp: nonEmpty(
            z.strictObject({
                maxConnections: count(1).optional().describe("Connections at most to all pods together."),
                connectTimeout: duration.optional().describe("How long making a connection may take. Left out: 10s."),
                idleTimeout: duration.optional().describe("When an idle connection is closed. Left out: 1h."),
                maxConnectionDuration: duration.optional().describe("When any connection is closed. Left out: never."),
            }),
        )
            .optional()
            .describe("Connections, whatever is spoken."),
        http: nonEmpty(
            z.strictObject({
                http1MaxPendingRequests: count(1)
                    .optional()
                    .describe("Requests at most that wait for a connection; more are answered with 503."),
                http2MaxRequests: count(1).optional().describe("Requests at most that are being answered."),
                maxRequestsPerConnection: count(1)
                    .optional()
                    .describe("Requests after which a connection is closed; 1 turns keep-alive off."),
                maxRetries: count(0).optional().describe("Retries at most that are under way."),
                idleTimeout: duration
                    .optional()
                    .describe("When a connection without requests is closed. Left out: 1h."),
                maxConcurrentStreams: count(1).optional().describe("Requests at most on one HTTP/2 connection."),
                h2UpgradePolicy: z
                    .enum(["DO_NOT_UPGRADE", "UPGRADE"])
                    .optional()
                    .describe("Whether to speak HTTP/2 to a service of HTTP/1.1. Left out: as the mesh does."),
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
            .describe("Errors in a row that eject a pod. Left out: 5; 0 turns it off."),
        consecutiveGatewayErrors: count(0).optional().describe("502, 503 and 504 in a row that eject a pod."),
        interval: duration.optional().describe("Time between two looks. Left out: 10s."),
        baseEjectionTime: duration.optional().describe("How long the first ejection lasts. Left out: 30s."),
        maxEjectionPercent: share.optional().describe("Share of the pods at most that are ejected. Left out: 10."),
        minHealthPercent: share
            .optional()
            .describe("Share of healthy pods below which ejection counts no more and all get requests. Left out: 0."),
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
                ttl: duration.optional().describe("Its lifetime. Left out: the browser's session."),
            })
            .optional()
            .describe("By this cookie, which is set where it is missing."),
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

const region = z.string().regex(/^[\w.-]+$/, "a region such as us-ashburn-1");

const locality = z
    .string()
    .regex(/^[\w.:-]+(\/[\w.:-]+){0,2}(\/\*)?$/, "region, region/zone or region/zone/subzone, or one that ends in /*")
    .meta({ examples: ["<region/*>"] });

const loadBalancer = nonEmpty(
    z.strictObject({
        simple: z
            .enum(["ROUND_ROBIN", "LEAST_REQUEST", "RANDOM", "PASSTHROUGH"])
            .optional()
            .describe("How a pod is chosen. Left out: LEAST_REQUEST."),
        consistentHash: consistentHash
            .optional()
            .describe("The same pod for the same client, as long as the pods stay."),
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
                    .describe("Where requests go when the pods of a region fail."),
                distribute: z
                    .array(
                        z.strictObject({
                            from: locality.describe("Where the request comes from."),
                            to: z
                                .record(locality, z.int().min(1).max(100))
                                .refine(
                                    (shares) => Object.values(shares).reduce((sum, each) => sum + each, 0) === 100,
                                    "shares that add up to 100",
                                )
                                .describe("Where it goes, with shares that add up to 100."),
                        }),
                    )
                    .min(1)
                    .optional()
                    .describe("Shares by where a request comes from."),
            })
            .optional()
            .describe(
                "Regions, zones and subzones as the nodes' labels have them; with either of these, and `outlierDetection` to notice failures.",
            ),
    }),
);

const tls = z.strictObject({
    mode: z
        .enum(["ISTIO_MUTUAL", "SIMPLE", "DISABLE"])
        .describe("The mesh's own certificates, the service's certificate as a browser checks it, or none."),
    sni: plainHostName.optional().describe("Name sent in the handshake (SIMPLE). Left out: the service's host."),
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
        .describe("Limits on connections and requests towards the service: the circuit breaker."),
    outlierDetection: outlierDetection.optional().describe("When a pod that fails gets no requests for a while."),
    loadBalancer: loadBalancer.optional().describe("How requests are spread over the pods."),
    tls: tls.optional().describe("TLS towards the service. Left out: mutual TLS wherever both sides have a sidecar."),
} satisfies Pinned<Omit<ServiceTraffic, keyof RouteActions | "match">>;
