import { strict as assert } from "node:assert";
import { readSettings } from "../../config/load";
import { behind, resolveMesh, serviceNamed, type Mesh } from "../../mesh/mesh";
import { asDevStack, configure, described } from "../config/settings";

const SHOP = {
    cluster: { source: "kubeconfig" },
    namespaces: { shop: {} },
    services: { cart: { namespace: "shop", port: 80, expose: { hosts: ["cart.example.com", "basket.example.com"] } } },
};

const TLS = {
    mode: "mutual",
    minimumVersion: "TLSV1_3",
    certificate: { source: "generated" },
    hosts: {
        "cart.example.com": { mode: "simple" },
        "basket.example.com": { certificate: { source: "existing", secretName: "basket" } },
        "bookinfo.example.com": { mode: "off" },
    },
};

function resolved(settings: Record<string, unknown>): Mesh {
    configure({ ...SHOP, ...settings });
    return resolveMesh(readSettings());
}

describe("the mesh that settings come to", () => {
    asDevStack();

    it("has Bookinfo's services, the clients that run and the user's own", () => {
        const { services, namespaces } = resolved({ clients: { httpbin: true, legacy: true } });
        assert.deepEqual(
            services.map(({ name, namespace, from, containerPort }) => ({ name, namespace, from, containerPort })),
            [
                ...["productpage", "details", "reviews", "ratings"].map((name) => ({
                    ...{ name, namespace: "bookinfo", from: "bookinfo", containerPort: 9080 },
                })),
                { name: "httpbin", namespace: "bookinfo", from: "clients", containerPort: 8080 },
                { name: "cart", namespace: "shop", from: "services", containerPort: undefined },
            ],
        );
        assert.deepEqual(namespaces, ["bookinfo", "shop"]);
    });

    it("gives clients a namespace of their own without Bookinfo's, unless it is one of the user's", () => {
        const alone = { bookinfo: { enabled: false }, clients: { curl: true } };
        const made = resolved(alone);
        assert.deepEqual(made.clients, {
            ...{ workloads: ["curl"], namespace: "clients", ownsNamespace: true, legacyNamespace: undefined },
        });
        assert.deepEqual(made.namespaces, ["shop", "clients"]);
        const among = resolved({ ...alone, clients: { curl: true, namespace: "shop" } });
        assert.deepEqual([among.clients?.ownsNamespace, among.namespaces], [false, ["shop"]]);
        assert.equal(resolved({}).clients, undefined);
    });

    it("knows each host at the gateway, whose it is and how it is encrypted", () => {
        const { hosts, gateway } = resolved({
            gateway: { hosts: ["bookinfo.example.com"], tls: TLS },
            addons: { prometheus: { enabled: true }, grafana: { enabled: true, host: "grafana.example.com" } },
        });
        assert.deepEqual(
            hosts.map(({ host, key, owner, tls }) => [host, key, owner, tls?.certificate?.source, tls?.served]),
            [
                ["bookinfo.example.com", "gateway.hosts[0]", "gateway.hosts", undefined, undefined],
                [
                    ...["cart.example.com", "services.cart.expose.hosts[0]", "services.cart.expose.hosts", "generated"],
                    { mode: "SIMPLE", credentialName: "gateway-tls-cart.example.com", minProtocolVersion: "TLSV1_3" },
                ],
                [
                    ...[
                        "basket.example.com",
                        "services.cart.expose.hosts[1]",
                        "services.cart.expose.hosts",
                        "existing",
                    ],
                    { mode: "MUTUAL", credentialName: "basket", minProtocolVersion: "TLSV1_3" },
                ],
                [
                    ...["grafana.example.com", "addons.grafana.host", "addons.grafana.host", "generated"],
                    { mode: "MUTUAL", credentialName: "gateway-tls", minProtocolVersion: "TLSV1_3" },
                ],
            ],
        );
        assert.deepEqual(gateway.ports, [
            { name: "http2", port: 80 },
            { name: "https", port: 443 },
        ]);
    });

    it("knows a host once, with every setting that names it and all services behind it", () => {
        const cart = { ...SHOP.services.cart, expose: { hosts: ["a.example.com", "b.example.com"] } };
        const paths = [{ prefix: "/api" }];
        const services = { cart, api: { namespace: "shop", port: 80, expose: { hosts: ["b.example.com"], paths } } };
        const mesh = resolved({ services, gateway: { hosts: ["a.example.com"] } });
        assert.deepEqual(
            mesh.hosts.map((open) => [
                open.host,
                open.named.map(({ key }) => key),
                behind(mesh, open).map(({ service }) => service.name),
            ]),
            [
                ["a.example.com", ["gateway.hosts[0]", "services.cart.expose.hosts[0]"], ["cart", "productpage"]],
                ["b.example.com", ["services.cart.expose.hosts[1]", "services.api.expose.hosts[0]"], ["api", "cart"]],
            ],
        );
    });

    it("opens no port for HTTPS where every host is off", () => {
        const plain = resolved({
            gateway: { hosts: ["bookinfo.example.com"], tls: { mode: "off" } },
        });
        assert.deepEqual(plain.gateway.ports, [{ name: "http2", port: 80 }]);
    });

    it("lays what is set for a service over the scenario, and declared calls over Bookinfo's", () => {
        const { traffic, calls } = resolved({
            traffic: { scenario: "reviews-split", services: { reviews: { timeout: "2s" }, cart: { timeout: "1s" } } },
            security: { authorization: { mode: "zero-trust", calls: { cart: ["details"], reviews: [] } } },
        });
        assert.deepEqual(traffic.reviews, { route: { v1: 50, v3: 50 }, timeout: "2s" });
        assert.deepEqual(traffic.cart, { timeout: "1s" });
        assert.deepEqual(calls, { productpage: ["details", "reviews"], reviews: [], cart: ["details"] });
        assert.deepEqual(resolved({ bookinfo: { enabled: false } }).calls, {});
    });

    it("finds a service by its name, and says which one it does not find", () => {
        const mesh = resolved({});
        assert.equal(serviceNamed(mesh, "cart").namespace, "shop");
        assert.throws(() => serviceNamed(mesh, "card"), /card is no service of the mesh/);
    });
});

describe("rules about the mesh", () => {
    asDevStack();

    const unknown = { traffic: { services: { carts: { timeout: "1s" } } } };

    it("wait until every section is valid that says what the mesh is", () => {
        assert.deepEqual(described({ ...SHOP, ...unknown }), [
            "traffic.services.carts is no service of the mesh; did you mean cart?",
        ]);
        assert.deepEqual(described({ ...SHOP, ...unknown, egress: { mode: "NONE" } }), [
            'egress.mode is "NONE", must be ALLOW_ANY or REGISTRY_ONLY',
        ]);
    });

    it("do not wait for others", () => {
        const problems = described({ ...SHOP, ...unknown, istio: { variant: "debug" } });
        assert.deepEqual(problems, [
            'istio.variant is "debug", must be default or distroless',
            "traffic.services.carts is no service of the mesh; did you mean cart?",
        ]);
    });
});
