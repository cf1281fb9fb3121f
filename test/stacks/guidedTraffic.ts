import type { DestinationRuleSpec, HTTPRoute } from "../../components/istio/api";
import type { ScenarioName } from "../../mesh/scenarios";

/** What the guide applies at one of its steps, by the names of its VirtualServices and DestinationRules. */
export interface GuideStep {
    routes: Record<"productpage" | "details" | "reviews" | "ratings", HTTPRoute[]>;
    /** Of productpage's DestinationRule, besides its subsets. */
    productpagePolicy?: DestinationRuleSpec["trafficPolicy"];
    /** Routes that the gateway's VirtualService has before that of the open paths. */
    atGateway?: HTTPRoute[];
}

const to = (host: string, subset: string, weight?: number) => ({ destination: { host, subset }, weight });

const jason = [{ headers: { "end-user": { exact: "jason" } } }];

/** samples/bookinfo/networking/virtual-service-all-v1.yaml */
const allV1: GuideStep["routes"] = {
    productpage: [{ route: [to("productpage", "v1")] }],
    details: [{ route: [to("details", "v1")] }],
    reviews: [{ route: [to("reviews", "v1")] }],
    ratings: [{ route: [to("ratings", "v1")] }],
};

/** samples/bookinfo/networking/virtual-service-reviews-test-v2.yaml */
const reviewsTestV2: HTTPRoute[] = [{ match: jason, route: [to("reviews", "v2")] }, { route: [to("reviews", "v1")] }];

const forJason = (fault: HTTPRoute["fault"]): HTTPRoute[] => [
    { match: jason, fault, route: [to("ratings", "v1")] },
    { route: [to("ratings", "v1")] },
];

const percentage = { value: 100 };

const rewritten = [{ uri: { prefix: "/products" } }, { uri: { prefix: "/bookinfoproductpage" } }];

/** Written from the guide's text and the samples it names; deprecated fields in their present form. */
export const GUIDE: Record<ScenarioName, GuideStep> = {
    "all-v1": { routes: allV1 },
    // virtual-service-reviews-50-v3.yaml
    "reviews-split": { routes: { ...allV1, reviews: [{ route: [to("reviews", "v1", 50), to("reviews", "v3", 50)] }] } },
    // virtual-service-reviews-v3.yaml
    "reviews-v3": { routes: { ...allV1, reviews: [{ route: [to("reviews", "v3")] }] } },
    "user-identity": { routes: { ...allV1, reviews: reviewsTestV2 } },
    "url-rewrite": {
        routes: {
            ...allV1,
            productpage: [
                { match: rewritten, rewrite: { uri: "/productpage" }, route: [to("productpage", "v1")] },
                ...allV1.productpage,
            ],
        },
        atGateway: [
            {
                match: rewritten,
                rewrite: { uri: "/productpage" },
                route: [{ destination: { host: "productpage", port: { number: 9080 }, subset: "v1" } }],
            },
        ],
    },
    "request-timeout": {
        routes: {
            ...allV1,
            reviews: [{ route: [to("reviews", "v2")], timeout: "0.5s" }],
            // The guide's `percent: 100` is deprecated.
            ratings: [{ fault: { delay: { percentage, fixedDelay: "2s" } }, route: [to("ratings", "v1")] }],
        },
    },
    // virtual-service-ratings-test-delay.yaml
    "delay-fault": {
        routes: {
            ...allV1,
            reviews: reviewsTestV2,
            ratings: forJason({ delay: { percentage, fixedDelay: "7s" } }),
        },
    },
    "delay-fault-fixed": {
        routes: {
            ...allV1,
            reviews: reviewsTestV2,
            ratings: forJason({ delay: { percentage, fixedDelay: "2s" } }),
        },
    },
    // virtual-service-ratings-test-abort.yaml
    "abort-fault": {
        routes: { ...allV1, reviews: reviewsTestV2, ratings: forJason({ abort: { percentage, httpStatus: 500 } }) },
    },
    "circuit-breaker": {
        routes: allV1,
        productpagePolicy: {
            connectionPool: {
                tcp: { maxConnections: 1 },
                http: { http1MaxPendingRequests: 1, maxRequestsPerConnection: 1 },
            },
            outlierDetection: {
                consecutive5xxErrors: 1,
                interval: "1s",
                baseEjectionTime: "3m",
                maxEjectionPercent: 100,
            },
        },
    },
    mirroring: {
        routes: {
            ...allV1,
            reviews: [
                {
                    route: [to("reviews", "v1")],
                    mirror: { host: "reviews", subset: "v2" },
                    mirrorPercentage: percentage,
                },
            ],
        },
    },
};

/** samples/bookinfo/networking/destination-rule-all.yaml, of the versions that the guide deploys. */
export const SUBSETS = {
    productpage: ["v1"],
    details: ["v1"],
    reviews: ["v1", "v2", "v3"],
    ratings: ["v1"],
};

/** samples/bookinfo/networking/bookinfo-gateway.yaml */
export const OPEN_PATHS = [
    { uri: { exact: "/productpage" } },
    { uri: { prefix: "/static" } },
    { uri: { exact: "/login" } },
    { uri: { exact: "/logout" } },
    { uri: { prefix: "/api/v1/products" } },
];
