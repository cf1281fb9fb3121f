import { strict as assert } from "node:assert";
import type { Plan } from "../../../plan/model";
import { record } from "../../../plan/record/record";
import { postureLines } from "../../../plan/report/postureLines";
import { postureMarkdown } from "../../../plan/report/postureMarkdown";
import { postureOf, type Posture } from "../../../plan/mesh/posture/posture";
import { renderMarkdown } from "../../../plan/report/markdown";
import { renderTree } from "../../../plan/report/tree";
import { planOfExample } from "../../examples/stackFiles";
import { recorded } from "../../support/recorded";
import { planOf } from "../../stacks/plans";
import { decide } from "../../support/meshDecisions";

const CLIENTS = { curl: true, httpbin: true, legacy: true };

const planned = (security: object, more: object = {}): Promise<Plan> =>
    recorded({ stack: "local", override: { clients: CLIENTS, security, ...more } });

function posture(plan: Plan): Posture {
    const found = postureOf(plan);
    assert.ok(found);
    return found;
}

describe("the security of a plan", () => {
    it("of prod: only the application's own calls, nothing in plain text", async () => {
        assert.deepEqual(postureLines(posture(await planOf("prod"))), [
            "mutual TLS STRICT: plain text is refused",
            "not affected by STRICT: the kubelet's probes and merged metrics, at 15020 and 15021",
            "gateway (GET HEAD /productpage /static* /login /logout /api/v1/products*; POST /login) may call productpage",
            "productpage may call details, reviews",
            "reviews may call ratings",
            "exposed: bookinfo-gateway, public load balancer, 80 HTTP for bookinfo.example.com: redirect to HTTPS",
            "exposed: bookinfo-gateway, public load balancer, 443 HTTPS for bookinfo.example.com: productpage at /productpage, /static*, /login, /logout, /api/v1/products*",
            "exposed: Kubernetes API: a private address",
            "certificate: bookinfo-tls, in a Secret managed outside this stack",
            "external calls: sidecars refuse what is not listed here (REGISTRY_ONLY)",
        ]);
    });

    it("is the same while a namespace is at another revision", async () => {
        const security = { mtls: { mode: "STRICT" }, authorization: { mode: "zero-trust" } };
        const istio = {
            revisions: { next: { version: "1.31.4" } },
            canary: { revision: "next", namespaces: ["bookinfo"], gateways: true },
        };
        const [before, after] = [await planned(security), await planned(security, { istio })];
        assert.deepEqual(postureLines(posture(after)), postureLines(posture(before)));
    });

    it("says how many requests proxies let through", async () => {
        const rateLimit = [
            { requests: 100, per: "1m" },
            { requests: 5, per: "1s", each: "header", header: "x-key" },
        ];
        const match = [{ method: "POST", rateLimit: [{ requests: 1, per: "1s" }] }];
        const limited = {
            traffic: { services: { reviews: { rateLimit, match } } },
            gateway: { rateLimit: [rateLimit[0]] },
        };
        const plan = await planned({}, limited);
        const lines = postureLines(posture(plan));
        assert.match(renderTree(plan), /istio-ingressgateway-rate-limit requests: 100 in 60s/);
        assert.deepEqual(
            lines.filter((line) => line.includes("rate-limit")),
            [
                "may also refuse: reviews-rate-limit in bookinfo, requests per proxy: 100 in 60s; 5 in 1s for each value of a header; 5 in 1s without that header; 1 in 1s of one of its rules",
                "may also refuse: istio-ingressgateway-rate-limit in istio-system, requests per proxy: 100 in 60s",
            ],
        );
    });

    const ways: [clientAddresses: object | undefined, line: string[]][] = [
        [undefined, []],
        [{ source: "proxy-protocol" }, ["exposed: addresses of clients: from the PROXY protocol"]],
        [{ source: "preserve-source" }, ["exposed: addresses of clients: kept by the load balancer and nodes"]],
        [
            { source: "forwarded-headers", trustedHops: 2 },
            [
                "exposed: addresses of clients: from X-Forwarded-For, 2 from its end; whoever reaches the gateway directly can claim any",
            ],
        ],
    ];
    for (const [clientAddresses, expected] of ways) {
        it(`says how clients' addresses arrive: ${JSON.stringify(clientAddresses) ?? "they do not"}`, async () => {
            const lines = postureLines(posture(await planned({}, { gateway: { clientAddresses } })));
            assert.deepEqual(
                lines.filter((line) => line.includes("addresses of clients")),
                expected,
            );
        });
    }

    it("of dev: every caller may call everything", async () => {
        const lines = postureLines(posture(await planOf("dev")));
        assert.equal(lines[0], "mutual TLS PERMISSIVE: between sidecars; plain text is accepted too");
        const everybody = lines.find((line) =>
            line.startsWith("everybody may call productpage, details, reviews, ratings"),
        );
        assert.ok(everybody, lines.join("\n"));
    });

    it("says which workloads STRICT cuts off, and what differs by namespace, workload and port", async () => {
        const mtls = {
            mode: "STRICT",
            namespaces: { bookinfo: { mode: "PERMISSIVE" } },
            services: { httpbin: { mode: "STRICT", ports: [{ port: 8080, mode: "DISABLE" }] } },
        };
        const lines = postureLines(posture(await planned({ mtls })));
        assert.deepEqual(lines.slice(0, 5), [
            "mutual TLS STRICT: plain text is refused",
            "mutual TLS of namespace bookinfo: PERMISSIVE",
            "mutual TLS of httpbin in bookinfo: STRICT, port 8080 DISABLE",
            "cut off by STRICT because they have no sidecar: curl.legacy, httpbin.legacy",
            "not affected by STRICT: the kubelet's probes and merged metrics, at 15020 and 15021",
        ]);
        assert.ok(lines.includes("everybody with a sidecar may call httpbin.bookinfo"), lines.join("\n"));
    });

    it("includes policies that refuse besides, and end users", async () => {
        const policies = [
            { name: "no-writes", service: "ratings", action: "DENY", rules: [{ to: { methods: ["POST"] } }] },
            {
                name: "try-it",
                namespace: "bookinfo",
                action: "DENY",
                dryRun: true,
                rules: [{ from: { services: ["curl"] } }],
            },
        ];
        const issuers = [{ issuer: "https://identity.oraclecloud.com/", jwksUri: "https://idcs.example.com/jwk" }];
        const requestAuthentication = [
            {
                name: "users",
                issuers: [{ ...issuers[0], fromCookies: ["session"], claimToHeaders: { "x-user": "sub" } }],
                require: [
                    { hosts: ["a.example.com"], paths: ["/api/*"] },
                    { paths: ["/orders"], methods: ["POST"] },
                ],
            },
        ];
        const lines = postureLines(posture(await planned({ authorization: { policies }, requestAuthentication })));
        assert.ok(lines.includes("may also refuse: DENY no-writes for ratings in bookinfo"), lines.join("\n"));
        assert.ok(lines.includes("may also refuse: DENY try-it for everything in bookinfo, dry run"));
        assert.ok(
            lines.includes(
                "exposed: end users of https://identity.oraclecloud.com/ (token in cookie session; passes on sub as x-user): a token is required for a.example.com /api/*; POST /orders",
            ),
        );
    });

    const cors = { allowOrigins: [{ exact: "https://web.example.com" }] };
    const demands: [what: string, require: object[], traffic: object, places: string][] = [
        ["everything beside a part of it", [{}, { paths: ["/admin"], claims: { g: ["a"] } }], {}, "everything"],
        ["all but some methods", [{ notMethods: ["GET", "OPTIONS"] }], {}, "all but GET all but OPTIONS"],
        // Preflights need none, which is nothing to tell.
        ["everything where a rule has CORS", [{}], { match: [{ paths: [{ prefix: "/api" }], cors }] }, "everything"],
        ["paths where a rule has CORS", [{ paths: ["/a"] }], { match: [{ paths: [{ prefix: "/api" }], cors }] }, "/a"],
    ];
    for (const [what, require, traffic, places] of demands) {
        it(`says that a token is required for ${what}`, async () => {
            const issuers = [{ issuer: "me", jwksUri: "https://keys.example.com/jwks.json" }];
            const plan = await planned(
                { requestAuthentication: [{ name: "users", issuers, require }] },
                {
                    namespaces: { shop: {} },
                    services: { cart: { namespace: "shop", port: 80, expose: { hosts: ["shop.example.com"] } } },
                    traffic: { services: { cart: traffic } },
                },
            );
            const line = postureLines(posture(plan)).find((each) => each.includes("end users of me"));
            assert.equal(line, `exposed: end users of me: a token is required for ${places}`);
        });
    }

    it("includes workloads that only policies mention", async () => {
        const services = { shop: { namespace: "shop", port: 80, serviceAccount: "shop" } };
        const authorization = { mode: "zero-trust", calls: { curl: ["shop"] } };
        const plan = await planned({ authorization }, { services, namespaces: { shop: { source: "existing" } } });
        assert.ok(postureLines(posture(plan)).includes("curl.bookinfo may call shop"));
    });

    // The account that Kubernetes gives to pods that name none: not one caller, but all of them.
    it("says whom a policy for a namespace's default account admits", async () => {
        const services = {
            cart: { namespace: "shop", port: 80 },
            ledger: { namespace: "shop", port: 81, serviceAccount: "ledger" },
        };
        const authorization = { mode: "zero-trust", calls: { cart: ["ledger"] } };
        const plan = await planned({ authorization }, { services, namespaces: { shop: { source: "existing" } } });
        const lines = postureLines(posture(plan));
        assert.ok(lines.includes("every pod in shop without an account of its own may call ledger"), lines.join("\n"));
    });

    // Said before: nobody may call ledger, which the policies let cart call.
    it("does not say what workloads outside this stack may call, whose accounts it does not know", async () => {
        const plan = await planOfExample("own-services");
        const { callers, targets, access } = posture(plan);
        assert.deepEqual(callers, [
            "gateway",
            "account cart in checkout",
            "account web in storefront",
            "other accounts in storefront",
            "other accounts in checkout",
            "no sidecar",
        ]);
        const catalog = access.map((row) => row[targets.indexOf("catalog")]);
        assert.deepEqual(catalog, ["none", "all", "all", "none", "none", "cut off"]);
    });

    it("shows callers managed outside this stack by their accounts", async () => {
        const services = {
            cart: { namespace: "shop", port: 80, serviceAccount: "cart" },
            ledger: { namespace: "shop", port: 80, serviceAccount: "ledger" },
        };
        const authorization = { mode: "zero-trust", calls: { cart: ["ledger"] } };
        const plan = await planned({ authorization }, { services, namespaces: { shop: { source: "existing" } } });
        assert.ok(postureLines(posture(plan)).includes("account cart in shop may call ledger"));
    });

    // The same answer found twice: words for readers, and Istio's semantics request by request.
    for (const security of [
        {},
        { mtls: { mode: "STRICT" } },
        { authorization: { mode: "guide" } },
        { mtls: { mode: "STRICT" }, authorization: { mode: "zero-trust", calls: { curl: ["httpbin"] } } },
    ]) {
        it(`says what the evaluator says: ${JSON.stringify(security)}`, async () => {
            const plan = await planned(security);
            const { callers, targets, access } = posture(plan);
            const withAccount = (name: string) =>
                /^(curl|httpbin)/.test(name) ? name.replace(/\..*/, "") : `bookinfo-${name}`;
            const from = (name: string) =>
                name === "gateway"
                    ? { namespace: "istio-system", serviceAccount: "istio-ingressgateway" }
                    : { namespace: "bookinfo", serviceAccount: withAccount(name) };
            for (const [row, caller] of callers.entries()) {
                for (const [column, target] of targets.entries()) {
                    const to = { namespace: "bookinfo", labels: { app: target.replace(/\..*/, "") } };
                    const decisions = ["GET", "POST"].map((method) =>
                        decide(plan, {
                            from: caller === "no sidecar" ? undefined : from(caller),
                            to,
                            method,
                            path: "/productpage",
                        }),
                    );
                    const cell = access[row]?.[column];
                    const expected = { all: ["allowed", "allowed"], none: ["403", "403"], "cut off": ["cut", "cut"] };
                    assert.deepEqual(
                        decisions,
                        typeof cell === "string" ? expected[cell] : ["allowed", "403"],
                        `${caller} at ${target}`,
                    );
                }
            }
        });
    }

    it("is a matrix and a graph in Markdown, and lines where it would be too large", async () => {
        const { matrix, graph } = postureMarkdown(posture(await planOf("prod")));
        assert.deepEqual(matrix[0], ["caller", "productpage", "details", "reviews", "ratings"]);
        assert.deepEqual(matrix[2], ["productpage", "—", "all", "all", "—"]);
        assert.deepEqual(matrix.at(-1), ["no sidecar", "cut off", "cut off", "cut off", "cut off"]);
        assert.equal(graph.match(/-->/g)?.length, 4, graph);
        const one = posture(await planOf("prod"));
        const many = Array.from({ length: 30 }, (_, index) => `service-${index}`);
        const large = { ...one, targets: many, access: one.callers.map(() => many.map(() => "none" as const)) };
        assert.deepEqual([postureMarkdown(large).matrix, postureMarkdown(large).graph], [[], ""]);
    });

    it("is in the text and in comments, and nowhere without a mesh", async () => {
        const prod = await planOf("prod");
        assert.match(renderTree(prod), /^Security {3}mutual TLS STRICT/m);
        assert.match(renderMarkdown(prod), /\*\*Who may call whom\*\*/);
        const empty = await record({}, () => ({}));
        assert.doesNotMatch(renderTree(empty) + renderMarkdown(empty), /Security|Who may call/);
    });
});
