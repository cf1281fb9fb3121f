import { strict as assert } from "node:assert";
import { at, type Plan, type Resource } from "../../../plan/model";
import { dependsOn, ofType, one } from "../../../plan/query";
import type { RecordOptions } from "../../../plan/record/record";
import { validateIstio } from "../../support/istioSchemas";
import { recorded } from "../../support/recorded";

const planned = (egress: object, more: RecordOptions["override"] = {}) =>
    recorded({ stack: "local", override: { egress, ...more } });

const spec = ({ inputs }: Resource) => inputs.spec;

const istiod = (plan: Plan) => one(plan, "Release", "istio-istiod").inputs.values;

const HTTPBIN = { hosts: ["httpbin.org"], ports: [{ port: 80, protocol: "HTTP" }] };

function assertValid(plan: Plan): void {
    const objects = plan.resources.filter(({ type, name }) => /istio\.io\//.test(type) && name.startsWith("egress"));
    assert.ok(objects.length > 0);
    assert.deepEqual(
        objects.flatMap(({ inputs }) => validateIstio(inputs as unknown as Parameters<typeof validateIstio>[0])),
        [],
    );
}

describe("egress.mode", () => {
    // Guide: "Managing Envoy Passthrough to External Services", "Controlling Access to External Services", step 1
    for (const mode of ["ALLOW_ANY", "REGISTRY_ONLY"]) {
        it(`is what istiod tells sidecars of unknown hosts: ${mode}`, async () => {
            assert.equal(at(istiod(await planned({ mode })), "meshConfig", "outboundTrafficPolicy", "mode"), mode);
        });
    }
});

describe("an external service", () => {
    it("is the guide's ServiceEntry httpbin-ext", async () => {
        const plan = await planned({ services: { "httpbin-ext": HTTPBIN } });
        const entry = one(plan, "ServiceEntry");
        assert.deepEqual(entry.inputs.metadata, { name: "httpbin-ext", namespace: "istio-system" });
        assert.deepEqual(spec(entry), {
            hosts: ["httpbin.org"],
            ports: [{ number: 80, name: "http", protocol: "HTTP" }],
            resolution: "DNS",
            location: "MESH_EXTERNAL",
        });
        assertValid(plan);
    });

    it("cuts requests off after the guide's three seconds", async () => {
        const plan = await planned({ services: { "httpbin-ext": { ...HTTPBIN, timeout: "3s" } } });
        const routes = one(plan, "VirtualService", "egress-httpbin-ext-routes");
        assert.deepEqual(routes.inputs.metadata, { name: "httpbin-ext", namespace: "istio-system" });
        assert.deepEqual(spec(routes), {
            hosts: ["httpbin.org"],
            http: [{ timeout: "3s", route: [{ destination: { host: "httpbin.org" } }] }],
        });
        assert.ok(dependsOn(plan, routes, one(plan, "ServiceEntry")));
        assertValid(plan);
    });

    it("lets HTTPS through as it is, the usual case", async () => {
        const plan = await planned({ services: { google: { hosts: ["www.google.com"] } } });
        assert.deepEqual(at(spec(one(plan, "ServiceEntry")), "ports"), [
            { number: 443, name: "https", protocol: "HTTPS" },
        ]);
        assert.deepEqual(
            plan.resources.filter(({ type, name }) => name.startsWith("egress-") && /VirtualService|Rule/.test(type)),
            [],
        );
    });

    it("does not look up names of which there are any number", async () => {
        const plan = await planned({ services: { oracle: { hosts: ["*.oraclecloud.com"] } } });
        assert.equal(at(spec(one(plan, "ServiceEntry")), "resolution"), "NONE");
    });

    it("retries, per port where there are several", async () => {
        const ports = [
            { port: 80, protocol: "HTTP" },
            { port: 8080, protocol: "HTTP" },
        ];
        const retries = { attempts: 2, perTryTimeout: "1s", retryOn: ["5xx", "reset"] };
        const plan = await planned({ services: { api: { hosts: ["api.example.com"], ports, retries } } });
        const route = (port: number) => ({
            match: [{ port }],
            route: [{ destination: { host: "api.example.com", port: { number: port } } }],
            retries: { attempts: 2, perTryTimeout: "1s", retryOn: "5xx,reset" },
        });
        assert.deepEqual(at(spec(one(plan, "VirtualService", "egress-api-routes")), "http"), [route(80), route(8080)]);
        assert.deepEqual(
            (at(spec(one(plan, "ServiceEntry")), "ports") as { name: string }[]).map(({ name }) => name),
            ["http-80", "http-8080"],
        );
        assertValid(plan);
    });

    it("leaves as TLS what is plain inside, with the certificate checked", async () => {
        const plan = await planned({ services: { httpbin: { ...HTTPBIN, originateTls: true, timeout: "3s" } } });
        assert.deepEqual(at(spec(one(plan, "ServiceEntry")), "ports"), [
            { number: 80, name: "http", protocol: "HTTP", targetPort: 443 },
        ]);
        const tls = { mode: "SIMPLE", sni: "httpbin.org", caCertificates: "/etc/ssl/certs/ca-certificates.crt" };
        assert.deepEqual(spec(one(plan, "DestinationRule", "egress-httpbin-tls")), {
            host: "httpbin.org",
            trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls }] },
        });
        assertValid(plan);
    });

    it("has objects of its own for each of its hosts", async () => {
        const hosts = ["a.example.com", "b.example.com"];
        const plan = await planned({ services: { api: { ...HTTPBIN, hosts, originateTls: true, timeout: "3s" } } });
        const names = (type: string) =>
            ofType(plan, type)
                .filter(({ name }) => name.startsWith("egress-"))
                .map(({ inputs }) => at(inputs, "metadata", "name"));
        assert.deepEqual(names("VirtualService"), ["api-a.example.com", "api-b.example.com"]);
        assert.deepEqual(names("DestinationRule"), ["api-a.example.com", "api-b.example.com"]);
    });
});

