import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings } from "../../config/load";
import { warningsAbout } from "../../config/warnings";
import { assertFixable } from "./fixable";
import { asDevStack, change, configure, described, NEW_CLUSTER, problemsIn } from "./settings";

type Settings = Record<string, unknown>;

const LOCAL = { cluster: { source: "kubeconfig", context: "kind" } };
const policy = (rules: object[]): Settings => ({
    ...LOCAL,
    security: { authorization: { policies: [{ name: "mine", service: "ratings", rules }] } },
});

describe("a suggested command", () => {
    asDevStack();

    /** What people write, and the commands that say it rightly. */
    const meant: [settings: Settings, commands: string[]][] = [
        [
            change(NEW_CLUSTER, "cluster.endpoint", { public: "yes", allowedCidrs: ["192.0.2.0/24"] }),
            ["set --path 'cluster.endpoint.public' true"],
        ],
        [change(NEW_CLUSTER, "cluster.protect", "no"), ["set --path 'cluster.protect' false"]],
        [change(NEW_CLUSTER, "cluster.nodePools[0].size", "3"), ["set --path 'cluster.nodePools[0].size' 3"]],
        [{ ...LOCAL, logging: { oci: { retentionDays: "90" } } }, ["set --path 'logging.oci.retentionDays' 90"]],
        [{ ...LOCAL, istio: { version: "v1.31.4" } }, ["set --path 'istio.version' 1.31.4"]],
        [{ ...LOCAL, bookinfo: { tag: 1.2 } }, ["set --path 'bookinfo.tag' 1.2"]],
        [{ ...LOCAL, tracing: { sampling: "12.5%" } }, ["set --path 'tracing.sampling' 12.5 --type float"]],
        [
            { ...LOCAL, security: { mtls: "STRICT" } },
            ["rm --path 'security.mtls'", "set --path 'security.mtls.mode' STRICT"],
        ],
        [
            { ...LOCAL, security: { mtls: { mdoe: "STRICT" } } },
            ["set --path 'security.mtls.mode' STRICT", "rm --path 'security.mtls.mdoe'"],
        ],
        [
            policy([{ to: { paths: ["admin"] } }]),
            ["set --path 'security.authorization.policies[0].rules[0].to.paths[0]' /admin"],
        ],
        [
            policy([{ to: { methods: ["get"] } }]),
            ["set --path 'security.authorization.policies[0].rules[0].to.methods[0]' GET"],
        ],
        [
            policy([{ to: { methods: "GET" } }]),
            [
                "rm --path 'security.authorization.policies[0].rules[0].to.methods'",
                "set --path 'security.authorization.policies[0].rules[0].to.methods[0]' GET",
            ],
        ],
        [
            policy([{ from: { principals: ["spiffe://cluster.local/ns/shop/sa/cart"] } }]),
            [
                "set --path 'security.authorization.policies[0].rules[0].from.principals[0]' cluster.local/ns/shop/sa/cart",
            ],
        ],
        [
            { ...LOCAL, gateway: { hosts: ["https://shop.example.com/"] } },
            ["set --path 'gateway.hosts[0]' shop.example.com"],
        ],
        [{ ...LOCAL, gateway: { kind: "gatewayapi" } }, ["set --path 'gateway.kind' gateway-api"]],
        [
            { ...LOCAL, gateway: { tls: { certificate: { source: "certmanager", issuer: { name: "ca" } } } } },
            ["set --path 'gateway.tls.certificate.source' cert-manager"],
        ],
        [
            { ...LOCAL, istio: { digests: { pilot: "a".repeat(64) } } },
            [`set --path 'istio.digests.pilot' sha256:${"a".repeat(64)}`],
        ],
        [
            { ...LOCAL, istio: { resources: { limits: { memory: "4GB" } } } },
            ["set --path 'istio.resources.limits.memory' 4G"],
        ],
        [
            { ...LOCAL, traffic: { services: { reviews: { timeout: 5 } } } },
            ["set --path 'traffic.services.reviews.timeout' 5s"],
        ],
        [
            { ...LOCAL, istio: { meshConfig: { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } } } },
            ["set --path 'egress.mode' REGISTRY_ONLY", "rm --path 'istio.meshConfig.outboundTrafficPolicy'"],
        ],
    ];
    for (const [settings, commands] of meant) {
        it(`says what was meant: ${commands.join("; ")}`, () => {
            const [problem] = problemsIn(settings).filter(({ key }) => !key.startsWith("oci:"));
            const wanted = commands.map((command) => `pulumi config ${command}`);
            assert.deepEqual(
                problem?.fix.map((command) => command.replace(" --type string", "")),
                wanted,
                JSON.stringify(problem),
            );
            assertFixable(settings);
        });
    }

    /** Where nobody can tell: no guess, but a placeholder, which the settings refuse. */
    const open: [what: string, settings: Settings][] = [
        ["a path with an asterisk inside", policy([{ to: { paths: ["/a/*/b"] } }])],
        ["a namespace that none can be", policy([{ from: { namespaces: ["a b"] } }])],
        ["a bare account", policy([{ from: { principals: ["reviews"] } }])],
        [
            "a pattern that is none",
            { ...LOCAL, traffic: { services: { reviews: { match: [{ paths: [{ regex: "(" }] }] } } } },
        ],
        [
            "an address as a host outside, where a letter behind it would make a name",
            {
                ...LOCAL,
                egress: { services: { api: { hosts: ["1.2.3.4"], ports: [{ port: 80, protocol: "HTTP" }] } } },
            },
        ],
        ["a method that no client sends", policy([{ to: { methods: ["GETS"] } }])],
        ["a digest that is too short", { ...LOCAL, istio: { digests: { pilot: "sha256:abc" } } }],
        ["a mode that is none", { ...LOCAL, security: { mtls: { mode: "on" } } }],
        ["a boolean that is none", change(NEW_CLUSTER, "cluster.endpoint.public", "perhaps")],
        [
            "a host in two entries",
            {
                ...LOCAL,
                egress: {
                    services: {
                        a: { hosts: ["a.example.com"] },
                        b: { hosts: ["a.example.com"], ports: [{ port: 80, protocol: "HTTP" }] },
                    },
                },
            },
        ],
        ["a missing mode", { ...LOCAL, security: { mtls: { namespaces: { bookinfo: {} } } } }],
        ["no cluster", {}],
        [
            "an issuer without keys",
            { ...LOCAL, security: { requestAuthentication: [{ name: "a", issuers: [{ issuer: "https://a" }] }] } },
        ],
        ["a certificate that is missing", { ...LOCAL, gateway: { hosts: ["a.example.com"], tls: {} } }],
    ];
    for (const [what, settings] of open) {
        it(`leaves open ${what}`, () => {
            const [problem] = problemsIn(settings).filter(({ key }) => !key.startsWith("oci:"));
            assert.match(problem?.fix.join("\n") ?? "", /<[^<>]+>/);
            assertFixable(settings);
        });
    }

    it("is not taken as it is where any text would do", () => {
        const placed = { ...LOCAL, traffic: { services: { reviews: { fault: { abort: 500, user: "<user>" } } } } };
        assert.deepEqual(described(placed), [
            "traffic.services.reviews.fault.user is the placeholder <user>: put your own value in its place",
        ]);
    });
});

