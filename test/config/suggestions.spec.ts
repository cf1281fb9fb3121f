import { strict as assert } from "node:assert";
import { assertFixable } from "./fixable";
import { asDevStack, change, described, LOCAL, NEW_CLUSTER, problemsIn, withPolicy, type Settings } from "./settings";

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
            withPolicy([{ to: { paths: ["admin"] } }]),
            ["set --path 'security.authorization.policies[0].rules[0].to.paths[0]' /admin"],
        ],
        [
            withPolicy([{ to: { methods: ["get"] } }]),
            ["set --path 'security.authorization.policies[0].rules[0].to.methods[0]' GET"],
        ],
        [
            withPolicy([{ to: { methods: "GET" } }]),
            [
                "rm --path 'security.authorization.policies[0].rules[0].to.methods'",
                "set --path 'security.authorization.policies[0].rules[0].to.methods[0]' GET",
            ],
        ],
        [
            withPolicy([{ from: { principals: ["spiffe://cluster.local/ns/shop/sa/cart"] } }]),
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
        [{ ...LOCAL, security: { mtls: { mode: "strict" } } }, ["set --path 'security.mtls.mode' STRICT"]],
        [
            { ...LOCAL, security: { authorization: { mode: "zerotrust" } } },
            ["set --path 'security.authorization.mode' zero-trust"],
        ],
        [{ ...LOCAL, egress: { mode: "registry_only" } }, ["set --path 'egress.mode' REGISTRY_ONLY"]],
        [{ ...LOCAL, gateway: { ports: { http: "8080" } } }, ["set --path 'gateway.ports.http' 8080"]],
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
        ["a path with an asterisk inside", withPolicy([{ to: { paths: ["/a/*/b"] } }])],
        ["a namespace that none can be", withPolicy([{ from: { namespaces: ["a b"] } }])],
        ["a bare account", withPolicy([{ from: { principals: ["reviews"] } }])],
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
        ["a method that no client sends", withPolicy([{ to: { methods: ["GETS"] } }])],
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
