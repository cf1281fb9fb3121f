import { strict as assert } from "node:assert";
import { BookinfoIngress, type BookinfoIngressArgs } from "../../../components/traffic/bookinfoIngress";
import { at, type Plan } from "../../../plan/model";
import { ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record";
import { planOf, STACKS } from "../../stacks/plans";
import { validateIstio } from "../../support/istioSchemas";

const args: BookinfoIngressArgs = { namespace: "bookinfo", hosts: ["*"], httpPort: 80 };

async function planned(changes: Partial<BookinfoIngressArgs> = {}) {
    const plan = await record({}, () => void new BookinfoIngress("ingress", { ...args, ...changes }, {}));
    return { gateway: one(plan, "Gateway").inputs, routes: one(plan, "VirtualService").inputs };
}

const https = { port: 443, credentialName: "bookinfo-tls" };

describe("Bookinfo's way in from outside", () => {
    // Port 80: Istio's sample has said 8080 since 2023, which the gateway's Service does not lead to.
    it("is the guide's Gateway, in today's API version", async () => {
        assert.deepEqual((await planned()).gateway, {
            apiVersion: "networking.istio.io/v1",
            kind: "Gateway",
            metadata: { name: "bookinfo-gateway", namespace: "bookinfo" },
            spec: {
                selector: { istio: "ingressgateway" },
                servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["*"] }],
            },
        });
    });

    it("is the guide's VirtualService: five paths to productpage, everything else is 404", async () => {
        assert.deepEqual((await planned()).routes, {
            apiVersion: "networking.istio.io/v1",
            kind: "VirtualService",
            metadata: { name: "bookinfo", namespace: "bookinfo" },
            spec: {
                hosts: ["*"],
                gateways: ["bookinfo-gateway"],
                http: [
                    {
                        match: [
                            { uri: { exact: "/productpage" } },
                            { uri: { prefix: "/static" } },
                            { uri: { exact: "/login" } },
                            { uri: { exact: "/logout" } },
                            { uri: { prefix: "/api/v1/products" } },
                        ],
                        route: [{ destination: { host: "productpage", port: { number: 9080 } } }],
                    },
                ],
            },
        });
    });

    it("answers the hosts it is given, in listener and routes alike", async () => {
        const hosts = ["bookinfo.example.com", "*.shop.example.com"];
        const { gateway, routes } = await planned({ hosts, https });
        assert.deepEqual(
            [at(gateway, "spec", "servers", 0, "hosts"), at(gateway, "spec", "servers", 1, "hosts")],
            [hosts, hosts],
        );
        assert.deepEqual(at(routes, "spec", "hosts"), hosts);
    });

    it("serves HTTPS with the Secret it is given, TLS 1.2 at least, and redirects HTTP to it", async () => {
        const { gateway } = await planned({ https });
        assert.deepEqual(at(gateway, "spec", "servers"), [
            { port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["*"], tls: { httpsRedirect: true } },
            {
                port: { number: 443, name: "https", protocol: "HTTPS" },
                hosts: ["*"],
                tls: { mode: "SIMPLE", credentialName: "bookinfo-tls", minProtocolVersion: "TLSV1_2" },
            },
        ]);
    });

    for (const [what, changes] of Object.entries({ plain: {}, "with TLS": { https, httpPort: 8081 } })) {
        it(`is valid by Istio's schema, ${what}`, async () => {
            const { gateway, routes } = await planned(changes);
            const problems = [gateway, routes].flatMap((object) =>
                validateIstio(object as unknown as Parameters<typeof validateIstio>[0]),
            );
            assert.deepEqual(problems, []);
        });
    }
});

/** Ports of the ingress gateway's Service, and those that Istio Gateways listen at. */
function portsOf(plan: Plan): { service: number[]; listeners: number[] } {
    const { values } = one(plan, "Release", "istio-ingressgateway-release").inputs;
    const ports = at(values, "service", "ports") as { port: number }[];
    const servers = ofType(plan, "Gateway").flatMap(
        ({ inputs }) => at(inputs, "spec", "servers") as { port: { number: number } }[],
    );
    return { service: ports.map(({ port }) => port), listeners: servers.map(({ port }) => port.number) };
}

describe("ports of the gateway", () => {
    for (const stack of STACKS) {
        it(`are the same for its Service and its listeners: ${stack}`, async () => {
            const { service, listeners } = portsOf(await planOf(stack));
            assert.deepEqual(listeners, service);
            assert.ok(listeners.length > 0);
        });
    }

    it("follow the settings at both ends", async () => {
        const gateway = { ports: { http: 8081 } };
        const { service, listeners } = portsOf(await record({ stack: "local", override: { gateway } }));
        assert.deepEqual([service, listeners], [[8081], [8081]]);
    });
});