describe("messages about settings", () => {
    asDevStack();

    const words: [settings: Settings, message: string][] = [
        [{ ...LOCAL, bookinfo: { tag: 1.2 } }, "bookinfo.tag is 1.2, must be a text: put it in quotes"],
        [
            { ...LOCAL, traffic: { services: { reviews: { redirect: { uri: "/a", redirectCode: 300 } } } } },
            "traffic.services.reviews.redirect.redirectCode is 300, must be 301, 302, 303, 307 or 308",
        ],
        [{ ...LOCAL, namespaces: JSON.parse('{"__proto__":{}}') }, "namespaces.__proto__ is not a name allowed here"],
    ];
    for (const [settings, message] of words) {
        it(`read: ${message}`, () => assert.deepEqual(described(settings), [message]));
    }

    const PEM =
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n-----END OPENSSH PRIVATE KEY-----\n";
    const BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
    const TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJl";
    const secret: [what: string, settings: Settings][] = [
        ["a private key as a public one", change(NEW_CLUSTER, "cluster.nodePools[0].sshPublicKey", PEM)],
        ["its contents alone", change(NEW_CLUSTER, "cluster.nodePools[0].sshPublicKey", BODY)],
        [
            "a key in place of a file's path",
            {
                ...LOCAL,
                gateway: {
                    hosts: ["a.example.com"],
                    tls: { certificate: { source: "files", certificate: "a", key: PEM } },
                },
            },
        ],
        ["a token as a host", { ...LOCAL, gateway: { hosts: [TOKEN] } }],
        ["a key under a name that does not exist", { ...LOCAL, gateway: { tlsKey: PEM } }],
        ["a key as a name", { ...LOCAL, namespaces: { [BODY]: {} } }],
        [
            "a key in an issuer's keys",
            {
                ...LOCAL,
                security: {
                    requestAuthentication: [{ name: "u", issuers: [{ issuer: "a", jwks: PEM, jwksUri: PEM }] }],
                },
            },
        ],
    ];
    for (const [what, settings] of secret) {
        it(`never show ${what}`, () => {
            const problems = problemsIn(settings);
            assert.ok(problems.length > 0);
            assert.doesNotMatch(JSON.stringify(problems), /PRIVATE KEY|b3Blbn|MIIEvQ|eyJhbG|c2lnbmF/);
        });
    }
});

