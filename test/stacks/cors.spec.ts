import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { at, type Plan, type Resource } from "../../plan/model";
import { one } from "../../plan/query";
import { record } from "../../plan/record/record";
import { asDevStack } from "../config/settings";
import { askIstio } from "../support/gatewayEvaluators";
import { decide, type Call } from "../support/meshDecisions";
import { accepted, objectsOf } from "../support/meshObjects";

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

const any = <T>(...values: T[]) => fc.constantFrom(...values);

/** Services at shared hosts, some with CORS; some tell requests apart by methods if `methods` says so. */
const services = (methods: boolean) =>
    fc.dictionary(
        any("web", "api", "cart", "pay"),
        fc.record({
            hosts: fc.uniqueArray(any("a.example.com", "*.example.com", "*"), { minLength: 1, maxLength: 2 }),
            paths: fc.array(
                fc.record(
                    {
                        prefix: any("/", "/api", "/api/v1", "/api/v1/x"),
                        ...(methods && {
                            methods: fc.uniqueArray(any("GET", "PUT", "OPTIONS"), { minLength: 1, maxLength: 2 }),
                        }),
                    },
                    { requiredKeys: ["prefix"] },
                ),
                { minLength: 1, maxLength: 2 },
            ),
            cors: fc.boolean(),
        }),
        { minKeys: 2, maxKeys: 4 },
    );

const preflight = fc.record({
    host: any("a.example.com", "b.example.com", "other.test"),
    path: any("/", "/apis", "/api", "/api/x", "/api/v1", "/api/v1/x", "/api/v1/x/y"),
    asked: any("GET", "PUT", "DELETE"),
});

const REQUIRED = any<object>({}, { paths: ["/api/*"] }, { paths: ["*/x"] }, { hosts: ["a.example.com"] });

describe("preflights at hosts of several services", function () {
    this.timeout(120_000);
    asDevStack();

    for (const methods of [false, true]) {
        const what = methods
            ? "never reach a service without a token"
            : "need a token where no CORS answers, only there";
        it(`${what}, ${methods ? "also with" : "without"} methods`, async () => {
            let seen = 0;
            await fc.assert(
                fc.asyncProperty(
                    services(methods),
                    REQUIRED,
                    fc.array(preflight, { minLength: 20, maxLength: 30 }),
                    async (open, required, preflights) => {
                        const settings = accepted(settingsOf(open, required));
                        const objects = settings ? await objectsOf(settings) : [];
                        const resources = objects.map(
                            (inputs) => ({ type: inputs.kind, inputs }) as unknown as Resource,
                        );
                        for (const { host, path, asked } of settings ? preflights : []) {
                            const headers = { origin: "https://x.test", "access-control-request-method": asked };
                            const call = { method: "OPTIONS", host, path, headers };
                            const answer = askIstio(objects, call);
                            const forwards = answer !== undefined && !answer.route?.corsPolicy;
                            const plan = { resources } as Plan;
                            // A request that is none of a browser's shows whether a token is required at all.
                            const needed = decide(plan, { to: GATEWAY, ...call, method: "PUT" }) === "403";
                            const passes = decide(plan, { to: GATEWAY, ...call }) === "allowed";
                            assert.ok(!(needed && forwards && passes), `${host}${path} ${asked} reaches a service`);
                            seen += needed && passes ? 1 : 0;
                            if (!methods && answer?.route?.corsPolicy && !JSON.stringify(required).includes("*/x")) {
                                assert.ok(passes, `${host}${path} is answered, but needs a token`);
                            }
                        }
                    },
                ),
                { numRuns: 60 }, // Fewer sometimes draw less than the 50 below.
            );
            assert.ok(seen > 50, `${seen} preflights passed`);
        });
    }
});

function settingsOf(
    open: Record<string, { hosts: string[]; paths: object[]; cors: boolean }>,
    required: object,
): Record<string, unknown> {
    const names = Object.keys(open);
    return {
        cluster: { source: "kubeconfig" },
        bookinfo: { enabled: false },
        namespaces: { shop: {} },
        services: Object.fromEntries(
            names.map((name) => {
                const { hosts, paths } = open[name]!;
                return [name, { namespace: "shop", port: 80, expose: { hosts, paths } }];
            }),
        ),
        traffic: {
            services: Object.fromEntries(
                names.filter((name) => open[name]?.cors).map((name) => [name, SETTINGS.traffic.services.cart]),
            ),
        },
        security: {
            requestAuthentication: [{ ...SETTINGS.security.requestAuthentication[0], require: [required] }],
        },
    };
}