describe("an external service behind the egress gateway", () => {
    let plan: Plan;

    before(async () => {
        const ports = [...HTTPBIN.ports, { port: 443, protocol: "HTTPS" }];
        plan = await planned({
            services: { httpbin: { hosts: ["httpbin.org"], ports, originateTls: true, timeout: "3s", via: "gateway" } },
        });
    });

    it("has a gateway that listens where sidecars speak to it, and is there first", () => {
        const release = one(plan, "Release", "istio-egressgateway-release");
        assert.deepEqual([release.inputs.name, release.inputs.namespace], ["istio-egressgateway", "istio-system"]);
        assert.deepEqual(at(release.inputs.values, "service"), {
            type: "ClusterIP",
            ports: [80, 443].map((port) => ({ name: `tls-${port}`, port, protocol: "TCP", targetPort: port })),
        });
        assert.deepEqual(at(release.inputs.values, "labels"), { app: "istio-egressgateway", istio: "egressgateway" });
        assert.ok(dependsOn(plan, one(plan, "Gateway", "egress-httpbin-gateway"), release));
    });

    it("is reached with mutual TLS, and lets pass what is TLS already", () => {
        assert.deepEqual(spec(one(plan, "Gateway", "egress-httpbin-gateway")), {
            selector: { istio: "egressgateway" },
            servers: [
                {
                    port: { number: 80, name: "port-80", protocol: "HTTPS" },
                    hosts: ["httpbin.org"],
                    tls: { mode: "ISTIO_MUTUAL" },
                },
                {
                    port: { number: 443, name: "port-443", protocol: "TLS" },
                    hosts: ["httpbin.org"],
                    tls: { mode: "PASSTHROUGH" },
                },
            ],
        });
        const tls = { mode: "ISTIO_MUTUAL", sni: "httpbin.org" };
        assert.deepEqual(spec(one(plan, "DestinationRule", "egress-httpbin-towards")), {
            host: "istio-egressgateway.istio-system.svc.cluster.local",
            subsets: [{ name: "httpbin", trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls }] } }],
        });
    });

    it("has routes from sidecars to the gateway, and from there to the outside", () => {
        const toGateway = (port: number) => [
            {
                destination: {
                    host: "istio-egressgateway.istio-system.svc.cluster.local",
                    subset: "httpbin",
                    port: { number: port },
                },
            },
        ];
        const outside = (port: number) => [{ destination: { host: "httpbin.org", port: { number: port } } }];
        assert.deepEqual(spec(one(plan, "VirtualService", "egress-httpbin-routes")), {
            hosts: ["httpbin.org"],
            gateways: ["mesh", "httpbin-egress"],
            http: [
                { match: [{ gateways: ["mesh"], port: 80 }], route: toGateway(80) },
                { match: [{ gateways: ["httpbin-egress"], port: 80 }], route: outside(80), timeout: "3s" },
            ],
            tls: [
                { match: [{ gateways: ["mesh"], port: 443, sniHosts: ["httpbin.org"] }], route: toGateway(443) },
                {
                    match: [{ gateways: ["httpbin-egress"], port: 443, sniHosts: ["httpbin.org"] }],
                    route: outside(443),
                },
            ],
        });
        assertValid(plan);
    });

    it("puts TLS around what was plain, and not around what is TLS already", () => {
        assert.deepEqual(at(spec(one(plan, "ServiceEntry")), "ports"), [
            { number: 80, name: "http", protocol: "HTTP", targetPort: 443 },
            { number: 443, name: "https", protocol: "HTTPS" },
        ]);
        const settings = at(
            spec(one(plan, "DestinationRule", "egress-httpbin-tls")),
            "trafficPolicy",
            "portLevelSettings",
        );
        assert.deepEqual(
            (settings as { port: unknown }[]).map(({ port }) => port),
            [{ number: 80 }],
        );
    });

    it("comes with no gateway where none goes through it", async () => {
        const direct = await planned({ services: { httpbin: HTTPBIN } });
        assert.deepEqual(
            ofType(direct, "Release").filter(({ name }) => name.includes("egress")),
            [],
        );
    });
});

