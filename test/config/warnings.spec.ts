import { strict as assert } from "node:assert";
import { readSettings } from "../../config/load";
import { warningsAbout } from "../../config/warnings";
import { asDevStack, change, configure, NEW_CLUSTER } from "./settings";

const quiet = {
    ...change(NEW_CLUSTER, "cluster.endpoint", { public: true, allowedCidrs: ["150.136.10.0/24"] }),
    gateway: { hosts: ["a.example.com"], tls: { certificate: { source: "existing", secretName: "a" } } },
};

const withClients = (clientAddresses: object, gateway: object = {}) => ({
    ...quiet,
    gateway: { ...quiet.gateway, ...gateway, clientAddresses },
});

/** The certificate is cert-manager's to get. */
const withIssuer = (gateway: object) => ({
    ...quiet,
    gateway: {
        hosts: ["a.example.com"],
        tls: { certificate: { source: "cert-manager", issuer: { name: "letsencrypt" } } },
        ...gateway,
    },
});

/** A second service at the gateway, and what its host has of its own. */
const withCart = (hosts: object) => ({
    gateway: { ...quiet.gateway, tls: { ...quiet.gateway.tls, hosts } },
    namespaces: { shop: {} },
    services: { cart: { namespace: "shop", port: 80, expose: { hosts: ["b.example.com"] } } },
});

const doubtful: [string, Record<string, unknown>, RegExp][] = [
    [
        "a compartment nobody set",
        change(quiet, "compartmentId", "ocid1.compartment.oc1..replace-with-your-compartment"),
        /placeholder/,
    ],
    [
        "a private endpoint",
        change(quiet, "cluster.endpoint", { public: false }),
        /private address: run `pulumi up` from a network/,
    ],
    [
        "a private endpoint behind a bastion",
        change(change(quiet, "cluster.endpoint", {}), "network.bastion", { allowedCidrs: ["150.136.10.0/24"] }),
        /through the bastion or from/,
    ],
    [
        "an endpoint for the whole internet",
        change(quiet, "cluster.endpoint.allowedCidrs[0]", "0.0.0.0/0"),
        /whole internet/,
    ],
    ["whatever context is current", { cluster: { source: "kubeconfig" } }, /current context/],
    [
        "scaling in somebody else's cluster",
        { cluster: { source: "kubeconfig", context: "kind" }, gateway: { replicas: { min: 1, max: 3 } } },
        /metrics server/,
    ],
    ["plain HTTP", change(quiet, "gateway.tls", undefined), /plain HTTP/],
    [
        "an Ingress that cannot redirect",
        change(quiet, "gateway.kind", "ingress"),
        /HTTP is served beside HTTPS, not redirected to it/,
    ],
    [
        "kinds in somebody else's cluster that would go with the stack",
        { cluster: { source: "kubeconfig", context: "kind" }, gateway: { kind: "gateway-api" } },
        /every HTTPRoute in the cluster/,
    ],
    ["one certificate for two services", { ...quiet, ...withCart({}) }, /^a\.example\.com and b\.example\.com share/],
    [
        "one certificate for two listeners of the Gateway API",
        { ...quiet, gateway: { ...quiet.gateway, kind: "gateway-api", hosts: ["a.example.com", "b.example.com"] } },
        /^a\.example\.com and b\.example\.com share/,
    ],
    [
        "signing keys with unsigned images",
        change(quiet, "cluster.imageSigningKeyIds", ["ocid1.key.oc1.iad.a"]),
        /these are not: istio\.hub, bookinfo\.hub\. Use signed copies/,
    ],
    [
        "signing keys with add-ons, clients and a collector of foreign registries",
        {
            ...change(quiet, "cluster.imageSigningKeyIds", ["ocid1.key.oc1.iad.a"]),
            istio: { hub: "iad.ocir.io/ns/istio" },
            bookinfo: { hub: "ocir.us-ashburn-1.oci.oraclecloud.com/ns/istio" },
            clients: { curl: true },
            addons: {
                prometheus: { enabled: true, extraValues: { server: { image: { repository: "iad.ocir.io/ns/p" } } } },
                kiali: { enabled: true },
            },
            apm: { source: "new" },
            tracing: { backend: "apm", transport: "collector" },
        },
        /these are not: clients \(docker\.io\), addons\.kiali, tracing\.transport collector \(ghcr\.io\)\./,
    ],
    [
        "a patch of Istio that lacks later fixes",
        { ...quiet, istio: { version: "1.31.1" } },
        /lacks the fixes up to 1\.31\.4.*pulumi config set --path 'istio\.version' 1\.31\.4/,
    ],
    [
        "a challenge over HTTP that is redirected",
        withIssuer({}),
        /^The issuer of a\.example\.com.*port 80 redirects to HTTPS/,
    ],
    [
        "a challenge over HTTP that is redirected by the Gateway API",
        withIssuer({ kind: "gateway-api" }),
        /because port 80 redirects to HTTPS/,
    ],
    [
        "a TCP port that takes the connections of others",
        {
            ...quiet,
            egress: { services: { db: { hosts: ["db.example.org"], ports: [{ port: 3306, protocol: "TCP" }] } } },
        },
        /^egress\.services\.db\.ports\[0\]\.port takes every connection.*3306.*db\.example\.org.*dnsCapture true/,
    ],
    [
        "a PROXY header that no load balancer of this stack sends",
        withClients({ source: "proxy-protocol" }, { serviceType: "NodePort" }),
        /^gateway\.clientAddresses\.source proxy-protocol: no OCI load balancer.*Connections without one are closed/,
    ],
    [
        "forwarded headers that anybody can send",
        withClients({ source: "forwarded-headers", trustedHops: 1 }),
        /^gateway\.clientAddresses\.source forwarded-headers: whoever reaches.*gateway\.loadBalancer\.allowedCidrs/,
    ],
    ["an older patch of an older minor", { ...quiet, istio: { version: "1.30.4" } }, /up to 1\.30\.8/],
    [
        "a circuit breaker without load",
        { ...quiet, traffic: { scenario: "circuit-breaker" } },
        /pulumi config set --path clients.fortio true/,
    ],
];

