import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, type Plan } from "../../plan/model";
import { ofType, one } from "../../plan/query";
import { plain } from "../../plan/kubernetesObject";
import { newAuthority } from "../support/certificates";
import { validateIstio } from "../support/istioSchemas";
import { inCluster, isIstioKind } from "./plans";
import { recorded } from "../support/recorded";

/** Two namespaces with a Kubernetes Service of one name each, one of them open under two names. */
const SHOP = {
    namespaces: { shop: {}, payments: { source: "new" }, idle: {} },
    services: {
        cart: {
            namespace: "shop",
            port: 80,
            host: "api",
            serviceAccount: "cart",
            expose: { hosts: ["shop.example.com"], paths: [{ prefix: "/shop" }] },
        },
        admin: { namespace: "shop", port: 81, host: "api", expose: { hosts: ["admin.example.com"] } },
        pay: {
            namespace: "payments",
            port: 9000,
            host: "api",
            protocol: "grpc",
            expose: { hosts: ["pay-eu.example.com", "pay.eu.example.com"] },
        },
        db: { namespace: "payments", port: 5432, protocol: "tcp" },
    },
    clients: { curl: true, httpbin: true, fortio: true, legacy: true },
};

const ZERO_TRUST = {
    mtls: { mode: "STRICT" },
    authorization: { mode: "zero-trust", calls: { cart: ["pay"], pay: ["db"] } },
    networkPolicies: { enabled: true },
};

const EGRESS = {
    mode: "REGISTRY_ONLY",
    services: {
        api: { hosts: ["a.example.org", "b.example.org"], ports: [{ port: 80, protocol: "HTTP" }], originateTls: true },
        bank: { hosts: ["bank.example.org"], ports: [{ port: 80, protocol: "HTTP" }], via: "gateway", timeout: "3s" },
    },
    scoping: { enabled: true },
};

/** Every host but Bookinfo's own: whatever an Ingress can say, too. */
const TLS = { certificate: { source: "generated" }, hosts: { "pay-eu.example.com": { mode: "off" } } };

/** The local stack with the shop, and with everything else at once. */
function planOf(kind: string, bookinfo = true): Promise<Plan> {
    const override = {
        ...SHOP,
        gateway: { kind, hosts: ["bookinfo.example.com"], tls: TLS },
        bookinfo: { enabled: bookinfo },
        security: ZERO_TRUST,
        egress: EGRESS,
    };
    return recorded({ stack: "local", override });
}

for (const kind of ["istio", "gateway-api", "ingress"]) {
    for (const bookinfo of [true, false]) {
        describe(`everything at once with gateway.kind ${kind} and Bookinfo ${bookinfo ? "on" : "off"}`, () => {
            it("makes every object once", async () => {
                const plan = await planOf(kind, bookinfo);
                const objects = plan.resources.filter((each) => inCluster(each) && !each.type.endsWith(":Release"));
                const places = objects.map(({ type, inputs }) => {
                    const { name, namespace } = (plain(inputs) as { metadata: { name: string; namespace?: string } })
                        .metadata;
                    return `${type} ${namespace}/${name}`;
                });
                assert.deepEqual(
                    places.filter((place, index) => places.indexOf(place) < index),
                    [],
                );
            });

            it("makes objects that Istio's own schema accepts", async () => {
                const plan = await planOf(kind, bookinfo);
                const problems = plan.resources
                    .filter(isIstioKind)
                    .flatMap(({ inputs }) => validateIstio(plain(inputs) as Parameters<typeof validateIstio>[0]));
                assert.deepEqual(problems, []);
            });
        });
    }
}

describe("Gateways of the Gateway API", () => {
    it("tell hosts apart that differ in a dash", async () => {
        const plan = await planOf("gateway-api");
        const listeners = ["pay--eu-example-com", "pay-eu-example-com"].map((host) => {
            const { inputs } = one(plan, "Gateway", `services-ingress-${host}-gateway`);
            return (inputs.spec as { listeners: { name: string }[] }).listeners.map(({ name }) => name);
        });
        assert.deepEqual(listeners, [
            ["http-pay--eu-example-com"],
            ["http-pay-eu-example-com", "https-pay-eu-example-com"],
        ]);
    });
});

describe("egress.scoping", () => {
    const hostsOf = (plan: Plan, namespace: string) =>
        at(one(plan, "Sidecar", `sidecar-scopes-${namespace}`).inputs, "spec", "egress", 0, "hosts");

    it("reaches what the declared calls do", async () => {
        assert.deepEqual(hostsOf(await planOf("istio"), "shop"), ["./*", "istio-system/*", "payments/*"]);
    });

    it("holds for namespaces without services of ours", async () => {
        assert.deepEqual(hostsOf(await planOf("istio"), "idle"), ["./*", "istio-system/*"]);
    });

    it("reaches external authorizers wherever they stand", async () => {
        const providers = { asker: { protocol: "grpc", service: "asker.auth.svc.cluster.local", port: 9000 } };
        const plan = await recorded({
            stack: "local",
            override: { egress: EGRESS, security: { authorization: { providers } } },
        });
        assert.deepEqual(hostsOf(plan, "bookinfo"), ["./*", "istio-system/*", "*/asker.auth.svc.cluster.local"]);
    });
});

describe("zero trust", () => {
    it("lets in what the gateway rewrites, as the sidecar sees it", async () => {
        const traffic = { services: { cart: { rewrite: "/v2" } } };
        const plan = await recorded({
            stack: "local",
            override: { ...SHOP, gateway: { hosts: ["bookinfo.example.com"] }, security: ZERO_TRUST, traffic },
        });
        const policy = one(plan, "AuthorizationPolicy", "security-shop.cart-callers").inputs;
        assert.deepEqual(at(policy, "spec", "rules", 0, "to"), [
            { operation: { paths: ["/shop", "/shop/*"] } },
            { operation: { paths: ["/v2", "/v2/*"] } },
        ]);
    });

    it("leaves Bookinfo's policies alone where a scenario rewrites to what is open", async () => {
        const to = async (scenario: string) => {
            const security = { authorization: { mode: "zero-trust" } };
            const plan = await recorded({ stack: "local", override: { security, traffic: { scenario } } });
            return at(
                one(plan, "AuthorizationPolicy", "security-bookinfo.productpage-callers").inputs,
                "spec",
                "rules",
            );
        };
        assert.deepEqual(await to("url-rewrite"), await to("all-v1"));
    });
});

describe("an existing Secret for hosts of either mode", () => {
    const folder = mkdtempSync(join(tmpdir(), "oke-mesh-"));
    const clientCa = join(folder, "ca.crt");

    before(async () => writeFileSync(clientCa, (await newAuthority()).certificate));
    after(() => rmSync(folder, { recursive: true }));

    for (const mutual of ["a.example.com", "b.example.com"]) {
        it(`gets the clients' CA beside it if ${mutual} is mutual`, async () => {
            const tls = {
                certificate: { source: "existing", secretName: "web" },
                clientCa,
                hosts: { [mutual]: { mode: "mutual" } },
            };
            const plan = await recorded({
                stack: "local",
                override: { gateway: { hosts: ["a.example.com", "b.example.com"], tls } },
            });
            assert.deepEqual(
                ofType(plan, "Secret").map(({ inputs }) => at(inputs, "metadata", "name")),
                ["web-cacert"],
            );
        });
    }
});
