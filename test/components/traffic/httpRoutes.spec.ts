import { strict as assert } from "node:assert";
import type { HTTPRoute } from "../../../components/istio/api";
import type { ExposedService } from "../../../components/mesh/meshService";
import { gatewayRoutes } from "../../../components/traffic/gatewayRoutes";
import { meshRoutes } from "../../../components/traffic/httpRoutes";
import type { ServiceTraffic } from "../../../components/traffic/serviceTraffic";
import { virtualService } from "../../../components/traffic/trafficPolicies";
import { validateIstio } from "../../support/istioSchemas";

const cart: ExposedService = {
    name: "basket",
    host: "cart",
    namespace: "shop",
    port: 8080,
    protocol: "http",
    versions: { v1: { version: "v1" }, v2: { version: "v2" } },
    selector: { app: "cart" },
    serviceAccount: "cart",
    exposure: { hosts: ["shop.example.com"], paths: [{ prefix: "/cart" }, { exact: "/health" }] },
};

const cartV1 = { destination: { host: "cart", subset: "v1" } };
const cartV2 = { destination: { host: "cart", subset: "v2" } };

/** What each setting means to Istio. */
const inMesh: [what: string, traffic: ServiceTraffic, routes: HTTPRoute[]][] = [
    ["nothing: any pod", {}, [{ route: [{ destination: { host: "cart" } }] }]],
    [
        "shares, but for versions with none",
        { route: { v1: 90, v2: 10 } },
        [
            {
                route: [
                    { ...cartV1, weight: 90 },
                    { ...cartV2, weight: 10 },
                ],
            },
        ],
    ],
    ["one version without a weight", { route: { v1: 100, v2: 0 } }, [{ route: [cartV1] }]],
    [
        "rules before the rest, with what they take from the service",
        {
            route: { v1: 100 },
            timeout: "5s",
            match: [
                { user: "jason", headers: { "x-beta": { regex: "on|yes" } }, route: { v2: 100 } },
                { method: "POST", paths: [{ exact: "/a" }, { prefix: "/b" }], timeout: "1s" },
            ],
        },
        [
            {
                match: [{ headers: { "x-beta": { regex: "on|yes" }, "end-user": { exact: "jason" } } }],
                route: [cartV2],
                timeout: "5s",
            },
            {
                match: [
                    { uri: { exact: "/a" }, method: { exact: "POST" } },
                    { uri: { prefix: "/b" }, method: { exact: "POST" } },
                ],
                route: [cartV1],
                timeout: "1s",
            },
            { route: [cartV1], timeout: "5s" },
        ],
    ],
    [
        "a fault for one user: his requests before the same for the rest, in each rule",
        {
            route: { v1: 100 },
            fault: { user: "jason", delay: "2s", abort: 503, percent: 50 },
            match: [{ user: "mary", route: { v2: 100 } }, { method: "POST" }],
        },
        [
            { match: [{ headers: { "end-user": { exact: "mary" } } }], route: [cartV2] },
            {
                match: [{ method: { exact: "POST" }, headers: { "end-user": { exact: "jason" } } }],
                fault: {
                    delay: { percentage: { value: 50 }, fixedDelay: "2s" },
                    abort: { percentage: { value: 50 }, httpStatus: 503 },
                },
                route: [cartV1],
            },
            { match: [{ method: { exact: "POST" } }], route: [cartV1] },
            {
                match: [{ headers: { "end-user": { exact: "jason" } } }],
                fault: {
                    delay: { percentage: { value: 50 }, fixedDelay: "2s" },
                    abort: { percentage: { value: 50 }, httpStatus: 503 },
                },
                route: [cartV1],
            },
            { route: [cartV1] },
        ],
    ],
    [
        "no fault for a user whose requests a rule before takes, and no path twice",
        {
            fault: { user: "jason", abort: 500 },
            match: [
                { user: "jason", fault: { delay: "1s" } },
                {
                    paths: [{ prefix: "/a" }, { exact: "/a/b" }, { exact: "/c" }],
                    timeout: "1s",
                    fault: { delay: "3s" },
                },
                { paths: [{ exact: "/c" }, { exact: "/d" }], timeout: "2s", fault: { delay: "3s" } },
            ],
        },
        [
            {
                match: [{ headers: { "end-user": { exact: "jason" } } }],
                fault: { delay: { percentage: { value: 100 }, fixedDelay: "1s" } },
                route: [{ destination: { host: "cart" } }],
            },
            {
                match: [{ uri: { prefix: "/a" } }, { uri: { exact: "/c" } }],
                fault: { delay: { percentage: { value: 100 }, fixedDelay: "3s" } },
                route: [{ destination: { host: "cart" } }],
                timeout: "1s",
            },
            {
                match: [{ uri: { exact: "/d" } }],
                fault: { delay: { percentage: { value: 100 }, fixedDelay: "3s" } },
                route: [{ destination: { host: "cart" } }],
                timeout: "2s",
            },
            { route: [{ destination: { host: "cart" } }] },
        ],
    ],
    [
        "a redirect, which takes nothing from the service",
        {
            route: { v1: 100 },
            timeout: "5s",
            match: [{ paths: [{ exact: "/old" }], redirect: { uri: "/new", redirectCode: 308 } }],
        },
        [
            { match: [{ uri: { exact: "/old" } }], redirect: { uri: "/new", redirectCode: 308 } },
            { route: [cartV1], timeout: "5s" },
        ],
    ],
    [
        "no copies for the version that answers a rule's requests anyway",
        { route: { v1: 100 }, mirror: { to: "v2" }, match: [{ user: "jason", route: { v2: 100 } }] },
        [
            { match: [{ headers: { "end-user": { exact: "jason" } } }], route: [cartV2] },
            { route: [cartV1], mirror: { host: "cart", subset: "v2" }, mirrorPercentage: { value: 100 } },
        ],
    ],
    [
        "everything else by Istio's names",
        {
            retries: { attempts: 3, perTryTimeout: "1s", retryOn: ["5xx", "503"] },
            mirror: { to: "v2" },
            cors: { allowOrigins: [{ prefix: "https://" }], maxAge: "24h" },
            requestHeaders: { set: { "x-stage": "test" } },
            responseHeaders: { remove: ["server"] },
        },
        [
            {
                route: [{ destination: { host: "cart" } }],
                mirror: { host: "cart", subset: "v2" },
                mirrorPercentage: { value: 100 },
                retries: { attempts: 3, perTryTimeout: "1s", retryOn: "5xx,503" },
                corsPolicy: { allowOrigins: [{ prefix: "https://" }], maxAge: "24h" },
                headers: { request: { set: { "x-stage": "test" } }, response: { remove: ["server"] } },
            },
        ],
    ],
];