// Guide: "Directing Access to External Services"
describe("egress.bypass", () => {
    const annotations = (plan: Plan, name: string) =>
        at(one(plan, "Deployment", name).inputs, "spec", "template", "metadata", "annotations") as Record<
            string,
            string
        >;

    it("takes networks past all sidecars, and restarts the pods for it", async () => {
        const plan = await planned({ bypass: { cidrs: ["203.0.113.0/24", "198.51.100.0/24"] } });
        assert.equal(at(istiod(plan), "global", "proxy", "excludeIPRanges"), "203.0.113.0/24,198.51.100.0/24");
        assert.equal(at(istiod(plan), "global", "proxy", "includeIPRanges"), undefined);
        assert.equal(annotations(plan, "bookinfo-ratings-v1")["oke-mesh/bypass"], "203.0.113.0/24,198.51.100.0/24");
    });

    it("takes everything past them but some networks", async () => {
        const plan = await planned({ bypass: { allExcept: ["10.96.0.0/16", "10.244.0.0/16"] } });
        assert.equal(at(istiod(plan), "global", "proxy", "includeIPRanges"), "10.96.0.0/16,10.244.0.0/16");
    });

    it("takes networks past the sidecars of one workload, beside those for all", async () => {
        const bypass = { cidrs: ["203.0.113.0/24"], workloads: { ratings: ["198.51.100.0/24"] } };
        const plan = await planned({ bypass });
        const key = "traffic.sidecar.istio.io/excludeOutboundIPRanges";
        assert.equal(annotations(plan, "bookinfo-ratings-v1")[key], "203.0.113.0/24,198.51.100.0/24");
        assert.equal(annotations(plan, "bookinfo-details-v1")[key], undefined);
    });

    it("says nothing where nothing is set", async () => {
        const plan = await planned({});
        assert.doesNotMatch(JSON.stringify(istiod(plan)), /IPRanges/);
        assert.equal(annotations(plan, "bookinfo-ratings-v1")["oke-mesh/bypass"], undefined);
    });
});

describe("egress.scoping", () => {
    it("gives each namespace its own, the mesh's, and what it says it reaches", async () => {
        const plan = await planned(
            { scoping: { enabled: true, reaches: { shop: ["bookinfo"] } } },
            { namespaces: { shop: {} }, services: { cart: { namespace: "shop", port: 80 } } },
        );
        const scopes = ofType(plan, "Sidecar").map(({ inputs }) => [inputs.metadata, inputs.spec]);
        assert.deepEqual(scopes, [
            [{ name: "default", namespace: "bookinfo" }, { egress: [{ hosts: ["./*", "istio-system/*"] }] }],
            [{ name: "default", namespace: "shop" }, { egress: [{ hosts: ["./*", "istio-system/*", "bookinfo/*"] }] }],
        ]);
    });
});
