import { strict as assert } from "node:assert";
import { isDeepStrictEqual } from "node:util";
import type { ExposedService, OpenRequests } from "../../../components/mesh/meshService";
import { gatewayRoutes } from "../../../components/traffic/gatewayRoutes";
import { labelOfHost, nameOfHost } from "../../../components/traffic/ingress/ingress";
import type { ServiceTraffic } from "../../../components/traffic/serviceTraffic";
import { at, type Plan } from "../../../plan/model";
import { dependsOn, ofType, one } from "../../../plan/query";
import { postureOf } from "../../../plan/mesh/posture/posture";
import { service } from "./shop";
import { recorded } from "../../support/recorded";

const behind = (name: string, paths: OpenRequests[], traffic?: ServiceTraffic, namespace = "shop") => ({
    service: {
        ...service,
        name,
        host: name,
        namespace,
        exposure: { hosts: ["a.example.com"], paths },
    } as ExposedService,
    traffic,
});

/** Each route in short: requests, and the service with its treatment. */
function routesOf(...services: ReturnType<typeof behind>[]): string[] {
    return gatewayRoutes(services, "shop").map(({ match = [], route, redirect, timeout, rewrite, corsPolicy }) => {
        const requests = match.map(({ uri = {}, method, headers = {} }) =>
            [
                ...(method ? [method.exact] : []),
                `${uri.exact ?? `${uri.prefix ?? uri.regex}*`}`,
                ...Object.entries(headers).map(([name, wanted]) => `${name}=${Object.values(wanted).join()}`),
            ].join(" "),
        );
        const [to] = route ?? [];
        const done = [
            to?.destination.host ?? `redirect ${redirect?.uri}`,
            to?.destination.subset,
            timeout,
            rewrite?.uri,
        ];
        return `${requests.join(" | ")} -> ${[...done, corsPolicy && "cors"].filter(Boolean).join(" ")}`;
    });
}

const cors = { allowOrigins: [{ exact: "https://a.example.com" }] };

describe("the routes of a host of several services", () => {
    const cases: [what: string, services: ReturnType<typeof behind>[], routes: string[]][] = [
        [
            "go by path, longest first, exact before all",
            [
                behind("web", [{ prefix: "/" }]),
                behind("api", [{ prefix: "/api" }, { exact: "/api/v1" }]),
                behind("v1", [{ prefix: "/api/v1" }], undefined, "other"),
            ],
            ["/api/v1 -> api", "/api/v1/* -> v1.other.svc.cluster.local", "/api | /api/* -> api", "/* -> web"],
        ],
        [
            "go by method, then by headers",
            [
                behind("all", [{ prefix: "/a" }]),
                behind("two", [{ prefix: "/a", headers: { x: { exact: "1" }, y: { exact: "2" } } }]),
                behind("one", [{ prefix: "/a", headers: { x: { exact: "1" } } }]),
                behind("reads", [{ prefix: "/a", methods: ["GET", "HEAD"] }]),
            ],
            [
                "GET /a | HEAD /a | GET /a/* | HEAD /a/* -> reads",
                "/a x=1 y=2 | /a/* x=1 y=2 -> two",
                "/a x=1 | /a/* x=1 -> one",
                "/a | /a/* -> all",
            ],
        ],
        [
            "have each service's own treatment within what it opens",
            [
                behind("web", [{ prefix: "/" }], {
                    timeout: "9s",
                    match: [
                        { user: "jason", route: { v2: 100 } },
                        { paths: [{ prefix: "/api" }], timeout: "1s" },
                    ],
                }),
                behind("api", [{ prefix: "/api" }], { timeout: "2s", match: [{ method: "PUT", timeout: "3s" }] }),
            ],
            [
                "PUT /api | PUT /api/* -> api 3s",
                "/api | /api/* -> api 2s",
                "/* end-user=jason -> web v2 9s",
                "/api* -> web 1s",
                "/* -> web 9s",
            ],
        ],
        [
            "take in what a service redirects, and what it rewrites to what is open",
            [
                behind("web", [{ prefix: "/" }]),
                behind("cart", [{ prefix: "/cart" }], {
                    match: [
                        { paths: [{ prefix: "/basket" }], rewrite: "/cart" },
                        { paths: [{ exact: "/old" }], redirect: { uri: "/cart" } },
                        { paths: [{ exact: "/elsewhere" }], rewrite: "/admin" },
                    ],
                }),
            ],
            ["/basket* -> cart /cart", "/old -> redirect /cart", "/cart | /cart/* -> cart", "/* -> web"],
        ],
        [
            "combine the headers of a path with those of rules",
            [
                behind("web", [{ prefix: "/" }]),
                behind("beta", [{ prefix: "/", headers: { x: { exact: "beta" }, "end-user": { exact: "ann" } } }], {
                    match: [
                        { headers: { x: { prefix: "be" } }, timeout: "1s" },
                        { headers: { x: { exact: "alpha" } }, timeout: "2s" },
                        { user: "jason", timeout: "3s" },
                        { headers: { z: { exact: "1" } }, timeout: "4s" },
                    ],
                }),
            ],
            ["/* end-user=ann x=beta -> beta 1s", "/* -> web"],
        ],
        [
            "answer the preflight of a method by the service that has it",
            [
                behind("reads", [{ prefix: "/a", methods: ["GET"] }]),
                behind("writes", [{ prefix: "/a", methods: ["PUT", "DELETE"] }], { cors }),
            ],
            [
                "GET /a | GET /a/* -> reads",
                "PUT /a | DELETE /a | PUT /a/* | DELETE /a/* -> writes cors",
                "OPTIONS /a origin=.+ access-control-request-method=PUT|DELETE | OPTIONS /a/* origin=.+ access-control-request-method=PUT|DELETE -> writes cors",
            ],
        ],
    ];
    for (const [what, services, routes] of cases) {
        it(what, () => {
            assert.deepEqual(routesOf(...services), routes);
            assert.deepEqual(routesOf(...[...services].reverse()), routes);
        });
    }

    it("keep the application's prefixes within slashes, as everybody's", () => {
        const page = behind("page", [{ prefix: "/static" }]);
        page.service.exposure.application = "shop";
        assert.deepEqual(routesOf(page), ["/static* -> page"]);
        assert.deepEqual(routesOf(page, behind("web", [{ prefix: "/" }])), [
            "/static | /static/* -> page",
            "/* -> web",
        ]);
    });
});