describe("a message about a pasted key", () => {
    asDevStack();

    it("still says what is allowed", () => {
        const pasted = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA";
        const [line = ""] = described(change(NEW_CLUSTER, "cluster.nodePools[0].sshPublicKey", pasted));
        assert.match(line, /sshPublicKey is "?<not shown>"?, must be .*public/i);
    });
});

describe("files that settings name", () => {
    asDevStack();
    let folder: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "oke-mesh-"));
        writeFileSync(join(folder, "kubeconfig"), "contexts: [{ name: kind }, { name: oke }]");
        writeFileSync(join(folder, "broken"), "contexts: [");
    });
    after(() => rmSync(folder, { recursive: true }));

    const at = (name: string) => join(folder, name);
    const said = (settings: Settings) => described(settings).map((line) => line.replaceAll(folder, ""));

    it("are there, or that is said first", () => {
        const settings = {
            cluster: { source: "kubeconfig", kubeconfig: at("none") },
            istio: { chartRepository: at("charts") },
            gateway: { kind: "gateway-api", gatewayApiManifest: at("kinds.yaml"), ports: { http: 443 } },
        };
        assert.deepEqual(said(settings).slice(0, 3), [
            "cluster.kubeconfig is /none, which does not exist",
            "istio.chartRepository is /charts, which does not exist",
            "gateway.gatewayApiManifest is /kinds.yaml, which does not exist",
        ]);
    });

    it("are what they should be", () => {
        const settings = {
            cluster: { source: "kubeconfig", kubeconfig: folder },
            istio: { chartRepository: at("broken") },
        };
        assert.deepEqual(said(settings), [
            "cluster.kubeconfig is , which is not a file",
            "istio.chartRepository is /broken, which is not a folder",
        ]);
    });

    it("have the context that is named", () => {
        const cluster = (name: string, context: string) => ({
            cluster: { source: "kubeconfig", kubeconfig: at(name), context },
        });
        assert.deepEqual(said(cluster("kubeconfig", "kind")), []);
        assert.deepEqual(said(cluster("kubeconfig", "prod")), [
            "cluster.context is prod, which does not exist in /kubeconfig; there are kind, oke",
        ]);
        assert.deepEqual(said(cluster("broken", "kind")), [
            "cluster.kubeconfig is /broken, which cannot be read as a kubeconfig",
        ]);
    });
});

