import { strict as assert } from "node:assert";
import { at, type Plan } from "../../plan/model";
import { one } from "../../plan/query";
import { record } from "../../plan/record/record";
import { decide, type Call } from "../support/meshDecisions";

/** The gateway asks for tokens everywhere; the shop alone has CORS. */
const SETTINGS = {
    gateway: { hosts: ["bookinfo.example.com"] },
    namespaces: { shop: {} },
    services: { cart: { namespace: "shop", port: 80, expose: { hosts: ["shop.example.com"] } } },
    traffic: { services: { cart: { cors: { allowOrigins: [{ exact: "https://web.example.com" }], maxAge: "1h" } } } },
    security: {
        requestAuthentication: [
            { name: "users", issuers: [{ issuer: "me", jwksUri: "https://keys.example.com/jwks.json" }] },
        ],
    },
};

const GATEWAY = { namespace: "istio-system", labels: { istio: "ingressgateway" }, port: 80 };
const PREFLIGHT = {
    method: "OPTIONS",
    host: "shop.example.com",
    headers: { origin: "https://web.example.com", "access-control-request-method": "PUT" },
};

/** https://github.com/istio/istio/issues/55318 */
describe("a browser's preflight at a gateway that asks for tokens", () => {
    let plan: Plan;
    before(async () => {
        plan = await record({ stack: "local", override: SETTINGS });
    });

    const cases: [string, Partial<Call>, string][] = [
        ["passes for a service with CORS", {}, "allowed"],
        ["passes with a port in the host", { host: "shop.example.com:80" }, "allowed"],
        ["does not pass for another service", { host: "bookinfo.example.com" }, "403"],
        ["does not pass for a host that nobody has", { host: "other.example.com" }, "403"],
        ["is none without an origin", { headers: { "access-control-request-method": "PUT" } }, "403"],
        ["is none without the method it asks for", { headers: { origin: "https://web.example.com" } }, "403"],
        ["lets no other method pass", { method: "PUT" }, "403"],
        [
            "is followed by a request with a token",
            { method: "PUT", token: { issuer: "me", subject: "x", valid: true } },
            "allowed",
        ],
    ];
    for (const [what, call, expected] of cases) {
        it(what, () => assert.equal(decide(plan, { to: GATEWAY, ...PREFLIGHT, ...call }), expected));
    }

    it("is answered by the gateway, whatever its origin, and never by the service", () => {
        const { inputs } = one(plan, "VirtualService", "services-ingress-shop-example-com");
        assert.equal(at(inputs, "spec", "http", 0, "corsPolicy", "unmatchedPreflights"), "IGNORE");
    });
});
