import { strict as assert } from "node:assert";
import { SecurityPolicies } from "../../components/security/securityPolicies";
import { readSettings } from "../../config/load";
import { resolveMesh } from "../../mesh/mesh";
import { at, type Plan } from "../../plan/model";
import { ofType, one } from "../../plan/query";
import { record } from "../../plan/record/record";
import { securityPoliciesArgs } from "../../stack/security";
import { decide, matches, type Call, type Decision } from "../support/meshDecisions";

const bookinfo = (serviceAccount: string) => ({ namespace: "bookinfo", serviceAccount });
const callers: Record<string, Call["from"]> = {
    gateway: { namespace: "istio-system", serviceAccount: "istio-ingressgateway" },
    productpage: bookinfo("bookinfo-productpage"),
    details: bookinfo("bookinfo-details"),
    reviews: bookinfo("bookinfo-reviews"),
    ratings: bookinfo("bookinfo-ratings"),
    curl: bookinfo("curl"),
    legacy: undefined,
};
const SERVICES = ["productpage", "details", "reviews", "ratings", "httpbin"];
const SIGNS: Record<Decision, string> = { allowed: "+", "403": "-", "401": "?", cut: "x" };

const CLIENTS = { curl: true, httpbin: true, legacy: true };

/** The local stack with these settings, whole. */
function wholePlan(security: object, more: object = {}): Promise<Plan> {
    return record({ stack: "local", override: { clients: CLIENTS, security, ...more } });
}

/** Of the local stack with these settings, only the policies: many of them are planned here. */
function planOf(security: object, more: object = {}): Promise<Plan> {
    return record({ stack: "local", override: { clients: CLIENTS, security, ...more } }, () => {
        const settings = readSettings();
        void new SecurityPolicies("security", securityPoliciesArgs(settings, resolveMesh(settings)), {});
    });
}

/** Who gets an answer to a GET, a line for each caller and a column for each of SERVICES. */
function table(plan: Plan, request: Partial<Call> = {}): string[] {
    return Object.entries(callers).map(([name, from]) => {
        const cells = SERVICES.map((app) => {
            const to = { namespace: "bookinfo", labels: { app } };
            return SIGNS[decide(plan, { from, to, path: `/${app}`, ...request })];
        });
        return `${name.padEnd(11)} ${cells.join(" ")}`;
    });
}

/** One line for each of `callers`, in their order. */
function expected(...cells: string[]): string[] {
    return Object.keys(callers).map((name, index) => `${name.padEnd(11)} ${cells[index]}`);
}

const everybody = (cells: string) => Object.keys(callers).map(() => cells);

const decisions: [mode: string, security: object, get: string[]][] = [
    ["nothing set: everybody calls everybody", {}, everybody("+ + + + +")],
    [
        "STRICT: whoever is outside the mesh is cut off",
        { mtls: { mode: "STRICT" } },
        [...everybody("+ + + + +").slice(1), "x x x x x"],
    ],
    [
        "STRICT for one namespace says the same of it",
        { mtls: { namespaces: { bookinfo: { mode: "STRICT" } } } },
        [...everybody("+ + + + +").slice(1), "x x x x x"],
    ],
    [
        "one service stays open to plain text",
        { mtls: { mode: "STRICT", services: { httpbin: { mode: "PERMISSIVE" } } } },
        [...everybody("+ + + + +").slice(1), "x x x x +"],
    ],
    [
        "guide, allow-nothing: 'rejects all requests'",
        { authorization: { mode: "guide", viewers: [] } },
        everybody("- - - - -"),
    ],
    [
        "guide, productpage-viewer: 'to all users and workloads access to the product page'",
        { authorization: { mode: "guide", viewers: ["productpage"] } },
        everybody("+ - - - -"),
    ],
    [
        "guide, all viewers: productpage to details and reviews, reviews to ratings",
        { authorization: { mode: "guide" } },
        ["+ - - - -", "+ + + - -", "+ - - - -", "+ - - + -", "+ - - - -", "+ - - - -", "+ - - - -"],
    ],
    [
        "zero trust: the gateway to the page, then the application's own calls",
        { authorization: { mode: "zero-trust" } },
        ["+ - - - -", "- + + - -", "- - - - -", "- - - + -", "- - - - -", "- - - - -", "- - - - -"],
    ],
    [
        "zero trust and STRICT, with curl declared a caller of httpbin",
        { mtls: { mode: "STRICT" }, authorization: { mode: "zero-trust", calls: { curl: ["httpbin"] } } },
        ["+ - - - -", "- + + - -", "- - - - -", "- - - + -", "- - - - -", "- - - - +", "x x x x x"],
    ],
    [
        "zero trust, with another graph for productpage",
        { authorization: { mode: "zero-trust", calls: { productpage: ["details"] } } },
        ["+ - - - -", "- + - - -", "- - - - -", "- - - + -", "- - - - -", "- - - - -", "- - - - -"],
    ],
];

