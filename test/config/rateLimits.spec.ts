import { strict as assert } from "node:assert";
import { SUPPORTED_KUBERNETES } from "../../components/istio/versions";
import { ENVOY_OF_ISTIO } from "../../components/traffic/rateLimits/envoyRateLimit";
import { LOCAL, asDevStack, described, NEW_CLUSTER } from "./settings";
import { accept, refuse, type Accepted, type Refused } from "./tables";

const SHOP = {
    ...LOCAL,
    namespaces: { shop: {} },
    services: {
        cart: { namespace: "shop", port: 80, expose: { hosts: ["shop.example.com"] } },
        stock: { namespace: "shop", port: 5432, protocol: "tcp" },
        prices: { namespace: "shop", port: 80 },
    },
};
const PROXY = { source: "proxy-protocol" };
const FORWARDED = { source: "forwarded-headers", trustedHops: 1 };
const ISSUERS = [{ issuer: "https://issuer.example.com", jwksUri: "https://issuer.example.com/keys" }];

const LIMIT = { requests: 10, per: "1s" };
const CLIENT = { ...LIMIT, each: "client-address" };
const SUBJECT = { ...LIMIT, each: "token-subject" };

const atGateway = (rateLimit: object[], gateway: object = {}, more: object = LOCAL) => ({
    ...more,
    gateway: { ...gateway, rateLimit },
});
const of = (service: string, traffic: object, more: object = {}) => ({
    ...SHOP,
    ...more,
    traffic: { services: { [service]: traffic } },
});
const checked = (service?: string) => ({
    security: { requestAuthentication: [{ name: "users", ...(service && { service }), issuers: ISSUERS }] },
});

const unseen = (where: string) =>
    `is client-address, but ${where} sees addresses of nodes or the load balancer: all clients would share a few buckets. Set gateway.clientAddresses (docs/gateway.md)`;
const unchecked = (where: string) =>
    `is token-subject, but nothing in security.requestAuthentication has ${where} check tokens`;

const refused: Refused = [
    [
        "clients that the gateway does not know",
        atGateway([CLIENT]),
        [`gateway.rateLimit[0].each ${unseen("the gateway")}`],
    ],
    [
        "clients that OCI's load balancer could name",
        atGateway([CLIENT], {}, NEW_CLUSTER),
        [`gateway.rateLimit[0].each ${unseen("the gateway")}`],
    ],
    [
        "clients that a service behind it does not know",
        of("cart", { rateLimit: [LIMIT, CLIENT] }),
        [`traffic.services.cart.rateLimit[1].each ${unseen("cart")}`],
    ],
    [
        "clients in a rule",
        of("cart", { match: [{ method: "POST", rateLimit: [CLIENT] }] }),
        [`traffic.services.cart.match[0].rateLimit[0].each ${unseen("cart")}`],
    ],
    [
        "clients behind proxies, at a service",
        of("cart", { rateLimit: [CLIENT] }, { gateway: { clientAddresses: FORWARDED } }),
        [
            "traffic.services.cart.rateLimit[0].each is client-address, but with gateway.clientAddresses.source forwarded-headers the sidecars of cart see the last proxy in front of the gateway; limit clients in gateway.rateLimit",
        ],
    ],
    [
        "subjects of tokens that nobody checks",
        atGateway([SUBJECT]),
        [`gateway.rateLimit[0].each ${unchecked("the gateway")}`],
    ],
    [
        "subjects that only the gateway knows",
        of("cart", { rateLimit: [SUBJECT] }, checked()),
        [`traffic.services.cart.rateLimit[0].each ${unchecked("the sidecars of cart")}`],
    ],
    [
        "subjects that only a service knows",
        { ...atGateway([SUBJECT], {}, SHOP), ...checked("cart") },
        [`gateway.rateLimit[0].each ${unchecked("the gateway")}`],
    ],
    [
        "the same limit twice",
        of("cart", { rateLimit: [LIMIT, LIMIT] }),
        [
            "traffic.services.cart.rateLimit[1] counts the same requests for the same time as traffic.services.cart.rateLimit[0]; one of them is enough",
        ],
    ],
    [
        "two limits of one time",
        atGateway([LIMIT, { requests: 5, per: "1000ms" }]),
        [
            "gateway.rateLimit[1] counts the same requests for the same time as gateway.rateLimit[0]; one of them is enough",
        ],
    ],
    [
        "requests of a service without requests",
        of("stock", { rateLimit: [LIMIT] }),
        ["traffic.services.stock.rateLimit is for HTTP requests, but stock is of protocol tcp"],
    ],
    [
        "requests that never arrive",
        of("cart", { match: [{ method: "GET", redirect: { uri: "/new" }, rateLimit: [LIMIT] }] }),
        [
            "traffic.services.cart.match[0].rateLimit has no effect beside traffic.services.cart.match[0].redirect, which responds without calling the service",
        ],
    ],
    [
        "requests that arrive with another path",
        of("cart", { match: [{ paths: [{ prefix: "/basket" }], rewrite: "/cart", rateLimit: [LIMIT] }] }),
        [
            "traffic.services.cart.match[0].rateLimit stands beside rewrite, so the sidecars of cart cannot tell which requests it counts: they arrive with another path. Limit the service, or a rule without rewrite",
        ],
    ],
    [
        "requests that only the gateway can tell apart",
        of("cart", { match: [{ claims: { groups: { exact: "trial" } }, rateLimit: [LIMIT] }] }, checked()),
        [
            "traffic.services.cart.match[0].rateLimit stands beside claims, so the sidecars of cart cannot tell which requests it counts: routes by claims are the gateway's alone. Limit the service, or a rule without claims",
        ],
    ],
    ["no limit", atGateway([]), ["gateway.rateLimit is [], must be a list of at least 1"]],
    [
        "a limit that is no list",
        of("cart", { rateLimit: LIMIT }),
        ['traffic.services.cart.rateLimit is {"requests":10,"per":"1s"}, must be a list'],
    ],
    [
        "no requests",
        atGateway([{ requests: 0, per: "1s" }]),
        ["gateway.rateLimit[0].requests is 0, must be at least 1"],
    ],
    [
        "no time",
        atGateway([{ requests: 1 }]),
        ["gateway.rateLimit[0].per is missing, must be a duration in whole milliseconds such as 0.5s, 2s or 1m30s"],
    ],
    [
        "a time that Envoy cannot count",
        atGateway([{ requests: 1, per: "10ms" }]),
        ['gateway.rateLimit[0].per is "10ms", must be 50ms or more'],
    ],
    [
        "a header without its name",
        atGateway([{ ...LIMIT, each: "header" }]),
        [
            'gateway.rateLimit[0] is {"requests":10,"per":"1s","each":"header"}, must be with header where each is header, and only there',
        ],
    ],
    [
        "a header that nobody counts by",
        atGateway([{ ...LIMIT, header: "x-key" }]),
        [
            'gateway.rateLimit[0] is {"requests":10,"per":"1s","header":"x-key"}, must be with header where each is header, and only there',
        ],
    ],
    [
        "clients by another name",
        atGateway([{ ...LIMIT, each: "client" }]),
        ['gateway.rateLimit[0].each is "client", must be client-address, token-subject or header'],
    ],
];

