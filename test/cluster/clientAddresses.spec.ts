import { strict as assert } from "node:assert";
import { record } from "../../plan/record/record";
import { Issuer } from "../support/tokens";
import { assertSound } from "./support/analyze";
import { onCluster, overrides } from "./support/cluster";
import { kubectl } from "./support/command";
import { curlFrom } from "./support/pods";
import { eventually } from "./support/eventually";
import { reachGateway, type Gateway } from "./support/gateway";
import { updateMesh } from "./support/mesh";
import { requestFrom } from "./support/proxied";

const HOST = "echo.example.com";
const ORIGIN = "https://web.example.com";
const ISSUER = "https://identity.example.com/";

/** Within this a bucket does not get back what a burst takes, however slow the machine. */
const LONG = "1h";

/** httpbin at the gateway, by the addresses that a load balancer tells of, and limits in one mesh. */
describe("clients of the gateway on a cluster", function () {
    const issuer = new Issuer(ISSUER);
    let gateway: Gateway;

    onCluster();

    before(async () => {
        const echo = {
            ...{ namespace: "bookinfo", host: "httpbin", port: 8000, selector: { app: "httpbin" } },
            ...{ serviceAccount: "httpbin", expose: { hosts: [HOST] } },
        };
        const stranger = { name: "strangers", gateway: true, action: "DENY" };
        const settings = {
            clients: { curl: true, httpbin: true, legacy: true },
            services: { echo },
            gateway: {
                clientAddresses: { source: "proxy-protocol" },
                rateLimit: [{ requests: 4, per: "20s", each: "client-address" }],
            },
            security: {
                authorization: {
                    policies: [
                        { ...stranger, rules: [{ from: { remoteIpBlocks: ["203.0.113.0/24"] }, to: { ports: [80] } }] },
                    ],
                },
                requestAuthentication: [
                    {
                        ...{ name: "users", service: "httpbin", ports: [8080], require: [] },
                        issuers: [{ issuer: issuer.name, jwks: issuer.jwks }],
                    },
                ],
            },
            traffic: {
                services: {
                    productpage: { cors: { allowOrigins: [{ exact: ORIGIN }], allowMethods: ["GET"] } },
                    httpbin: {
                        match: [
                            { paths: [{ exact: "/open" }] },
                            { paths: [{ prefix: "/o" }], rateLimit: [{ requests: 2, per: LONG }] },
                            {
                                headers: { "x-limit": { exact: "client" } },
                                rateLimit: [{ requests: 2, per: LONG, each: "client-address" }],
                            },
                            {
                                headers: { "x-limit": { exact: "subject" } },
                                rateLimit: [{ requests: 2, per: LONG, each: "token-subject" }],
                            },
                            {
                                headers: { "x-limit": { exact: "key" } },
                                rateLimit: [{ requests: 2, per: LONG, each: "header", header: "x-api-key" }],
                            },
                        ],
                    },
                },
            },
        };
        await updateMesh(await record({ stack: "local", override: overrides(settings) }));
        gateway = reachGateway();
    });

    after(() => gateway?.close());

    const ask = (client: string | undefined, path = "/headers", headers: Record<string, string> = {}) =>
        requestFrom(gateway, client, { host: HOST, path, headers });

    /** As many requests at once. */
    const burst = <T>(count: number, one: () => Promise<T>) => Promise.all(Array.from({ length: count }, one));
    const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).sort();

    /** Two of three, for whoever begins with a full bucket. */
    const assertTwoOfThree = async (one: () => Promise<{ status: number }>) =>
        assert.deepEqual(statuses(await burst(3, one)), [200, 200, 429]);

    /** A new name with each try: what the last one took from its bucket does not count. */
    let tries = 0;
    const newAddress = () => `198.51.100.${100 + (tries++ % 150)}`;

    it("reach an application that reads their addresses, as the log does", async () => {
        await eventually(async () => {
            const { status, text } = await ask("198.51.100.7");
            assert.equal(status, 200, text);
            assert.match(text, /"X-Forwarded-For":\["198\.51\.100\.7"\]/);
        }, 180);
        await eventually(async () => {
            const log = await kubectl(["logs", "-n", "istio-system", "-l", "istio=ingressgateway", "--tail", "50"]);
            assert.match(log, /198\.51\.100\.7/);
        }, 60);
    });

    it("are told apart by a policy about addresses", async () => {
        await eventually(async () => {
            assert.equal((await ask("203.0.113.9")).status, 403);
            assert.equal((await ask("198.51.100.8")).status, 200);
        }, 60);
    });

    it("are refused without the header that names them", async () => {
        assert.equal((await ask(undefined)).status, 0);
    });

    it("are limited each by itself at the gateway, until tokens come back", async () => {
        const noisy = newAddress();
        await eventually(async () => {
            const answers = await burst(12, () => ask(noisy));
            const refused = answers.find(({ status }) => status === 429);
            assert.match(refused?.text ?? "", /x-local-rate-limit: true/, String(statuses(answers)));
            assert.match(refused?.text ?? "", /x-ratelimit-limit: 4/);
        }, 60);
        assert.equal((await ask(newAddress())).status, 200);
        await eventually(async () => assert.equal((await ask(noisy)).status, 200), 60);
    });

    it("get answers to their preflights beyond the limit", async () => {
        const headers = { origin: ORIGIN, "access-control-request-method": "GET" };
        const asked = { host: "bookinfo.example.com", path: "/productpage", method: "OPTIONS", headers };
        await eventually(async () => {
            const client = newAddress();
            const answers = await burst(12, () => requestFrom(gateway, client, asked));
            assert.deepEqual([...new Set(statuses(answers))], [200]);
            assert.match(answers[0]?.text ?? "", /access-control-allow-origin: https:\/\/web\.example\.com/);
        }, 60);
    });

    it("are limited each by itself at the service, by the address that the gateway tells of", () =>
        eventually(async () => {
            const client = newAddress();
            await assertTwoOfThree(() => ask(client, "/headers", { "x-limit": "client" }));
        }, 120));

    const inside = (path: string, headers: Record<string, string> = {}) =>
        curlFrom("bookinfo", `http://httpbin:8000${path}`, { headers });

    it("are limited by the subject of their token", () =>
        eventually(async () => {
            const token = issuer.token(`user-${tries++}`);
            await assertTwoOfThree(() =>
                inside("/headers", { "x-limit": "subject", authorization: `Bearer ${token}` }),
            );
        }, 120));

    it("are limited by the value of a header", () =>
        eventually(async () => {
            const key = `key-${tries++}`;
            await assertTwoOfThree(() => inside("/headers", { "x-limit": "key", "x-api-key": key }));
        }, 120));

    // Their bucket is full once only.
    const shared: [what: string, path: string, headers: Record<string, string>][] = [
        ["who match the same rule", "/order?a=b", {}],
        ["who have no token", "/headers", { "x-limit": "subject" }],
        ["who have no such header", "/headers", { "x-limit": "key" }],
    ];
    for (const [what, path, headers] of shared) {
        it(`share a bucket with all ${what}`, async () => {
            const answers = statuses(await burst(4, () => inside(path, headers)));
            assert.deepEqual(answers.slice(-2), [429, 429]);
            assert.deepEqual(
                [...new Set(answers.filter((status) => status !== 429))].join(),
                answers[0] === 200 ? "200" : "",
            );
        });
    }

    it("are not limited by a rule where an earlier one fits, or none", async () => {
        for (const path of ["/open", "/headers"]) {
            assert.deepEqual(statuses(await burst(4, () => inside(path))), [200, 200, 200, 200]);
        }
    });

    it("do not use up what probes and metrics need", async () => {
        const [pod] = await podsOf("httpbin");
        const { status } = await curlFrom("legacy", `http://${pod}:15020/stats/prometheus`);
        assert.equal(status, 200);
        await kubectl(["rollout", "status", "-n", "bookinfo", "deployment/httpbin", "--timeout", "60s"]);
    });

    it("pass istioctl analyze, and have the planned objects alone", assertSound);
});

async function podsOf(app: string): Promise<string[]> {
    const path = "jsonpath={.items[*].status.podIP}";
    return (await kubectl(["get", "pods", "-n", "bookinfo", "-l", `app=${app}`, "-o", path])).split(" ");
}
