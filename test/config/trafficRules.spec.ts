import { strict as assert } from "node:assert";
import { assertFixable } from "./fixable";
import { asDevStack, described } from "./settings";

const KUBECONFIG = { cluster: { source: "kubeconfig" } };

/** Services of the user's own: one with versions that is open at the gateway, and one that speaks TCP. */
const OWN = {
    ...KUBECONFIG,
    namespaces: { shop: {} },
    services: {
        cart: {
            namespace: "shop",
            port: 80,
            versions: { v1: { version: "v1" }, v2: { version: "v2" } },
            expose: { hosts: ["shop.example.com"], paths: [{ prefix: "/cart" }, { exact: "/health" }] },
        },
        stock: { namespace: "shop", port: 5432, protocol: "tcp" },
    },
};

const reviews = (treatment: object) => ({ ...KUBECONFIG, traffic: { services: { reviews: treatment } } });
const cart = (treatment: object) => ({ ...OWN, traffic: { services: { cart: treatment } } });
const stock = (treatment: object) => ({ ...OWN, traffic: { services: { stock: treatment } } });

const KEY = "traffic.services.reviews";

const refused: [what: string, settings: Record<string, unknown>, problems: string[]][] = [
    [
        "shares below 100",
        reviews({ route: { v1: 50, v3: 40 } }),
        [`${KEY}.route shares add up to 90, they must add up to 100`],
    ],
    [
        "shares above 100",
        reviews({ route: { v1: 100, v2: 100, v3: 100 } }),
        [`${KEY}.route shares add up to 300, they must add up to 100`],
    ],
    [
        "shares in a rule",
        reviews({ match: [{ user: "jason", route: { v2: 10 } }] }),
        [`${KEY}.match[0].route shares add up to 10, they must add up to 100`],
    ],
    [
        "a version nobody deployed",
        reviews({ route: { v4: 100 } }),
        [`${KEY}.route.v4 is v4, a version that reviews does not have: there is v1, v2, v3`],
    ],
    [
        "a mirror nobody deployed",
        reviews({ mirror: { to: "canary" } }),
        [`${KEY}.mirror.to is canary, a version that reviews does not have: there is v1, v2, v3`],
    ],
    [
        "versions of a service without any",
        stock({ route: { v1: 100 } }),
        ["traffic.services.stock.route.v1 is v1, but stock has no versions; set their labels"],
    ],
    [
        "a misspelt service",
        { ...KUBECONFIG, traffic: { services: { revews: { timeout: "2s" } } } },
        ["traffic.services.revews is no service of the mesh; did you mean reviews?"],
    ],
    [
        "a client that is off",
        { ...KUBECONFIG, traffic: { services: { httpbin: { timeout: "2s" } } } },
        ["traffic.services.httpbin is about one of the clients, but clients.httpbin is false"],
    ],
    [
        "a scenario without Bookinfo",
        { ...KUBECONFIG, bookinfo: { enabled: false }, traffic: { scenario: "mirroring" } },
        ["traffic.scenario is mirroring, a step with Bookinfo's services, but bookinfo.enabled is false"],
    ],
    [
        "one Service under two names",
        {
            ...OWN,
            services: { ...OWN.services, basket: { namespace: "shop", host: "cart", port: 80 } },
            traffic: { services: { basket: { timeout: "2s" } } },
        },
        [
            "traffic.services.basket is the Kubernetes Service cart in namespace shop, as cart is already; route it under one name",
        ],
    ],
    [
        "a rule for everybody",
        reviews({ match: [{ route: { v2: 100 } }] }),
        [`${KEY}.match[0] matches every request, so no rule after it is reached; set it at the service itself`],
    ],
    [
        "a rule for every path",
        reviews({ match: [{ paths: [{ prefix: "/" }], route: { v2: 100 } }] }),
        [`${KEY}.match[0] matches every request, so no rule after it is reached; set it at the service itself`],
    ],
    [
        "one rule twice",
        reviews({ match: [{ user: "jason" }, { user: "jason", timeout: "1s" }] }),
        [`${KEY}.match[1] is never reached: ${KEY}.match[0] takes all requests that it fits`],
    ],
    [
        "a rule in another's shadow",
        reviews({
            match: [
                { paths: [{ prefix: "/a" }, { regex: "/b/[0-9]+" }] },
                { paths: [{ exact: "/b/1" }, { prefix: "/a/b" }], method: "GET" },
            ],
        }),
        [`${KEY}.match[1] is never reached: ${KEY}.match[0] takes all requests that it fits`],
    ],
    [
        "the user's header by its name",
        reviews({ match: [{ headers: { "end-user": { exact: "jason" } } }] }),
        [`${KEY}.match[0].headers.end-user is what user matches; set user instead`],
    ],
    [
        "a timeout shorter than its tries",
        reviews({ timeout: "3s", retries: { attempts: 3, perTryTimeout: "1s" } }),
        [`${KEY}.timeout is 3s, but 4 tries of 1s each take up to 4000ms`],
    ],
    [
        "a rule's timeout shorter than the service's tries",
        reviews({ retries: { attempts: 1, perTryTimeout: "1s" }, match: [{ user: "jason", timeout: "1.5s" }] }),
        [`${KEY}.match[0].timeout is 1.5s, but 2 tries of 1s each take up to 2000ms`],
    ],
    [
        "a fault that is none",
        reviews({ fault: { user: "jason" } }),
        [`${KEY}.fault has neither delay nor abort, so nothing would happen`],
    ],
    [
        "a fault for a user in another's rule",
        reviews({ match: [{ user: "mary", fault: { delay: "2s", user: "jason" } }] }),
        [`${KEY}.match[0].fault.user is jason, but the rule is about requests of mary`],
    ],
    [
        "a rewrite beside a redirect",
        reviews({ match: [{ paths: [{ exact: "/a" }], rewrite: "/b", redirect: { uri: "/c" } }] }),
        [
            `${KEY}.match[0].rewrite has no effect beside ${KEY}.match[0].redirect, which responds without calling the service`,
        ],
    ],
    [
        "a mirror of itself",
        reviews({ route: { v1: 50, v2: 50 }, mirror: { to: "v2" } }),
        [`${KEY}.mirror.to is v2, which serves the requests already`],
    ],
    [
        "a mirror of what a rule takes from its service",
        reviews({ route: { v1: 100 }, match: [{ user: "jason", mirror: { to: "v1" } }] }),
        [`${KEY}.match[0].mirror.to is v1, which serves the requests already`],
    ],
    [
        "requests to a service that knows none",
        stock({ timeout: "2s", connectionPool: { http: { maxRetries: 1 } } }),
        [
            "traffic.services.stock.timeout is for HTTP requests, but stock is of protocol tcp",
            "traffic.services.stock.connectionPool.http is for HTTP requests, but stock is of protocol tcp",
        ],
    ],
    [
        "a pattern that is half open at the gateway",
        cart({ match: [{ paths: [{ regex: "/c.*" }], timeout: "2s" }] }),
        [
            "traffic.services.cart.match[0].paths[0] matches both exposed and other paths of cart; begin it with an exposed path, or use prefix or exact",
        ],
    ],
    [
        "two ways to choose a pod",
        reviews({ loadBalancer: { simple: "RANDOM", consistentHash: { useSourceIp: true } } }),
        [`${KEY}.loadBalancer.simple is RANDOM beside consistentHash, which is another way to choose a pod`],
    ],
    [
        "localities without a look at failures",
        reviews({ loadBalancer: { locality: { failover: [{ from: "us-ashburn-1", to: "us-phoenix-1" }] } } }),
        [`${KEY}.loadBalancer.locality needs ${KEY}.outlierDetection, which detects failing pods`],
    ],
    [
        "a failover to where it fails",
        reviews({
            loadBalancer: { locality: { failover: [{ from: "us-ashburn-1", to: "us-ashburn-1" }] } },
            outlierDetection: { interval: "1s" },
        }),
        [`${KEY}.loadBalancer.locality.failover[0].to is us-ashburn-1, the region that failed`],
    ],
    [
        "claims inside the mesh, where nobody checks tokens",
        reviews({ match: [{ claims: { groups: { exact: "testers" } }, route: { v2: 100 } }] }),
        [`${KEY}.match[0].claims counts for requests through the gateway, where reviews is not exposed`],
    ],
    [
        "claims at a gateway that checks no tokens",
        cart({ match: [{ claims: { groups: { exact: "testers" } }, timeout: "2s" }] }),
        [
            "traffic.services.cart.match[0].claims needs tokens that the gateway checks: an entry of security.requestAuthentication without service",
        ],
    ],
    [
        "names in the mesh's own certificates",
        reviews({ tls: { mode: "ISTIO_MUTUAL", sni: "reviews.example.com" } }),
        [`${KEY}.tls.sni goes with ${KEY}.tls.mode SIMPLE, but that is ISTIO_MUTUAL`],
    ],
];