describe("names of objects for hosts", () => {
    it("differ wherever hosts do, and leave room", () => {
        const hosts = [
            "a.b",
            "a-b",
            "*.a.b",
            "any.a.b",
            "any",
            "*",
            "a--b",
            "a.-b",
            `${"a.".repeat(120)}b`,
            `${"a.".repeat(120)}c`,
        ];
        const names = hosts.map(nameOfHost);
        assert.equal(new Set(names).size, hosts.filter((host) => host !== "any").length, names.join());
        assert.ok(names.every((name) => /^[a-z0-9][-a-z0-9]*[a-z0-9]$/.test(name) && name.length <= 50));
        assert.equal(labelOfHost("*"), "any");
    });
});

/** Services that share hosts, one of them with Bookinfo. */
const services = (names: string[]) => ({
    namespaces: { shop: {}, pay: {} },
    services: Object.fromEntries(
        Object.entries({
            web: { namespace: "shop", port: 80, expose: { hosts: ["shop.example.com"] } },
            cart: {
                namespace: "shop",
                port: 80,
                expose: { hosts: ["shop.example.com", "a.example.com"], paths: [{ prefix: "/cart" }] },
            },
            pay: { namespace: "pay", port: 80, expose: { hosts: ["shop.example.com"], paths: [{ prefix: "/pay" }] } },
        }).filter(([name]) => names.includes(name)),
    ),
});

const tls = { certificate: { source: "existing", secretName: "web" } };

const planned = (kind: string, names: string[], gateway: object = {}): Promise<Plan> =>
    recorded({
        stack: "local",
        override: { ...services(names), gateway: { kind, hosts: ["a.example.com"], ...gateway } },
    });

/** Objects at the gateway by their names in Pulumi and in the cluster. */
function opened(plan: Plan): Map<string, unknown> {
    const kinds = ["Gateway", "VirtualService", "HTTPRoute", "Ingress"].flatMap((kind) => ofType(plan, kind));
    return new Map(kinds.map(({ urn, inputs }) => [`${urn} ${JSON.stringify(inputs.metadata)}`, inputs.spec] as const));
}