const accepted: Accepted = [
    ["a second's and a day's", atGateway([LIMIT, { requests: 10_000, per: "24h", burst: 100 }])],
    ["clients that the gateway knows", atGateway([CLIENT], { clientAddresses: FORWARDED })],
    ["clients that a service knows", of("cart", { rateLimit: [CLIENT] }, { gateway: { clientAddresses: PROXY } })],
    ["pods that call a service that is not exposed", of("prices", { rateLimit: [CLIENT] })],
    ["subjects at the gateway", { ...atGateway([SUBJECT]), ...checked() }],
    ["subjects at a service", of("cart", { rateLimit: [SUBJECT] }, checked("cart"))],
    ["values of two headers", atGateway(["x-a", "x-b"].map((header) => ({ ...LIMIT, each: "header", header })))],
    // The service's sidecars limit, whatever leads to them.
    ...["ingress", "gateway-api"].map((kind): [string, Record<string, unknown>] => [
        `limits of a service and its rules with kind ${kind}`,
        of(
            "cart",
            { rateLimit: [LIMIT], match: [{ method: "POST", rateLimit: [{ requests: 1, per: "1m" }] }] },
            { gateway: { kind } },
        ),
    ]),
];

describe("rate limits in the settings", () => {
    asDevStack();

    refuse(refused);
    accept(accepted);

    it("still refuse other treatment in a rule that an Ingress cannot give", () => {
        const match = [{ method: "POST", timeout: "1s", rateLimit: [LIMIT] }];
        assert.deepEqual(described(of("cart", { match }, { gateway: { kind: "ingress" } })), [
            "traffic.services.cart.match routes requests to cart by match, which gateway.kind ingress does not support at the gateway",
        ]);
    });

    // A new minor has another Envoy: try the filters with it, then name it.
    it("are written for the Envoy of every Istio that this program installs", () => {
        assert.deepEqual(Object.keys(ENVOY_OF_ISTIO), Object.keys(SUPPORTED_KUBERNETES));
    });
});
