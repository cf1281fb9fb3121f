import merge from "deepmerge";
import { allPairs, type Combination, type Forms } from "./pairs";

type Settings = Record<string, unknown>;

const OPENID = { issuerUri: "https://idp.example.com", clientId: "kiali" };
const PROMETHEUS = { enabled: true };

/** A test issuer of Istio's own samples. */
const TOKENS = [{ issuer: "testing@secure.istio.io", jwksUri: "https://keys.example.com/jwks.json" }];

/**
 * The features of a mesh, each with the settings that turn one of its forms on. They are laid over the local stack: all of
 * them together are one state of a mesh.
 */
export const FEATURES = {
    kind: { istio: { gateway: { kind: "istio" } }, ingress: kind("ingress"), gatewayApi: kind("gateway-api") },
    hosts: { any: { gateway: { hosts: ["*"] } }, named: { gateway: { hosts: ["b.example.com", "c.example.com"] } } },
    tls: {
        off: {},
        generated: tls({ certificate: { source: "generated" } }),
        mutual: tls({ mode: "mutual", certificate: { source: "generated" } }),
        certManager: tls({ certificate: { source: "cert-manager", issuer: { name: "le" } }, installCertManager: true }),
        existing: tls({
            certificate: { source: "existing", secretName: "site" },
            hosts: { "shop.example.com": { certificate: { source: "existing", secretName: "shop" } } },
        }),
    },
    addons: {
        off: {},
        inside: addons({ grafana: {}, kiali: {}, jaeger: {} }),
        hosts: addons({
            grafana: { host: "grafana.example.com" },
            kiali: { host: "kiali.example.com", signIn: "openid", openid: OPENID },
            jaeger: {},
        }),
        zipkin: addons({ grafana: { anonymous: true }, kiali: { signIn: "anonymous" }, zipkin: {} }),
    },
    tracing: {
        off: {},
        jaeger: { tracing: { backend: "jaeger", sampling: 100 } },
        zipkin: { tracing: { backend: "zipkin", customTags: { tenant: "header:x-tenant" } } },
        otlp: apm("otlp"),
        collector: apm("collector"),
        zipkinToApm: apm("zipkin"),
        bootstrap: apm("bootstrap"),
    },
    egress: {
        open: {},
        registry: {
            egress: {
                mode: "REGISTRY_ONLY",
                bypass: { cidrs: ["192.0.2.0/24"] },
                services: {
                    api: { hosts: ["api.example.org"], ports: [{ port: 80, protocol: "HTTP" }], originateTls: true },
                    any: { hosts: ["*.example.net"] },
                    mail: { hosts: ["mail.example.org"], ports: [{ port: 25, protocol: "TCP" }] },
                },
            },
        },
        gateway: {
            egress: {
                scoping: { enabled: true },
                services: {
                    bank: {
                        hosts: ["bank.example.org", "backup.example.org"],
                        ports: [
                            { port: 80, protocol: "HTTP" },
                            { port: 443, protocol: "HTTPS" },
                        ],
                        via: "gateway",
                        timeout: "3s",
                    },
                },
            },
        },
    },
    clientAddresses: {
        unknown: {},
        proxyProtocol: clients({ source: "proxy-protocol" }),
        preserved: clients({ source: "preserve-source" }),
        forwarded: clients({ source: "forwarded-headers", trustedHops: 2 }),
    },
    authorization: {
        off: {},
        guide: { security: { authorization: { mode: "guide" } } },
        zeroTrust: { security: { authorization: { mode: "zero-trust" } } },
        custom: {
            security: {
                authorization: {
                    providers: { asker: { protocol: "http", service: "asker.auth.svc.cluster.local", port: 8000 } },
                    policies: [
                        {
                            name: "asked",
                            gateway: true,
                            action: "CUSTOM",
                            provider: "asker",
                            rules: [{ to: { paths: ["/admin/*"] } }],
                        },
                        {
                            name: "tried-out",
                            namespace: "istio-system",
                            action: "DENY",
                            dryRun: true,
                            rules: [{ from: { remoteIpBlocks: ["192.0.2.0/24"] } }],
                        },
                    ],
                },
            },
        },
    },
    mtls: {
        permissive: {},
        strict: { security: { mtls: { mode: "STRICT" }, networkPolicies: { enabled: true } } },
    },
    tokens: {
        off: {},
        gateway: {
            security: { requestAuthentication: [{ name: "users", issuers: TOKENS, require: [{ paths: ["/api/*"] }] }] },
        },
        claims: {
            security: {
                requestAuthentication: [
                    { name: "admins", issuers: TOKENS, require: [{ claims: { groups: ["admins"] } }] },
                ],
            },
        },
    },
    bookinfo: { on: {}, off: { bookinfo: { enabled: false } } },
    clients: { off: {}, on: { clients: { curl: true, httpbin: true, fortio: true, legacy: true } } },
    services: {
        off: {},
        shop: {
            namespaces: { shop: { source: "new" } },
            services: {
                cart: {
                    namespace: "shop",
                    port: 80,
                    serviceAccount: "cart",
                    versions: { v1: { version: "v1" }, v2: { version: "v2" } },
                    expose: { hosts: ["shop.example.com"], paths: [{ prefix: "/cart" }, { exact: "/api/cart" }] },
                },
                pay: { namespace: "shop", port: 9000, protocol: "grpc", expose: { hosts: ["pay.example.com"] } },
                db: { namespace: "shop", port: 5432, protocol: "tcp", versions: { v1: { version: "v1" } } },
            },
        },
        sharing: {
            namespaces: { shop: { source: "new" }, web: { source: "new" } },
            services: {
                cart: {
                    namespace: "shop",
                    port: 80,
                    serviceAccount: "cart",
                    versions: { v1: { version: "v1" }, v2: { version: "v2" } },
                    expose: { hosts: ["shop.example.com", "eu.example.com"], paths: [{ prefix: "/cart" }] },
                },
                pay: { namespace: "shop", port: 9000, protocol: "grpc", expose: { hosts: ["pay.example.com"] } },
                stock: {
                    namespace: "shop",
                    port: 8080,
                    expose: {
                        hosts: ["eu.example.com", "shop.example.com"],
                        paths: [{ exact: "/cart" }, { prefix: "/stock" }],
                    },
                },
                front: { namespace: "web", port: 80, expose: { hosts: ["*.example.com"] } },
            },
        },
    },
    rateLimits: {
        off: {},
        gateway: { gateway: { rateLimit: [{ requests: 100, per: "1s", burst: 500 }] } },
        header: { gateway: { rateLimit: [{ requests: 5, per: "1m", each: "header", header: "x-api-key" }] } },
    },
    traffic: {
        off: {},
        split: {
            traffic: {
                scenario: "reviews-split",
                services: {
                    ratings: { fault: { abort: 500, percent: 10 }, rateLimit: [{ requests: 10, per: "1s" }] },
                },
            },
        },
        rewrite: { traffic: { scenario: "url-rewrite" } },
        breaker: { traffic: { scenario: "circuit-breaker" } },
        failover: {
            traffic: {
                services: {
                    ratings: {
                        loadBalancer: { locality: { failoverPriority: ["topology.kubernetes.io/zone"] } },
                        outlierDetection: { consecutive5xxErrors: 5 },
                    },
                },
            },
        },
    },
    istio: {
        plain: {},
        hardened: {
            istio: { cni: { enabled: true }, variant: "distroless", replicas: { min: 2, max: 2 } },
            logging: { accessLogFilter: "!has(response.code) || response.code >= 400" },
        },
    },
} as const satisfies Record<string, Record<string, Settings>>;