const toCart = (subset?: string) => ({
    destination: { host: "cart", port: { number: 8080 }, ...(subset && { subset }) },
});

const open = [{ uri: { exact: "/health" } }, { uri: { exact: "/cart" } }, { uri: { prefix: "/cart/" } }];

/** The same at the gateway, which opens /health, and /cart with all below it. */
const atGateway: [what: string, traffic: ServiceTraffic | undefined, routes: HTTPRoute[]][] = [
    ["opens the open paths", undefined, [{ match: open, route: [toCart()] }]],
    [
        "splits and limits there as inside",
        { route: { v1: 50, v2: 50 }, timeout: "2s" },
        [
            {
                match: open,
                route: [
                    { ...toCart("v1"), weight: 50 },
                    { ...toCart("v2"), weight: 50 },
                ],
                timeout: "2s",
            },
        ],
    ],
    [
        "keeps rules within the open paths",
        {
            match: [
                { user: "jason", route: { v2: 100 } },
                { paths: [{ prefix: "/" }], method: "POST", timeout: "1s" },
                { paths: [{ prefix: "/cart/big" }, { exact: "/admin" }, { regex: "/health" }], timeout: "9s" },
                { paths: [{ prefix: "/admin" }], timeout: "3s" },
            ],
        },
        [
            {
                match: open.map((each) => ({ ...each, headers: { "end-user": { exact: "jason" } } })),
                route: [toCart("v2")],
            },
            { match: open.map((each) => ({ ...each, method: { exact: "POST" } })), route: [toCart()], timeout: "1s" },
            {
                match: [{ uri: { prefix: "/cart/big" } }, { uri: { exact: "/health" } }],
                route: [toCart()],
                timeout: "9s",
            },
            { match: open.slice(1), route: [toCart()] },
        ],
    ],
    [
        "opens paths that are rewritten to open ones, and those that lead elsewhere; no others",
        {
            match: [
                { paths: [{ prefix: "/basket" }], rewrite: "/cart" },
                { paths: [{ exact: "/backdoor" }], rewrite: "/admin" },
                { paths: [{ exact: "/old" }], redirect: { uri: "/cart" } },
            ],
        },
        [
            { match: [{ uri: { prefix: "/basket" } }], rewrite: { uri: "/cart" }, route: [toCart()] },
            { match: [{ uri: { exact: "/old" } }], redirect: { uri: "/cart" } },
            { match: open, route: [toCart()] },
        ],
    ],
];