describe("a service that joins hosts", () => {
    for (const kind of ["istio", "ingress", "gateway-api"]) {
        for (const encrypted of kind === "ingress" ? [{}] : [{}, { tls }]) {
            it(`changes objects in place with kind ${kind}${"tls" in encrypted ? " and TLS" : ""}`, async () => {
                const before = opened(await planned(kind, ["web"], encrypted));
                const after = opened(await planned(kind, ["web", "cart", "pay"], encrypted));
                const gone = [...before.keys()].filter((name) => !after.has(name));
                assert.deepEqual(gone, []);
                const changed = [...before].filter(([name, spec]) => !isDeepStrictEqual(after.get(name), spec));
                assert.ok(changed.length > 0 || kind === "ingress");
            });
        }
    }

    it("leaves Bookinfo's other host alone, and has its own routes before Bookinfo's let go", async () => {
        const hosts = ["a.example.com", "b.example.com"];
        const plan = await planned("istio", ["cart"], { hosts });
        const spec = (name: string) => one(plan, "VirtualService", name).inputs.spec;
        assert.deepEqual(at(spec("bookinfo-ingress-virtualservice"), "hosts"), ["b.example.com"]);
        assert.deepEqual(at(spec("bookinfo-ingress-a-example-com"), "hosts"), ["a.example.com"]);
        assert.deepEqual(at(spec("bookinfo-ingress-a-example-com"), "gateways"), ["bookinfo-gateway"]);
        assert.ok(
            dependsOn(
                plan,
                one(plan, "VirtualService", "bookinfo-ingress-virtualservice"),
                one(plan, "VirtualService", "bookinfo-ingress-a-example-com"),
            ),
        );
        const [gateway, alone] = [plan, await planned("istio", [], { hosts })].map(
            (each) => one(each, "Gateway", "bookinfo-ingress-gateway").inputs,
        );
        assert.deepEqual(gateway, alone);
    });
});

describe("a shared host", () => {
    it("has one server, one certificate and one redirect", async () => {
        const plan = await planned("istio", ["web", "cart", "pay"], { tls });
        assert.deepEqual(at(one(plan, "Gateway", "services-ingress-gateway").inputs, "spec", "servers"), [
            {
                port: { number: 80, name: "http-web", protocol: "HTTP" },
                hosts: ["shop.example.com"],
                tls: { httpsRedirect: true },
            },
            {
                port: { number: 443, name: "https-web", protocol: "HTTPS" },
                hosts: ["shop.example.com"],
                tls: { mode: "SIMPLE", credentialName: "web", minProtocolVersion: "TLSV1_2" },
            },
        ]);
    });

    it("admits the routes of all its namespaces, and its own redirect", async () => {
        const plan = await planned("gateway-api", ["web", "cart", "pay"], { tls });
        const { inputs } = one(plan, "Gateway", "services-ingress-shop-example-com-gateway");
        const listeners = at(inputs, "spec", "listeners") as { name: string; allowedRoutes: unknown }[];
        const key = "kubernetes.io/metadata.name";
        assert.deepEqual(
            listeners.map(({ name, allowedRoutes }) => [name, allowedRoutes]),
            [
                ["http-shop-example-com", { namespaces: { from: "Same" } }],
                [
                    "https-shop-example-com",
                    {
                        namespaces: {
                            from: "Selector",
                            selector: { matchExpressions: [{ key, operator: "In", values: ["pay", "shop"] }] },
                        },
                    },
                ],
            ],
        );
        const redirect = one(plan, "HTTPRoute", "services-ingress-shop-example-com-redirect").inputs;
        assert.deepEqual(redirect.metadata, { name: "shop-example-com-redirect", namespace: "istio-system" });
        const parents = at(one(plan, "HTTPRoute", "services-ingress-cart-route").inputs, "spec", "parentRefs");
        assert.deepEqual(parents, [
            { name: "bookinfo-gateway", namespace: "istio-system", sectionName: "https-a-example-com" },
            { name: "shop-example-com-gateway", namespace: "istio-system", sectionName: "https-shop-example-com" },
        ]);
    });

    for (const kind of ["istio", "gateway-api"]) {
        it(`is shown with everything behind it, with kind ${kind}`, async () => {
            const exposure = postureOf(await planned(kind, ["web", "cart", "pay"]))?.exposure ?? [];
            const [own = ""] = exposure.filter((line) => line.includes("80 HTTP for shop.example.com"));
            const words = kind === "istio" ? "/cart, /cart/*" : "/cart*";
            assert.ok(own.includes(`cart at ${words}`), own);
            assert.ok(own.includes("web at /*"), own);
            const [bookinfos = ""] = exposure.filter((line) => line.includes("80 HTTP for a.example.com"));
            assert.ok(bookinfos.includes(`cart at ${words}`) && bookinfos.includes("productpage at /productpage"));
        });
    }

    it("is one address in the outputs, at the first path that a browser can ask for", async () => {
        const plan = await recorded({
            stack: "local",
            override: {
                namespaces: { shop: {} },
                services: {
                    api: {
                        namespace: "shop",
                        port: 80,
                        expose: {
                            hosts: ["shop.example.com"],
                            paths: [
                                { prefix: "/write", methods: ["POST"] },
                                { prefix: "/beta", headers: { x: { exact: "1" } } },
                                { prefix: "/read", methods: ["GET"] },
                            ],
                        },
                    },
                    web: { namespace: "shop", port: 80, expose: { hosts: ["shop.example.com"] } },
                },
            },
        });
        assert.deepEqual(plan.outputs.serviceUrls?.value, {
            api: "http://shop.example.com/read",
            web: "http://shop.example.com/",
        });
    });
});