describe("warnings about settings that are allowed", () => {
    asDevStack();

    const shop = (services: object, more: object = {}): Settings => ({
        ...LOCAL,
        namespaces: { shop: {} },
        services,
        ...more,
    });
    const zeroTrust = { security: { authorization: { mode: "zero-trust" } } };

    /** Each with a part of its one warning. */
    const doubtful: [what: string, settings: Settings, text: RegExp][] = [
        [
            "calls without zero-trust",
            { ...LOCAL, security: { authorization: { calls: { reviews: ["ratings"] } } } },
            /^security\.authorization\.calls has no effect: it needs security\.authorization\.mode zero-trust/,
        ],
        [
            "viewers without the guide's policies",
            { ...LOCAL, security: { authorization: { viewers: [] } } },
            /viewers has no effect/,
        ],
        [
            "an authorizer that nobody asks",
            {
                ...LOCAL,
                security: {
                    authorization: { providers: { opa: { protocol: "grpc", service: "opa.example.com", port: 1 } } },
                },
            },
            /providers\.opa has no effect/,
        ],
        [
            "networks of policies that are off",
            { ...LOCAL, security: { networkPolicies: { egressCidrs: ["10.0.0.0/8"] } } },
            /egressCidrs has no effect/,
        ],
        [
            "reaches while scoping is off",
            { ...LOCAL, egress: { scoping: { reaches: { bookinfo: ["bookinfo"] } } } },
            /reaches has no effect: it needs egress\.scoping\.enabled/,
        ],
        [
            "an egress gateway that nothing goes through",
            { ...LOCAL, egress: { gateway: { replicas: { min: 2, max: 2 } } } },
            /egress\.gateway has no effect/,
        ],
        [
            "a transport without APM",
            { ...LOCAL, tracing: { backend: "jaeger", transport: "collector" }, addons: { jaeger: { enabled: true } } },
            /tracing\.transport has no effect: it needs tracing\.backend apm/,
        ],
        ["a sampling of nothing", { ...LOCAL, tracing: { sampling: 50 } }, /tracing\.sampling has no effect/],
        [
            "a provider that nobody signs in with",
            {
                ...LOCAL,
                addons: {
                    prometheus: { enabled: true },
                    kiali: { enabled: true, openid: { issuerUri: "https://idp.example.com", clientId: "kiali" } },
                },
            },
            /openid has no effect: .* but that is token/,
        ],
        [
            "an add-on that is off",
            { ...LOCAL, addons: { grafana: { extraValues: { a: 1 } } } },
            /addons\.grafana has no effect/,
        ],
        [
            "a certificate while TLS is off",
            {
                ...LOCAL,
                gateway: { hosts: ["a.example.com"], tls: { mode: "off", certificate: { source: "generated" } } },
            },
            /gateway\.tls\.certificate has no effect/,
        ],
        [
            "the kinds of another kind",
            { ...LOCAL, gateway: { gatewayApiManifest: "https://example.com/kinds.yaml" } },
            /gatewayApiManifest has no effect/,
        ],
        [
            "hosts of Bookinfo without it",
            { ...LOCAL, bookinfo: { enabled: false }, gateway: { hosts: ["a.example.com"] } },
            /gateway\.hosts has no effect/,
        ],
        [
            "a namespace of no clients",
            { ...LOCAL, clients: { namespace: "bookinfo" } },
            /clients\.namespace has no effect/,
        ],
        [
            "an account that every pod has",
            shop({ cart: { namespace: "shop", port: 80 } }, zeroTrust),
            /cart runs as ServiceAccount shop\/default, which every pod/,
        ],
        [
            "an account that services share",
            shop(
                {
                    cart: { namespace: "shop", port: 80, serviceAccount: "web" },
                    pay: { namespace: "shop", port: 81, serviceAccount: "web" },
                },
                zeroTrust,
            ),
            /cart and pay share ServiceAccount shop\/web/,
        ],
        [
            "a port that may be the Service's",
            shop(
                { cart: { namespace: "shop", port: 80 } },
                { security: { mtls: { services: { cart: { ports: [{ port: 80, mode: "STRICT" }] } } } } },
            ),
            /container's port/,
        ],
        [
            "a network that may hold pods",
            { ...LOCAL, egress: { bypass: { cidrs: ["10.0.0.0/8"] } } },
            /may include the cluster's pods/,
        ],
        [
            "a version within another",
            shop({
                cart: {
                    namespace: "shop",
                    port: 80,
                    versions: { main: { app: "cart" }, canary: { app: "cart", track: "canary" } },
                },
            }),
            /also matches the pods of canary/,
        ],
        [
            "TLS towards what may be plain",
            shop(
                { cart: { namespace: "shop", port: 80 } },
                { traffic: { services: { cart: { tls: { mode: "SIMPLE" } } } } },
            ),
            /needs cart to serve TLS itself/,
        ],
        ["a policy that allows everything", policy([{}]), /an empty rule, which allows every request/],
        [
            "addresses at a sidecar",
            policy([{ from: { ipBlocks: ["192.0.2.0/24"] } }]),
            /sidecars see those of the calling pod/,
        ],
        [
            "plain HTTP at the port of HTTPS",
            {
                ...LOCAL,
                egress: { services: { api: { hosts: ["a.example.com"], ports: [{ port: 443, protocol: "HTTP" }] } } },
            },
            /is HTTP at port 443, where HTTPS is usual/,
        ],
        [
            "a mirror of nothing",
            {
                ...LOCAL,
                traffic: { services: { reviews: { route: { v1: 100 }, mirror: { to: "v2", percent: 0 } } } },
            },
            /has a mirror for 0 percent/,
        ],
        [
            "a fault of nobody",
            { ...LOCAL, traffic: { services: { ratings: { fault: { abort: 500, percent: 0 } } } } },
            /has a fault for 0 percent/,
        ],
        [
            "keys that STRICT keeps from istiod",
            shop(
                { keys: { namespace: "shop", port: 443, serviceAccount: "keys" } },
                {
                    security: {
                        mtls: { mode: "STRICT" },
                        requestAuthentication: [
                            {
                                name: "users",
                                issuers: [{ issuer: "https://a.example.com", jwksUri: "https://keys.shop.svc/jwks" }],
                            },
                        ],
                    },
                },
            ),
            /istiod has no sidecar, and STRICT refuses it/,
        ],
        [
            "an origin with a path",
            {
                ...LOCAL,
                traffic: { services: { reviews: { cors: { allowOrigins: [{ exact: "https://a.example.com/" }] } } } },
            },
            /which no browser sends/,
        ],
    ];
    for (const [what, settings, text] of doubtful) {
        it(`speak of ${what}`, () => {
            assert.deepEqual(described(settings), []);
            configure(settings);
            const found = warningsAbout(readSettings());
            assert.equal(found.length, 1, found.join("\n"));
            assert.match(found[0] ?? "", text);
        });
    }
});