/** What Istio or its kinds would refuse, refused by the schema. */
const wrong: [what: string, treatment: object, problem: string][] = [
    ["a scenario there is not", { scenario: "all-v2" }, "traffic.scenario"],
    ["a share above 100", { route: { v1: 150 } }, "route.v1"],
    ["half a share", { route: { v1: 50.5 } }, "route.v1"],
    ["no shares", { route: {} }, "route"],
    ["a duration of nothing", { timeout: "0s" }, "timeout"],
    ["a bare number for a duration", { timeout: "5" }, "timeout"],
    ["a percentage that rounds to nothing", { fault: { delay: "1s", percent: 0.00001 } }, "fault.percent"],
    ["a status that is none", { fault: { abort: 600 } }, "fault.abort"],
    ["a mirror of more than all", { mirror: { to: "v2", percent: 101 } }, "mirror.percent"],
    ["a pattern too long", { match: [{ paths: [{ regex: "a".repeat(1025) }] }] }, "match[0].paths[0].regex"],
    ["a pattern with look-ahead", { match: [{ paths: [{ regex: "/(?=a)" }] }] }, "match[0].paths[0].regex"],
    ["an empty prefix", { match: [{ paths: [{ prefix: "" }] }] }, "match[0].paths[0].prefix"],
    ["two ways to match", { match: [{ paths: [{ prefix: "/a", exact: "/b" }] }] }, "match[0].paths[0]"],
    ["no claim's name", { match: [{ claims: { "a b": { exact: "a" } } }] }, 'match[0].claims["a b"]'],
    ["a header in capitals", { match: [{ headers: { "X-Test": { exact: "a" } } }] }, "match[0].headers.X-Test"],
    ["a redirect to nowhere", { redirect: { redirectCode: 302 } }, "redirect"],
    ["retries that are off and on", { retries: { attempts: 0, perTryTimeout: "1s" } }, "retries"],
    ["a condition Envoy does not know", { retries: { attempts: 1, retryOn: ["5XX"] } }, "retries.retryOn[0]"],
    ["a change of the host header", { requestHeaders: { set: { Host: "a" } } }, "requestHeaders.set.Host"],
    ["a header with a command", { responseHeaders: { set: { "x-a": "%DURATION%" } } }, "responseHeaders.set.x-a"],
    ["CORS remembered for half a second", { cors: { allowOrigins: [{ exact: "a" }], maxAge: "0.5s" } }, "cors.maxAge"],
    ["a circuit breaker without limits", { connectionPool: {} }, "connectionPool"],
    [
        "localities with half of the requests",
        { loadBalancer: { locality: { distribute: [{ from: "a/*", to: { "b/*": 50 } }] } } },
        "loadBalancer.locality.distribute[0].to",
    ],
    ["a misspelt setting", { timout: "1s" }, "timout"],
];