describe("who may call whom, by Istio's semantics", () => {
    for (const [mode, security, get] of decisions) {
        it(mode, async () => assert.deepEqual(table(await planOf(security), {}), expected(...get)));
    }

    const throughGateway: [mode: string, method: string, path: string, decision: Decision][] = [
        ["guide", "GET", "/productpage?u=normal", "allowed"],
        ["guide", "HEAD", "/productpage", "allowed"],
        ["guide", "POST", "/login", "allowed"],
        ["guide", "POST", "/productpage", "403"],
        ["guide", "DELETE", "/login", "403"],
        ["zero-trust", "GET", "/productpage?u=normal", "allowed"],
        ["zero-trust", "GET", "/static/bootstrap.css", "allowed"],
        ["zero-trust", "GET", "/logout", "allowed"],
        ["zero-trust", "GET", "/api/v1/products/0", "allowed"],
        ["zero-trust", "HEAD", "/productpage", "allowed"],
        ["zero-trust", "POST", "/login", "allowed"],
        ["zero-trust", "POST", "/productpage", "403"],
        ["zero-trust", "GET", "/metrics", "403"],
        ["zero-trust", "GET", "/health", "403"],
        ["zero-trust", "DELETE", "/login", "403"],
    ];
    for (const [mode, method, path, decision] of throughGateway) {
        it(`${mode}: ${method} ${path} from the gateway is ${decision}`, async () => {
            const plan = await planned(mode);
            const to = { namespace: "bookinfo", labels: { app: "productpage" } };
            assert.equal(decide(plan, { from: callers.gateway, to, method, path }), decision);
        });
    }

    const plans = new Map<string, Promise<Plan>>();
    function planned(mode: string): Promise<Plan> {
        const plan = plans.get(mode) ?? planOf({ authorization: { mode } });
        plans.set(mode, plan);
        return plan;
    }

    it("zero trust lets the gateway do what its routes lead to, and no more", async () => {
        const plan = await wholePlan({ authorization: { mode: "zero-trust" } });
        const routed = at(
            one(plan, "VirtualService", "bookinfo-ingress-virtualservice").inputs,
            "spec",
            "http",
            0,
            "match",
        );
        const paths = (routed as { uri: Record<string, string> }[]).map(({ uri }) => Object.values(uri)[0]);
        const to = { namespace: "bookinfo", labels: { app: "productpage" } };
        assert.ok(paths.length > 0);
        for (const path of paths) {
            assert.equal(decide(plan, { from: callers.gateway, to, path }), "allowed", path);
        }
    });

    it("zero trust takes in the user's own services, by their own labels, accounts and namespaces", async () => {
        const services = {
            shop: { namespace: "shop", port: 80, serviceAccount: "shop", expose: { hosts: ["shop.example.com"] } },
            stock: { namespace: "shop", host: "stock-db", port: 5432, protocol: "tcp", selector: { db: "stock" } },
        };
        const authorization = { mode: "zero-trust", calls: { shop: ["stock", "details"] } };
        const plan = await planOf({ authorization }, { services, namespaces: { shop: { source: "existing" } } });
        const shop = { namespace: "shop", serviceAccount: "shop" };
        const stock = { namespace: "shop", labels: { db: "stock" } };
        const page = { namespace: "shop", labels: { app: "shop" } };
        const details = { namespace: "bookinfo", labels: { app: "details" } };
        const calls: [Call, Decision][] = [
            [{ from: shop, to: stock }, "allowed"],
            [{ from: shop, to: details }, "allowed"],
            [{ from: callers.productpage, to: details }, "allowed"],
            [{ from: callers.curl, to: stock }, "403"],
            [{ from: callers.gateway, to: stock }, "403"],
            [{ from: callers.gateway, to: page, method: "PATCH", path: "/cart" }, "allowed"],
            [{ from: callers.curl, to: page }, "403"],
            [{ from: shop, to: { namespace: "shop", labels: { app: "other" } } }, "403"],
        ];
        assert.deepEqual(
            calls.map(([call]) => decide(plan, call)),
            calls.map(([, decision]) => decision),
        );
        // TCP has no methods and paths: a rule with them would never match.
        const { inputs } = one(plan, "AuthorizationPolicy", "security-shop.stock-callers");
        assert.deepEqual(at(inputs, "spec", "rules"), [
            { from: [{ source: { principals: ["cluster.local/ns/shop/sa/shop"] } }] },
        ]);
    });

    it("a token is asked for where it should be, beside what the mesh allows anyway", async () => {
        const issuer = "https://identity.oraclecloud.com/";
        const jwksUri = "https://idcs-1.identity.oraclecloud.com/admin/v1/SigningCert/jwk";
        const require = [{ hosts: ["api.example.com"] }, { paths: ["/admin/*"], claims: { groups: ["admins"] } }];
        const requestAuthentication = [{ name: "users", issuers: [{ issuer, jwksUri }], require }];
        const plan = await planOf({ requestAuthentication, authorization: { mode: "zero-trust" } });
        const to = { namespace: "istio-system", labels: { istio: "ingressgateway" }, port: 80 };
        const token = (valid: boolean, groups: string[] = []) => ({
            issuer,
            subject: "ann",
            valid,
            claims: { groups },
        });
        const calls: [Call, Decision][] = [
            [{ to, path: "/productpage" }, "allowed"],
            [{ to, host: "api.example.com" }, "403"],
            [{ to, host: "API.example.com:8443" }, "403"],
            [{ to, host: "api.example.com", token: token(true) }, "allowed"],
            [{ to, path: "/productpage", token: token(false) }, "401"],
            [{ to, path: "/productpage", token: { ...token(true), issuer: "https://evil.example.com" } }, "401"],
            [{ to, path: "/admin/users", token: token(true, ["staff"]) }, "403"],
            [{ to, path: "/admin/users", token: token(true, ["staff", "admins"]) }, "allowed"],
        ];
        assert.deepEqual(
            calls.map(([call]) => decide(plan, call)),
            calls.map(([, decision]) => decision),
        );
    });

    it("own policies deny first, ask authorizers before that, and only pretend in a dry run", async () => {
        const policies = [
            {
                name: "no-writes",
                service: "ratings",
                action: "DENY",
                rules: [{ to: { methods: ["POST", "PUT"] } }, { to: { hosts: ["old.example.com"] } }],
            },
            {
                name: "no-curl",
                namespace: "bookinfo",
                action: "DENY",
                dryRun: true,
                rules: [{ from: { services: ["curl"] } }],
            },
            {
                name: "ask",
                service: "details",
                action: "CUSTOM",
                provider: "opa",
                rules: [{ to: { paths: ["/details/*"], ports: [9080] } }],
            },
            {
                name: "tenants",
                service: "reviews",
                rules: [{ when: [{ key: "request.headers[x-tenant]", values: ["a"], notValues: ["b"] }] }],
            },
        ];
        const providers = { opa: { protocol: "grpc", service: "opa.opa.svc.cluster.local", port: 9191 } };
        const plan = await wholePlan({ authorization: { policies, providers } });
        const to = (app: string) => ({ namespace: "bookinfo", labels: { app }, port: 9080 });
        const never = () => false;
        assert.equal(decide(plan, { from: callers.reviews, to: to("ratings") }), "allowed");
        assert.equal(decide(plan, { from: callers.reviews, to: to("ratings"), method: "POST" }), "403");
        assert.equal(decide(plan, { from: callers.curl, to: to("ratings") }), "allowed", "a dry run does nothing");
        for (const host of ["old.example.com", "old.example.com:8080"]) {
            assert.equal(decide(plan, { from: callers.reviews, to: to("ratings"), host }), "403", host);
        }
        const asked = { from: callers.gateway, to: to("details"), path: "/details/0" };
        assert.equal(decide(plan, asked, never), "403");
        assert.equal(decide(plan, asked), "allowed");
        assert.equal(decide(plan, { ...asked, path: "/health" }, never), "allowed", "the authorizer is not asked");
        const tenant = (name: string) => ({ from: callers.curl, to: to("reviews"), headers: { "x-tenant": name } });
        assert.deepEqual([decide(plan, tenant("a")), decide(plan, tenant("b"))], ["allowed", "403"]);
        const [dryRun] = ofType(plan, "AuthorizationPolicy").filter(({ name }) => name.endsWith(".no-curl"));
        assert.deepEqual(at(dryRun?.inputs, "metadata", "annotations"), { "istio.io/dry-run": "true" });
        const { values } = one(plan, "Release", "istio-istiod").inputs;
        assert.deepEqual(at(values, "meshConfig", "extensionProviders"), [
            {
                name: "opa",
                envoyExtAuthzGrpc: { service: "opa.opa.svc.cluster.local", port: 9191, failOpen: false, timeout: "2s" },
            },
        ]);
    });
});

describe("the evaluator's patterns", () => {
    const patterns: [string, string, boolean][] = [
        ["/api/*", "/api/v1", true],
        ["/api/*", "/api", false],
        ["*.example.com", "a.example.com", true],
        ["*.example.com", "example.com", false],
        ["*", "", false],
        ["*", "x", true],
        ["/a", "/a/b", false],
    ];
    for (const [pattern, value, match] of patterns) {
        it(`${pattern} ${match ? "matches" : "does not match"} "${value}"`, () =>
            assert.equal(matches(pattern, value), match));
    }
});
