import { strict as assert } from "node:assert";
import type { Plan } from "../../plan/model";
import { ofType, one } from "../../plan/query";
import { record } from "../../plan/record/record";
import type { Answer, Asked } from "../../verify/http";
import { Issuer } from "../support/tokens";
import { assertSound } from "./support/analyze";
import { signIn } from "./support/bookinfo";
import { onCluster, overrides } from "./support/cluster";
import { attempt, get, kubectl, type KubernetesObject } from "./support/command";
import { deploy } from "./support/deploy";
import { askPlain, reachGateway, type Gateway } from "./support/gateway";
import { eventually } from "./support/eventually";
import { updateMesh } from "./support/mesh";
import { curlFrom } from "./support/pods";
import { assertVerified } from "./support/verify";

interface Pod extends KubernetesObject {
    status: { podIP: string };
}

const CLIENTS = { curl: true, httpbin: true, legacy: true };
const XFCC = /X-Forwarded-Client-Cert/i;

/** The guide's chapter "Securing Istio", and what a production stack has instead, with real requests. */
describe("security on a cluster", function () {
    let gateway: Gateway;

    const planWith = (security: object, istio: object = {}, traffic: object = {}, more: object = {}): Promise<Plan> => {
        const given = overrides() as Record<string, object> | undefined;
        const override = {
            ...given,
            ...more,
            clients: CLIENTS,
            security,
            traffic,
            istio: { ...given?.istio, ...istio },
        };
        return record({ stack: "local", override });
    };
    const atGateway = (path: string, asked: Partial<Asked> = {}) => askPlain(gateway, path, asked);
    const statusOf = async (answer: Promise<{ status: number }>) => (await answer).status;
    onCluster();

    before(async () => {
        await updateMesh(await planWith({}));
        gateway = reachGateway();
        await eventually(async () => assert.equal(await statusOf(atGateway("/productpage")), 200));
    });

    after(() => gateway?.close());

    /** From whom, to whom, and whether it is answered; with a certificate only where both are in the mesh. */
    const table = (strict: boolean): [from: string, to: string, answered: boolean, certificate: boolean][] => [
        ["bookinfo", "bookinfo", true, true],
        ["bookinfo", "legacy", true, false],
        ["legacy", "legacy", true, false],
        ["legacy", "bookinfo", !strict, false],
    ];

    const showsTable = (strict: boolean) => {
        for (const [from, to, answered, certificate] of table(strict)) {
            it(`curl in ${from} ${answered ? "reaches" : "is cut off from"} httpbin in ${to}`, () =>
                eventually(async () => {
                    const { status, body } = await curlFrom(from, `http://httpbin.${to}:8000/headers`);
                    assert.equal(status, answered ? 200 : 0, body);
                    assert.equal(XFCC.test(body), certificate, body);
                    if (certificate) {
                        assert.match(body, /URI=spiffe:\/\/cluster\.local\/ns\/bookinfo\/sa\/curl/);
                    }
                    if (!answered) {
                        assert.match(body, /reset by peer/);
                    }
                }));
        }
        it("passes istioctl analyze, and has the planned objects alone", assertSound);
    };

    describe("PERMISSIVE, as the guide starts", () => showsTable(false));

    describe("STRICT for the mesh", () => {
        before(async () => updateMesh(await planWith({ mtls: { mode: "STRICT" } })));

        it("passes the checks of verify", async () => {
            await assertVerified(["services", "gateway", "security"]);
        });

        showsTable(true);

        it("does not keep the gateway and the kubelet from reaching Bookinfo", async () => {
            await eventually(async () => assert.equal(await statusOf(atGateway("/productpage")), 200));
            const pods = await get<KubernetesObject & { status: { containerStatuses: { ready: boolean }[] } }>(
                "pods",
                "-n",
                "bookinfo",
            );
            assert.ok(pods.every(({ status }) => status.containerStatuses.every(({ ready }) => ready)));
        });
    });

    describe("STRICT, except for one port of one workload", () => {
        before(async () => {
            const httpbin = { ports: [{ port: 8080, mode: "PERMISSIVE" }] };
            await updateMesh(await planWith({ mtls: { mode: "STRICT", services: { httpbin } } }));
        });

        it("lets plain text through there and nowhere else", () =>
            eventually(async () => {
                assert.equal(await statusOf(curlFrom("legacy", "http://httpbin.bookinfo:8000/headers")), 200);
                assert.equal(await statusOf(curlFrom("legacy", "http://productpage.bookinfo:9080/productpage")), 0);
            }));

        it("passes istioctl analyze, and has the planned objects alone", assertSound);
    });

    describe("the guide's authorization", () => {
        const steps: [viewers: string[], shows: (page: Answer) => void][] = [
            [[], ({ status, body }) => assert.deepEqual([status, body], [403, "RBAC: access denied"])],
            [
                ["productpage"],
                ({ status, body }) => {
                    assert.equal(status, 200);
                    assert.match(body, /Error fetching product details/);
                    assert.match(body, /Error fetching product reviews/);
                },
            ],
            [
                ["productpage", "details"],
                ({ body }) => {
                    assert.doesNotMatch(body, /Error fetching product details/);
                    assert.match(body, /Error fetching product reviews/);
                },
            ],
            [
                ["productpage", "details", "reviews", "ratings"],
                ({ status, body }) => {
                    assert.equal(status, 200);
                    assert.doesNotMatch(body, /Error fetching|currently unavailable/);
                },
            ],
        ];
        for (const [viewers, shows] of steps) {
            it(`shows what it should with ${viewers.join(", ") || "allow-nothing alone"}`, async () => {
                await updateMesh(await planWith({ authorization: { mode: "guide", viewers } }));
                await eventually(async () => shows(await atGateway("/productpage")));
            });
        }

        it("without ratings-viewer, says that ratings cannot be had", async () => {
            const viewers = ["productpage", "details", "reviews"];
            await updateMesh(await planWith({ authorization: { mode: "guide", viewers } }));
            await eventually(async () => {
                const pages = await Promise.all(Array.from({ length: 6 }, () => atGateway("/productpage")));
                assert.ok(pages.some(({ body }) => /Ratings service is currently unavailable/i.test(body)));
            });
        });

        it("lets users sign in", async () => {
            await updateMesh(await planWith({ authorization: { mode: "guide" } }));
            await eventually(() => signIn(gateway, "jason"));
        });

        it("passes istioctl analyze, and has the planned objects alone", assertSound);
    });

    describe("zero trust", () => {
        before(async () =>
            updateMesh(await planWith({ mtls: { mode: "STRICT" }, authorization: { mode: "zero-trust" } })),
        );

        it("leaves Bookinfo whole", () =>
            eventually(async () => {
                for (let page = 0; page < 6; page++) {
                    const { status, body } = await atGateway("/productpage");
                    assert.equal(status, 200);
                    assert.doesNotMatch(body, /Error fetching|currently unavailable/);
                }
            }));

        const open: [method: string, path: string, status: number][] = [
            ["POST", "/login", 302],
            ["GET", "/logout", 302],
            ["HEAD", "/productpage", 200],
            ["GET", "/static/x.css", 200],
            ["GET", "/api/v1/products", 200],
            ["POST", "/productpage", 403],
            ["PUT", "/login", 403],
        ];
        for (const [method, path, status] of open) {
            it(`answers ${method} ${path} at the gateway with ${status}`, () =>
                eventually(async () => assert.equal(await statusOf(atGateway(path, { method })), status)));
        }

        it("passes the checks of verify: each caller is answered or refused at each service", async () => {
            await assertVerified(["services", "gateway", "security"]);
        });

        it("lets Prometheus, which is outside the mesh, read merged metrics", async () => {
            const [pod] = await get<Pod>("pods", "-n", "bookinfo", "-l", "app=productpage");
            const metrics = `http://${pod?.status.podIP}:15020/stats/prometheus`;
            await eventually(async () => assert.equal(await statusOf(curlFrom("legacy", metrics)), 200));
        });

        it("passes istioctl analyze, and has the planned objects alone", assertSound);

        it("lets curl in where the call graph says so", async () => {
            const calls = { curl: ["ratings"] };
            const authorization = { mode: "zero-trust", calls };
            await updateMesh(await planWith({ mtls: { mode: "STRICT" }, authorization }));
            await eventually(async () => {
                assert.equal(await statusOf(curlFrom("bookinfo", "http://ratings:9080/ratings/0")), 200);
                assert.equal(await statusOf(curlFrom("bookinfo", "http://details:9080/details/0")), 403);
            });
        });
    });

    describe("end users with tokens", () => {
        const issuer = new Issuer("https://identity.example.com/");
        const stranger = new Issuer("https://identity.example.com/");
        const issuers = [{ issuer: issuer.name, jwks: issuer.jwks }];
        const require = [{ paths: ["/api/*"] }, { paths: ["/logout"], claims: { groups: ["admins"] } }];
        const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

        before(async () => {
            await updateMesh(await planWith({ requestAuthentication: [{ name: "users", issuers, require }] }));
        });

        it("passes the checks of verify, which have no valid token", async () => {
            const results = await assertVerified(["gateway", "security"]);
            const names = results.map(({ check }) => check.name).filter((name) => name.startsWith("users: "));
            assert.deepEqual(
                names,
                ["no token", "a malformed token", "a token with a forged signature"].map((what) => `users: ${what}`),
            );
        });

        const asked: [what: string, path: string, init: () => Partial<Asked>, status: number][] = [
            ["no token", "/api/v1/products", () => ({}), 403],
            ["a token that somebody else signed", "/api/v1/products", () => bearer(stranger.token("eve")), 401],
            ["a token that is over", "/api/v1/products", () => bearer(issuer.token("ann", { exp: 1 })), 401],
            ["a valid token", "/api/v1/products", () => bearer(issuer.token("ann")), 200],
            ["no token where none is needed", "/productpage", () => ({}), 200],
            ["a token without the claim", "/logout", () => bearer(issuer.token("ann")), 403],
            ["a token with another claim", "/logout", () => bearer(issuer.token("ann", { groups: ["staff"] })), 403],
            ["a token with the claim", "/logout", () => bearer(issuer.token("bob", { groups: ["x", "admins"] })), 302],
        ];
        for (const [what, path, init, status] of asked) {
            it(`answers ${what} at ${path} with ${status}`, () =>
                eventually(async () => assert.equal(await statusOf(atGateway(path, init())), status)));
        }

        describe("with places for tokens, claims as headers and routes by claims", () => {
            const shop = { host: "shop.example.com" };
            const asked = async (path: string, headers: Record<string, string> = {}) =>
                gateway.ask(80, { ...shop, path, headers });

            before(async () => {
                const places = { fromHeaders: [{ name: "x-token", prefix: "JWT " }], fromCookies: ["session"] };
                const selector = { app: "httpbin" };
                const echo = { namespace: "bookinfo", port: 8000, selector, serviceAccount: "httpbin" };
                const rules = {
                    requestAuthentication: [
                        {
                            name: "users",
                            issuers: [{ ...issuers[0], ...places, claimToHeaders: { "x-user": "sub" } }],
                            require: [{ paths: ["/anything*"], notMethods: ["GET"] }],
                        },
                    ],
                };
                const match = [{ claims: { groups: { exact: "testers" } }, fault: { abort: 418 } }];
                const services = { echo: { ...echo, expose: { hosts: [shop.host] } } };
                await updateMesh(await planWith(rules, {}, { services: { echo: { match } } }, { services }));
                const spec = { selector, ports: [{ name: "http", port: 8000, targetPort: 8080 }] };
                const metadata = { name: "echo", namespace: "bookinfo" };
                const service = { apiVersion: "v1", kind: "Service", metadata, spec };
                await kubectl(["apply", "-f", "-"], JSON.stringify(service));
            });

            it("passes the subject on, from a header and from a cookie", () =>
                eventually(async () => {
                    const token = issuer.token("ann");
                    for (const [name, value] of [
                        ["x-token", `JWT ${token}`],
                        ["cookie", `session=${token}`],
                    ] as const) {
                        const { status, body } = await asked("/headers", { [name]: value });
                        assert.equal(status, 200);
                        assert.match(body, /"X-User":\s*\[?"ann"/);
                    }
                }));

            it("passes on no subject that the client made up", () =>
                eventually(async () => {
                    const { status, body } = await asked("/headers", { "x-user": "mallory" });
                    assert.equal(status, 200);
                    assert.doesNotMatch(body, /mallory/);
                }));

            it("looks for tokens nowhere else, and needs none to read", () =>
                eventually(async () => {
                    const headers = { authorization: `Bearer ${stranger.token("eve")}` };
                    assert.equal((await asked("/anything", headers)).status, 200);
                    const post = { ...shop, path: "/anything", method: "POST" };
                    assert.equal((await gateway.ask(80, { ...post, headers })).status, 403);
                    const token = { "x-token": `JWT ${issuer.token("ann")}` };
                    assert.equal((await gateway.ask(80, { ...post, headers: token })).status, 200);
                }));

            it("routes by a claim, also one of a list", () =>
                eventually(async () => {
                    const of = (claims: object) => ({ "x-token": `JWT ${issuer.token("ann", { ...claims })}` });
                    assert.equal((await asked("/headers", of({ groups: ["a", "testers"] }))).status, 418);
                    assert.equal((await asked("/headers", of({ groups: ["a"] }))).status, 200);
                }));
        });

        describe("of browsers, with CORS for productpage", () => {
            const origin = "https://web.example.com";
            const ask = async (headers: Record<string, string>, method = "OPTIONS") => {
                const { status, headers: given } = await atGateway("/api/v1/products", { method, headers });
                return { status, allowed: given["access-control-allow-origin"] ?? null };
            };

            before(async () => {
                const cors = { allowOrigins: [{ exact: origin }], allowMethods: ["GET"] };
                const security = { requestAuthentication: [{ name: "users", issuers, require }] };
                await updateMesh(await planWith(security, {}, { services: { productpage: { cors } } }));
            });

            const asked = { "access-control-request-method": "GET" };
            const cases: [string, Record<string, string>, string, number, string | null][] = [
                ["a preflight", { origin, ...asked }, "OPTIONS", 200, origin],
                ["one of another origin", { origin: "https://evil.example.com", ...asked }, "OPTIONS", 200, null],
                ["OPTIONS that is no preflight", { origin }, "OPTIONS", 403, origin],
                ["the request itself without a token", { origin }, "GET", 403, origin],
            ];
            for (const [what, headers, method, status, allowed] of cases) {
                it(`answers ${what} with ${status}`, () =>
                    eventually(async () => {
                        const answer = await ask(headers, method);
                        assert.equal(answer.status, status);
                        assert.equal(status === 200 ? answer.allowed : allowed, allowed);
                    }));
            }
        });

        it("passes istioctl analyze, and has the planned objects alone", assertSound);
    });

    describe("pods without privileges", () => {
        /** Asks the API server whether it would take a pod of each Deployment, injected as istiod does now. */
        const refused = async (plan: Plan): Promise<string[]> => {
            const pods = ofType(plan, "Deployment")
                .map(({ inputs }) => inputs as unknown as Deployment)
                .filter(({ metadata }) => metadata.namespace === "bookinfo")
                .map(({ metadata, spec }) => ({
                    apiVersion: "v1",
                    kind: "Pod",
                    metadata: { ...spec.template.metadata, ...metadata, name: `try-${metadata.name}` },
                    spec: spec.template.spec,
                }));
            const answers = pods.map(async (pod) => {
                const args = ["create", "--dry-run=server", "-f", "-"];
                return (await attempt("kubectl", args, JSON.stringify(pod))).stderr.trim();
            });
            return (await Promise.all(answers)).filter((message) => message.includes("violates PodSecurity"));
        };

        it("are taken by namespaces that enforce the restricted standard, with istio-cni and not without", async () => {
            const without = await planWith({});
            const plan = await planWith({}, { cni: { enabled: true } });
            const changed = (of: Plan) => [
                one(of, "Namespace", "bookinfo-namespace"),
                one(of, "Release", "istio-istiod"),
            ];
            const [labelled, injecting] = changed(plan);
            try {
                await deploy({ ...plan, resources: [labelled!] });
                await eventually(async () =>
                    assert.equal((await refused(without)).length, 8, "they were taken with NET_ADMIN"),
                );
                // istio-cni itself is no part of this: injection follows istiod's values.
                await deploy({ ...plan, resources: [injecting!] });
                await eventually(async () => assert.deepEqual(await refused(plan), []));
            } finally {
                await deploy({ ...without, resources: changed(without) });
            }
        });

        it("are taken by istio-system too: istiod and the gateway", async () => {
            const [namespace] = await get("namespaces", "--field-selector", "metadata.name=istio-system");
            assert.equal(namespace?.metadata.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
            await kubectl(["rollout", "status", "deployment", "-n", "istio-system", "--timeout", "480s"]);
        });
    });
});

interface Deployment {
    metadata: { name: string; namespace: string };
    spec: { template: { metadata: object; spec: object } };
}