export type Feature = keyof typeof FEATURES;

export const FORMS = Object.fromEntries(
    (Object.keys(FEATURES) as Feature[]).map((feature) => [feature, Object.keys(FEATURES[feature])]),
) as unknown as Forms<Feature>;

/** Forms that the settings' rules refuse together, for reasons that they name. */
const REFUSED: [one: [Feature, string[]], other: [Feature, string[]]][] = [
    [
        ["addons", ["hosts"]],
        ["tls", ["off"]],
    ],
    [
        ["tracing", ["jaeger"]],
        ["addons", ["off", "zipkin"]],
    ],
    [
        ["tracing", ["zipkin"]],
        ["addons", ["off", "inside", "hosts"]],
    ],
    [
        ["bookinfo", ["off"]],
        ["authorization", ["guide"]],
    ],
    [
        ["clientAddresses", ["unknown"]],
        ["authorization", ["custom"]],
    ],
    [
        ["bookinfo", ["off"]],
        ["traffic", ["split", "rewrite", "breaker", "failover"]],
    ],
    [
        ["kind", ["ingress", "gatewayApi"]],
        ["traffic", ["rewrite"]],
    ],
    [
        ["kind", ["ingress"]],
        ["tls", ["mutual"]],
    ],
    [
        ["hosts", ["any"]],
        ["tls", ["generated", "mutual", "certManager"]],
    ],
    [
        ["services", ["off"]],
        ["tls", ["existing"]],
    ],
];

export function isAllowed(part: Partial<Combination<Feature>>): boolean {
    const has = ([feature, forms]: [Feature, string[]]) => forms.includes(part[feature] ?? "");
    return !REFUSED.some(([one, other]) => has(one) && has(other));
}

/** Combinations in which every two forms that may be set together meet. */
export function featurePairs(): Combination<Feature>[] {
    return allPairs(FORMS, isAllowed);
}

/** The settings of a combination, to lay over the local stack. */
export function settingsOf(combination: Combination<Feature>): Settings {
    const parts = Object.entries(combination).map(([feature, form]) => {
        const forms: Record<string, Settings> = FEATURES[feature as Feature];
        return forms[form] ?? {};
    });
    return merge.all<Settings>(parts, { arrayMerge: (_, replacement: unknown[]) => replacement });
}

function kind(name: string): Settings {
    return { gateway: { kind: name } };
}

function clients(settings: Settings): Settings {
    return { gateway: { clientAddresses: settings } };
}

function tls(settings: Settings): Settings {
    return { gateway: { tls: settings } };
}

function addons(wanted: Record<string, Settings>): Settings {
    const on = Object.entries(wanted).map(([name, settings]) => [name, { enabled: true, ...settings }]);
    return { addons: { prometheus: PROMETHEUS, ...(Object.fromEntries(on) as Settings) } };
}

function apm(transport: string): Settings {
    const domainId = "ocid1.apmdomain.oc1.iad.a";
    return {
        "oci:region": "us-ashburn-1",
        apm: { source: "existing", domainId },
        tracing: { backend: "apm", transport },
    };
}