const byClaims: ServiceTraffic = {
    route: { v1: 100 },
    match: [
        { claims: { groups: { exact: "testers" }, "realm][tenant": { prefix: "a" } }, route: { v2: 100 } },
        { claims: { groups: { exact: "testers" } }, paths: [{ prefix: "/cart/new" }], timeout: "1s" },
    ],
};

describe("routes by claims", () => {
    it("are the gateway's, which checks tokens", () => {
        const routes = gatewayRoutes([{ service: cart, traffic: byClaims }], "shop");
        const headers = {
            "@request.auth.claims[groups]": { exact: "testers" },
            "@request.auth.claims[realm][tenant]": { prefix: "a" },
        };
        assert.deepEqual(routes[0], {
            match: open.map((each) => ({ headers, ...each })),
            route: [{ destination: { ...cartV2.destination, port: { number: 8080 } } }],
        });
        assert.deepEqual(
            routes.map(({ match = [] }) => match.map(({ uri }) => uri?.prefix ?? uri?.exact)),
            [["/health", "/cart", "/cart/"], ["/cart/new"], ["/health", "/cart", "/cart/"]],
        );
    });

    it("do not exist inside the mesh", () => {
        assert.deepEqual(meshRoutes(cart, byClaims), [{ route: [cartV1] }]);
    });
});

describe("routes inside the mesh", () => {
    for (const [what, traffic, routes] of inMesh) {
        it(`say ${what}`, () => {
            const found = meshRoutes(cart, traffic);
            assert.deepEqual(found, routes);
            const spec = { hosts: ["cart"], http: found };
            const problems = validateIstio({ apiVersion: "networking.istio.io/v1", kind: "VirtualService", spec });
            assert.deepEqual(problems, []);
        });
    }

    it("of TCP are shares alone", () => {
        const tcp = { ...cart, protocol: "tcp" as const };
        assert.deepEqual(virtualService(tcp, { route: { v1: 20, v2: 80 } }), {
            hosts: ["cart"],
            tcp: [
                {
                    route: [
                        { ...cartV1, weight: 20 },
                        { ...cartV2, weight: 80 },
                    ],
                },
            ],
        });
    });

    it("are none where only limits are set", () => {
        assert.equal(virtualService(cart, { connectionPool: { tcp: { maxConnections: 1 } } }), undefined);
    });
});

describe("routes at the gateway", () => {
    for (const [what, traffic, routes] of atGateway) {
        it(what, () => assert.deepEqual(gatewayRoutes([{ service: cart, traffic }], "shop"), routes));
    }
});
