import { strict as assert } from "node:assert";
import { at, type Plan, type Resource } from "../../../plan/model";
import { dependsOn, ofType, one } from "../../../plan/query";
import type { RecordOptions } from "../../../plan/record/record";
import { planOf, STACKS } from "../../stacks/plans";
import { validateIstio } from "../../support/istioSchemas";
import { recorded } from "../../support/recorded";

const planned = (gateway: object, more: RecordOptions["override"] = {}) =>
    recorded({ stack: "local", override: { gateway, ...more } });

const spec = ({ inputs }: Resource) => inputs.spec;

const PATHS = [
    { exact: "/productpage" },
    { prefix: "/static" },
    { exact: "/login" },
    { exact: "/logout" },
    { prefix: "/api/v1/products" },
];

const shop = (protocol = "http") => ({
    namespaces: { shop: {} },
    services: {
        cart: { namespace: "shop", port: 8080, protocol, expose: { hosts: ["shop.example.com"] } },
    },
});

const existing = (secretName: string) => ({ certificate: { source: "existing", secretName } });

describe("gateway.kind istio", () => {
    // Port 80: Istio's sample has said 8080 since 2023, which the gateway's Service does not lead to.
    it("is the guide's Gateway, in today's API version", async () => {
        assert.deepEqual(one(await planned({}), "Gateway").inputs, {
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
        assert.deepEqual(one(await planned({}), "VirtualService", "bookinfo-ingress-virtualservice").inputs, {
            apiVersion: "networking.istio.io/v1",
            kind: "VirtualService",
            metadata: { name: "bookinfo", namespace: "bookinfo" },
            spec: {
                hosts: ["*"],
                gateways: ["bookinfo-gateway"],
                http: [
                    {
                        match: PATHS.map((uri) => ({ uri })),
                        route: [{ destination: { host: "productpage", port: { number: 9080 } } }],
                    },
                ],
            },
        });
    });

    it("keeps what stacks of the time of BookinfoIngress have", async () => {
        const { aliases } = one(await planned({}), "IstioIngress", "bookinfo-ingress");
        assert.match(JSON.stringify(aliases), /oke-mesh:traffic:BookinfoIngress/);
    });

    it("answers the hosts it is given, in listener and routes alike", async () => {
        const hosts = ["bookinfo.example.com", "*.shop.example.com"];
        const plan = await planned({ hosts });
        assert.deepEqual(at(one(plan, "Gateway").inputs, "spec", "servers", 0, "hosts"), hosts);
        const routes = one(plan, "VirtualService", "bookinfo-ingress-virtualservice");
        assert.deepEqual(at(routes.inputs, "spec", "hosts"), hosts);
    });

    it("serves HTTPS with the Secret it is given, TLS 1.2 at least, and redirects HTTP to it", async () => {
        const plan = await planned({ tls: existing("bookinfo-tls") });
        assert.deepEqual(at(one(plan, "Gateway").inputs, "spec", "servers"), [
            { port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["*"], tls: { httpsRedirect: true } },
            {
                port: { number: 443, name: "https", protocol: "HTTPS" },
                hosts: ["*"],
                tls: { mode: "SIMPLE", credentialName: "bookinfo-tls", minProtocolVersion: "TLSV1_2" },
            },
        ]);
    });

    it("encrypts each host as it is told to, under a port name of its own", async () => {
        const hosts = ["a.example.com", "b.example.com", "c.example.com", "d.example.com"];
        const tls = {
            ...existing("all"),
            minimumVersion: "TLSV1_3",
            hosts: { "b.example.com": { mode: "off" }, "d.example.com": { mode: "mutual", ...existing("d") } },
        };
        const plan = await planned({ hosts, tls });
        const servers = at(one(plan, "Gateway").inputs, "spec", "servers") as {
            port: { name: string };
            hosts: string[];
            tls?: object;
        }[];
        assert.deepEqual(
            servers.map(({ port, hosts: of, tls: how }) => [port.name, of, how]),
            [
                ["http", ["a.example.com", "c.example.com"], { httpsRedirect: true }],
                [
                    "https",
                    ["a.example.com", "c.example.com"],
                    { mode: "SIMPLE", credentialName: "all", minProtocolVersion: "TLSV1_3" },
                ],
                ["http-2", ["b.example.com"], undefined],
                ["http-3", ["d.example.com"], { httpsRedirect: true }],
                ["https-3", ["d.example.com"], { mode: "MUTUAL", credentialName: "d", minProtocolVersion: "TLSV1_3" }],
            ],
        );
    });

    it("opens a user's service at its own hosts, gRPC too", async () => {
        const plan = await planned({}, shop("grpc"));
        assert.deepEqual(spec(one(plan, "VirtualService", "services-ingress-shop-example-com")), {
            hosts: ["shop.example.com"],
            gateways: ["services-gateway"],
            http: [
                {
                    match: [{ uri: { prefix: "/" } }],
                    route: [{ destination: { host: "cart.shop.svc.cluster.local", port: { number: 8080 } } }],
                },
            ],
        });
        const { metadata } = one(plan, "Gateway", "services-ingress-gateway").inputs;
        assert.deepEqual(metadata, { name: "services-gateway", namespace: "istio-system" });
    });
});

describe("gateway.kind ingress", () => {
    let plan: Plan;

    before(async () => {
        plan = await planned({ kind: "ingress", hosts: ["a.example.com"] });
    });

    it("is an Ingress of Istio's class with all of the application's paths", () => {
        const backend = { service: { name: "productpage", port: { number: 9080 } } };
        const http = {
            paths: [
                { path: "/productpage", pathType: "Exact", backend },
                { path: "/static", pathType: "Prefix", backend },
                { path: "/login", pathType: "Exact", backend },
                { path: "/logout", pathType: "Exact", backend },
                { path: "/api/v1/products", pathType: "Prefix", backend },
            ],
        };
        assert.deepEqual(spec(one(plan, "Ingress")), {
            ingressClassName: "istio",
            rules: [{ host: "a.example.com", http }],
            tls: [],
        });
        assert.deepEqual(spec(one(plan, "IngressClass")), { controller: "istio.io/ingress-controller" });
        assert.ok(dependsOn(plan, one(plan, "Ingress"), one(plan, "IngressClass")));
    });

    it("is the only way in", () => {
        assert.deepEqual(ofType(plan, "Gateway"), []);
    });

    it("has a rule for any host where any is answered", async () => {
        const any = await planned({ kind: "ingress" });
        assert.equal(at(one(any, "Ingress").inputs, "spec", "rules", 0, "host"), undefined);
    });

    it("waits for its address only where a load balancer gives it one", async () => {
        const annotations = (from: Plan) => at(one(from, "Ingress").inputs, "metadata", "annotations");
        assert.deepEqual(annotations(plan), {});
        const nodePort = await planned({ kind: "ingress", serviceType: "NodePort" });
        assert.deepEqual(annotations(nodePort), { "pulumi.com/skipAwait": "true" });
    });

    it("takes the certificate of each host", async () => {
        const hosts = ["a.example.com", "b.example.com"];
        const tls = { ...existing("a"), hosts: { "b.example.com": existing("b") } };
        const encrypted = await planned({ kind: "ingress", hosts, tls });
        assert.deepEqual(at(one(encrypted, "Ingress").inputs, "spec", "tls"), [
            { hosts: ["a.example.com"], secretName: "a" },
            { hosts: ["b.example.com"], secretName: "b" },
        ]);
    });
});

describe("gateway.kind gateway-api", () => {
    it("is a Gateway that the ingress gateway's proxies serve, and an HTTPRoute to productpage", async () => {
        const plan = await planned({ kind: "gateway-api" });
        const gateway = one(plan, "Gateway");
        assert.deepEqual(gateway.inputs.metadata, {
            name: "bookinfo-gateway",
            namespace: "istio-system",
            annotations: { "pulumi.com/waitFor": "condition=Programmed" },
        });
        const fromBookinfo = { matchLabels: { "kubernetes.io/metadata.name": "bookinfo" } };
        assert.deepEqual(spec(gateway), {
            gatewayClassName: "istio",
            addresses: [{ type: "Hostname", value: "istio-ingressgateway.istio-system.svc.cluster.local" }],
            listeners: [
                {
                    name: "http-any",
                    port: 80,
                    protocol: "HTTP",
                    allowedRoutes: { namespaces: { from: "Selector", selector: fromBookinfo } },
                },
            ],
        });
        const route = one(plan, "HTTPRoute");
        assert.deepEqual(route.inputs.metadata, { name: "bookinfo", namespace: "bookinfo" });
        assert.deepEqual(spec(route), {
            parentRefs: [{ name: "bookinfo-gateway", namespace: "istio-system", sectionName: "http-any" }],
            rules: [
                {
                    matches: [
                        { path: { type: "Exact", value: "/productpage" } },
                        { path: { type: "PathPrefix", value: "/static" } },
                        { path: { type: "Exact", value: "/login" } },
                        { path: { type: "Exact", value: "/logout" } },
                        { path: { type: "PathPrefix", value: "/api/v1/products" } },
                    ],
                    backendRefs: [{ name: "productpage", port: 9080 }],
                },
            ],
        });
    });

    it("installs its kinds before, from the release or from where it is told, or not at all", async () => {
        const plan = await planned({ kind: "gateway-api" });
        const kinds = one(plan, "ConfigFile");
        assert.match(kinds.inputs.file as string, /gateway-api\/releases\/download\/v1\.6\.0\/standard-install\.yaml$/);
        assert.ok(one(plan, "Gateway").dependencies.includes(kinds.urn));
        const without = await planned({ kind: "gateway-api", gatewayApiManifest: "none" });
        assert.deepEqual(ofType(without, "ConfigFile"), []);
    });

    it("redirects HTTP, terminates TLS and asks for client certificates as settings say", async () => {
        const hosts = ["a.example.com", "b.example.com"];
        const tls = { ...existing("a"), hosts: { "b.example.com": { mode: "mutual", ...existing("b") } } };
        const plan = await planned({ kind: "gateway-api", hosts, tls });
        const listeners = at(one(plan, "Gateway").inputs, "spec", "listeners") as Record<string, unknown>[];
        assert.deepEqual(
            listeners.map(({ name, hostname, port, tls: how }) => [name, hostname, port, how]),
            [
                ["http-a-example-com", "a.example.com", 80, undefined],
                ["https-a-example-com", "a.example.com", 443, { mode: "Terminate", certificateRefs: [{ name: "a" }] }],
                ["http-b-example-com", "b.example.com", 80, undefined],
                [
                    "https-b-example-com",
                    "b.example.com",
                    443,
                    {
                        mode: "Terminate",
                        certificateRefs: [{ name: "b" }],
                        options: { "gateway.istio.io/tls-terminate-mode": "MUTUAL" },
                    },
                ],
            ],
        );
        const sections = (name: string) =>
            (at(one(plan, "HTTPRoute", name).inputs, "spec", "parentRefs") as { sectionName: string }[]).map(
                ({ sectionName }) => sectionName,
            );
        assert.deepEqual(sections("bookinfo-ingress-route"), ["https-a-example-com", "https-b-example-com"]);
        assert.deepEqual(sections("bookinfo-ingress-route-redirect"), ["http-a-example-com", "http-b-example-com"]);
    });
});

describe("every kind of ingress", () => {
    const variants = ["istio", "ingress", "gateway-api"].flatMap((kind) =>
        [{ kind }, { kind, hosts: ["a.example.com"], tls: existing("a") }].map((gateway) => ({ gateway })),
    );
    for (const { gateway } of variants) {
        it(`is valid by its official schema and waits for istiod: ${JSON.stringify(gateway)}`, async () => {
            const plan = await planned(gateway, shop());
            const objects = plan.resources.filter(({ type }) =>
                /(istio\.io|gateway\.networking\.k8s\.io)\//.test(type),
            );
            assert.deepEqual(
                objects.flatMap(({ inputs }) =>
                    validateIstio(inputs as unknown as Parameters<typeof validateIstio>[0]),
                ),
                [],
            );
            const istiod = one(plan, "Release", "istio-istiod");
            const ways = plan.resources.filter(({ type }) => /:(Gateway|VirtualService|HTTPRoute|Ingress)$/.test(type));
            assert.ok(ways.length >= 2);
            assert.ok(ways.every((way) => dependsOn(plan, way, istiod)));
        });
    }

    it("says where the page is", async () => {
        for (const kind of ["istio", "ingress", "gateway-api"]) {
            const { outputs } = await planned({ kind, hosts: ["a.example.com"], tls: existing("a") });
            assert.equal(outputs.productpageUrl?.value, "https://a.example.com/productpage");
            assert.ok("gatewayAddress" in outputs);
        }
    });
});

describe("the addresses of users' own services", () => {
    it("are at their first host and path, as they are encrypted", async () => {
        const tls = { mode: "off", hosts: { "shop.example.com": { mode: "simple", ...existing("shop") } } };
        const { outputs } = await planned({ tls }, shop());
        assert.deepEqual(outputs.serviceUrls?.value, { cart: "https://shop.example.com/" });
    });

    it("are absent where nothing is open", async () => {
        const { outputs } = await planned(
            {},
            { namespaces: { shop: {} }, services: { cart: { namespace: "shop", port: 80 } } },
        );
        assert.equal(outputs.serviceUrls, undefined);
    });
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
        const { service, listeners } = portsOf(await planned({ ports: { http: 8081 } }));
        assert.deepEqual([service, listeners], [[8081], [8081]]);
    });
});