const fine: [what: string, settings: Record<string, unknown>][] = [
    ["a share of nothing", reviews({ route: { v1: 100, v3: 0 } })],
    [
        "rules from narrow to wide",
        reviews({ match: [{ user: "jason", method: "GET" }, { user: "jason" }, { method: "GET" }] }),
    ],
    ["a mirror of everything", reviews({ route: { v1: 100 }, mirror: { to: "v2" } })],
    ["tries that fit the timeout", reviews({ timeout: "4s", retries: { attempts: 3, perTryTimeout: "1s" } })],
    ["a pattern below an open path", cart({ match: [{ paths: [{ regex: "/cart/[0-9]+" }], route: { v2: 100 } }] })],
    ["a pattern for inside alone", cart({ match: [{ paths: [{ regex: "/internal/.*" }], route: { v2: 100 } }] })],
    [
        "a service that sends most away",
        reviews({ redirect: { uri: "/new" }, timeout: "2s", match: [{ user: "jason" }] }),
    ],
    [
        "limits of connections for TCP",
        stock({
            connectionPool: { tcp: { maxConnections: 10 } },
            loadBalancer: { consistentHash: { useSourceIp: true } },
        }),
    ],
    [
        "one name for Services of two namespaces",
        {
            ...OWN,
            namespaces: { shop: {}, market: {} },
            services: {
                ...OWN.services,
                other: { namespace: "market", host: "cart", port: 80, versions: { v1: { version: "v1" } } },
            },
        },
    ],
];

describe("rules of traffic", () => {
    asDevStack();

    for (const [what, settings, problems] of refused) {
        it(`refuse ${what}`, () => assert.deepEqual(described(settings), problems));
        it(`say how to fix ${what}`, () => assertFixable(settings));
    }
    for (const [what, { scenario, ...treatment }, key] of wrong as [string, { scenario?: string }, string][]) {
        const settings = scenario === undefined ? reviews(treatment) : { ...KUBECONFIG, traffic: { scenario } };
        it(`refuse ${what}`, () => {
            const [problem, ...others] = described(settings);
            assert.deepEqual(others, []);
            const wanted = scenario === undefined ? `${KEY}.${key}` : key;
            assert.ok(problem?.startsWith(`${wanted} `), problem);
        });
        it(`say how to fix ${what}`, () => assertFixable(settings));
    }
    for (const [what, settings] of fine) {
        it(`accept ${what}`, () => assert.deepEqual(described(settings), []));
    }
});