describe("warningsAbout", () => {
    asDevStack();

    const warnings = (settings: Record<string, unknown>) => {
        configure(settings);
        return warningsAbout(readSettings());
    };

    for (const [what, settings, text] of doubtful) {
        it(`speaks of ${what}`, () => {
            const found = warnings(settings);
            assert.equal(found.length, 1, found.join("\n"));
            assert.match(found[0] ?? "", text);
        });
    }

    it("is silent about hosts of one service, which Istio serves alike", () => {
        const hosts = ["a.example.com", "b.example.com"];
        assert.deepEqual(warnings({ ...quiet, gateway: { ...quiet.gateway, hosts } }), []);
    });

    const shops = (kind: string, namespace: string) =>
        warnings({
            ...quiet,
            bookinfo: { enabled: false },
            gateway: { tls: quiet.gateway.tls, kind },
            namespaces: { shop: {}, web: {} },
            services: {
                cart: { namespace: "shop", port: 80, expose: { hosts: ["a.example.com"] } },
                web: { namespace, port: 80, expose: { hosts: ["a.example.com", "b.example.com"], paths: WEB } },
            },
        }).filter((text) => text.includes("IST0138"));
    const WEB = [{ prefix: "/web" }];

    it("is silent about services of one Gateway with one certificate", () => {
        assert.deepEqual(shops("istio", "web"), []);
        assert.deepEqual(shops("ingress", "shop"), []);
    });

    it("speaks of hosts with one certificate that have a listener each", () => {
        assert.match(shops("gateway-api", "web")[0] ?? "", /^a\.example\.com and b\.example\.com share a certificate/);
    });

    it("is silent about services with a certificate each", () => {
        const certificate = { source: "existing", secretName: "b" };
        assert.deepEqual(warnings({ ...quiet, ...withCart({ "b.example.com": { certificate } }) }), []);
    });

    const challenges = (gateway: object) =>
        warnings(withIssuer({ kind: "ingress", ...gateway })).filter((text) => text.includes("DNS-01"));

    it("is silent about challenges over HTTP where an Ingress answers the internet at port 80", () => {
        assert.deepEqual(challenges({}), []);
    });

    for (const [why, gateway, reason] of [
        ["a wildcard", { hosts: ["*.example.com"] }, /because \*\.example\.com is a wildcard/],
        ["an internal load balancer", { loadBalancer: { internal: true } }, /does not reach port 80/],
        ["listed networks", { loadBalancer: { allowedCidrs: ["192.0.2.0/24"] } }, /does not reach port 80/],
        ["no load balancer", { serviceType: "NodePort" }, /does not reach port 80/],
    ] as const) {
        it(`speaks of challenges over HTTP with ${why}`, () => {
            const [text = ""] = challenges(gateway);
            assert.match(text, reason);
        });
    }

    it("is silent about TCP where each host has an address of its own", () => {
        const services = { db: { hosts: ["db.example.org"], ports: [{ port: 3306, protocol: "TCP" }] } };
        const istio = { meshConfig: { dnsCapture: true } };
        assert.deepEqual(warnings({ ...quiet, egress: { services }, istio }), []);
    });

    it("says which rules a network managed elsewhere needs where nodes see clients", () => {
        const network = {
            source: "existing",
            vcnId: "ocid1.vcn.oc1.iad.a",
            subnets: { loadBalancers: "ocid1.subnet.oc1.iad.a" },
            nsgs: { loadBalancers: ["ocid1.networksecuritygroup.oc1.iad.a"] },
        };
        const cluster = { source: "existing", id: "ocid1.cluster.oc1.iad.a", endpoint: { public: true } };
        const gateway = {
            ...quiet.gateway,
            loadBalancer: { type: "nlb" },
            clientAddresses: { source: "preserve-source" },
        };
        const found = warnings({ network, cluster, gateway });
        assert.match(found.join("\n"), /preserve-source: the rules of your network must admit.*30000 to 32767/);
    });

    const known: [what: string, settings: Record<string, unknown>][] = [
        ["the PROXY protocol of OCI's load balancer", withClients({ source: "proxy-protocol" })],
        [
            "sources that a new network admits",
            withClients({ source: "preserve-source" }, { loadBalancer: { type: "nlb" } }),
        ],
        [
            "forwarded headers of listed proxies",
            withClients(
                { source: "forwarded-headers", trustedHops: 2 },
                { loadBalancer: { allowedCidrs: ["8.8.8.0/24"] } },
            ),
        ],
    ];
    for (const [what, settings] of known) {
        it(`is silent about ${what}`, () => assert.deepEqual(warnings(settings), []));
    }

    it("is silent about a patch newer than the newest it knows", () => {
        assert.deepEqual(warnings({ ...quiet, istio: { version: "1.31.12" } }), []);
    });

    it("is silent about a public endpoint for named networks, with TLS", () => assert.deepEqual(warnings(quiet), []));
});
