import { entryOf } from "../components/entry";
import type { ServiceTraffic } from "../components/traffic/serviceTraffic";

/** One step of the guide's "Managing Traffic", as settings. */
export interface Scenario {
    /** Section of the guide. */
    guide: string;
    /** What happens then. */
    expect: string;
    /** A command that shows it; `$PAGE` is `pulumi stack output productpageUrl`. */
    see: string;
    /** The state of Bookinfo's services. */
    services: Record<string, ServiceTraffic>;
}

/** Guide: virtual-service-all-v1.yaml, which each step starts from. */
const allV1 = {
    productpage: { route: { v1: 100 } },
    details: { route: { v1: 100 } },
    reviews: { route: { v1: 100 } },
    ratings: { route: { v1: 100 } },
} satisfies Record<string, ServiceTraffic>;

/** Guide: virtual-service-reviews-test-v2.yaml. */
const jasonSeesV2: ServiceTraffic = { ...allV1.reviews, match: [{ user: "jason", route: { v2: 100 } }] };

/** Commands that ask for the page; Bookinfo's sign-in leads back to where it was come from. */
const anybody = "curl -s $PAGE";
const jason = "curl -s -L -b '' -e $PAGE -d username=jason ${PAGE%productpage}login";

const versionsSeen = (page: string, count: number) =>
    `for i in $(seq ${count}); do ${page}; done | grep -o 'reviews-v[123]' | sort | uniq -c`;

const secondsOf = (page: string) => `time ${page} | grep -o -e 'Error fetching product reviews' -e 'reviews-v[123]'`;

const SCENARIO_TABLE = {
    "all-v1": {
        guide: "Managing Request Routing",
        expect: "Reviews never have stars: all requests go to v1 of each service.",
        see: versionsSeen(anybody, 20),
        services: allV1,
    },
    "reviews-split": {
        guide: "Shifting Traffic, step 2",
        expect: "Reviews have red stars half of the time: half of the requests go to v3, the others to v1.",
        see: versionsSeen(anybody, 100),
        services: { ...allV1, reviews: { route: { v1: 50, v3: 50 } } },
    },
    "reviews-v3": {
        guide: "Shifting Traffic, step 3",
        expect: "Reviews always have red stars.",
        see: versionsSeen(anybody, 20),
        services: { ...allV1, reviews: { route: { v3: 100 } } },
    },
    "user-identity": {
        guide: "Routing based on User Identity",
        expect: "Signed in as jason, reviews have black stars; everybody else sees none.",
        see: versionsSeen(jason, 5),
        services: { ...allV1, reviews: jasonSeesV2 },
    },
    "url-rewrite": {
        guide: "Routing based on URL Rewriting",
        expect: "/products and /bookinfoproductpage show the product page; /static and /login go on working.",
        see: "curl -s ${PAGE%productpage}products | grep -o '<title>.*</title>'",
        services: {
            ...allV1,
            productpage: {
                ...allV1.productpage,
                match: [
                    {
                        paths: [{ prefix: "/products" }, { prefix: "/bookinfoproductpage" }],
                        rewrite: "/productpage",
                    },
                ],
            },
        },
    },
    "request-timeout": {
        guide: "Setting Request Timeouts",
        expect:
            "The page takes one second and says 'Error fetching product reviews!': ratings take 2 s, reviews are given " +
            "half a second, and productpage asks twice.",
        see: secondsOf(anybody),
        services: {
            ...allV1,
            reviews: { route: { v2: 100 }, timeout: "0.5s" },
            ratings: { ...allV1.ratings, fault: { delay: "2s" } },
        },
    },
    "delay-fault": {
        guide: "Injecting an HTTP Delay Fault",
        expect:
            "jason waits six seconds and reads 'Error fetching product reviews!': productpage gives reviews three seconds, " +
            "twice. Everybody else sees reviews at once.",
        see: secondsOf(jason),
        services: {
            ...allV1,
            reviews: jasonSeesV2,
            ratings: { ...allV1.ratings, fault: { user: "jason", delay: "7s" } },
        },
    },
    "delay-fault-fixed": {
        guide: "Injecting an HTTP Delay Fault, the bug fixed",
        expect: "jason waits two seconds and sees black stars. Everybody else sees reviews at once.",
        see: secondsOf(jason),
        services: {
            ...allV1,
            reviews: jasonSeesV2,
            ratings: { ...allV1.ratings, fault: { user: "jason", delay: "2s" } },
        },
    },
    "abort-fault": {
        guide: "Injecting an HTTP Abort Fault",
        expect: "jason reads 'Ratings service is currently unavailable'. Nobody else does.",
        see: `${jason} | grep -o 'Ratings service is currently unavailable'`,
        services: {
            ...allV1,
            reviews: jasonSeesV2,
            ratings: { ...allV1.ratings, fault: { user: "jason", abort: 500 } },
        },
    },
    "circuit-breaker": {
        guide: "Creating Circuit Breakers",
        expect: "productpage takes one connection and one waiting request; of three clients at a time some are answered with 503.",
        see:
            "kubectl -n bookinfo exec deploy/fortio -c fortio -- " +
            "/usr/bin/fortio load -c 3 -qps 0 -n 30 -loglevel Warning http://productpage:9080",
        services: {
            ...allV1,
            productpage: {
                ...allV1.productpage,
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
    },
    mirroring: {
        guide: "Mirroring",
        expect: "Reviews have no stars, and v2 gets a copy of each request, for the host reviews-shadow.",
        see: "kubectl -n bookinfo logs deploy/reviews-v2 -c istio-proxy | grep -c reviews-shadow",
        services: { ...allV1, reviews: { ...allV1.reviews, mirror: { to: "v2", percent: 100 } } },
    },
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIO_TABLE;

export const SCENARIOS: Record<ScenarioName, Scenario> = SCENARIO_TABLE;

/** In the order of the guide. */
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as [ScenarioName, ...ScenarioName[]];

/** What is set for each service, laid key by key over what the scenario has for it. */
export function effectiveTraffic({
    scenario,
    services,
}: {
    scenario?: ScenarioName;
    services: Record<string, ServiceTraffic>;
}): Record<string, ServiceTraffic> {
    const steps = scenario === undefined ? {} : SCENARIOS[scenario].services;
    const names = [...new Set([...Object.keys(steps), ...Object.keys(services)])];
    return Object.fromEntries(names.map((name) => [name, { ...entryOf(steps, name), ...entryOf(services, name) }]));
}
