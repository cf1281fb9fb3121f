import { strict as assert } from "node:assert";
import { assertFixable } from "./fixable";
import { asDevStack, described, LOCAL, problemsIn, type Settings } from "./settings";

const gateway = (settings: object): Settings => ({ ...LOCAL, gateway: settings });
const shop = (cart: object, more: object = {}): Settings => ({
    ...LOCAL,
    namespaces: { shop: {} },
    services: { cart: { namespace: "shop", port: 80, ...cart } },
    ...more,
});
const traffic = (reviews: object): Settings => ({ ...LOCAL, traffic: { services: { reviews } } });
const distribute = (...entries: object[]) =>
    traffic({ loadBalancer: { locality: { distribute: entries } }, outlierDetection: { interval: "10s" } });
const egress = (settings: object): Settings => ({ ...LOCAL, egress: settings });
const api = (service: object) => egress({ services: { api: { hosts: ["api.example.com"], ...service } } });
const policy = (fields: object, authorization: object = {}): Settings => ({
    ...LOCAL,
    security: { authorization: { policies: [{ name: "mine", service: "ratings", ...fields }], ...authorization } },
});
const rule = (...rules: object[]) => policy({ rules });
const provider = (fields: object) => {
    const opa = { protocol: "grpc", service: "opa.example.com", port: 9191, ...fields };
    return policy({ action: "CUSTOM", provider: "opa", rules: [{ to: { paths: ["/*"] } }] }, { providers: { opa } });
};
const KEYS = { issuer: "https://issuer.example.com", jwksUri: "https://issuer.example.com/keys" };
const tokens = (fields: object): Settings => ({
    ...LOCAL,
    security: { requestAuthentication: [{ name: "users", issuers: [KEYS], ...fields }] },
});
const issuer = (fields: object) => tokens({ issuers: [{ ...KEYS, ...fields }] });

const LONG = "a".repeat(64);
const P = "security.authorization.policies[0]";
const T = "security.requestAuthentication[0]";
const R = "traffic.services.reviews";

/** What Istio's webhook or Kubernetes would refuse in the middle of `pulumi up`, and the setting that is named. */
const refusedByOthers: [what: string, settings: Settings, key: string][] = [
    [
        "a log filter that is no CEL",
        { ...LOCAL, logging: { accessLogFilter: "response.code >=" } },
        "logging.accessLogFilter",
    ],
    [
        "a log filter in SQL",
        { ...LOCAL, logging: { accessLogFilter: "status = 500 AND x" } },
        "logging.accessLogFilter",
    ],
    [
        "a log format for a filter",
        { ...LOCAL, logging: { accessLogFilter: "%RESPONSE_CODE% >= 400" } },
        "logging.accessLogFilter",
    ],
    [
        "a filter by an attribute nobody knows",
        { ...LOCAL, logging: { accessLogFilter: "status >= 400" } },
        "logging.accessLogFilter",
    ],
    ["an address out of range", rule({ from: { ipBlocks: ["10.0.0.256"] } }), `${P}.rules[0].from.ipBlocks[0]`],
    ["a prefix out of range", rule({ from: { ipBlocks: ["10.0.0.0/33"] } }), `${P}.rules[0].from.ipBlocks[0]`],
    [
        "an address with leading zeros",
        rule({ from: { remoteIpBlocks: ["010.0.0.1"] } }),
        `${P}.rules[0].from.remoteIpBlocks[0]`,
    ],
    [
        "an address in words",
        rule({ when: [{ key: "source.ip", values: ["office"] }] }),
        `${P}.rules[0].when[0].values[0]`,
    ],
    [
        "a prefix out of range in a condition",
        rule({ when: [{ key: "remote.ip", notValues: ["10.0.0.0/40"] }] }),
        `${P}.rules[0].when[0].notValues[0]`,
    ],
    [
        "a port out of range in a condition",
        rule({ when: [{ key: "destination.port", values: ["70000"] }] }),
        `${P}.rules[0].when[0].values[0]`,
    ],
    [
        "a port in words",
        rule({ when: [{ key: "destination.port", values: ["http"] }] }),
        `${P}.rules[0].when[0].values[0]`,
    ],
    [
        "an empty value",
        rule({ when: [{ key: "request.headers[x]", values: [""] }] }),
        `${P}.rules[0].when[0].values[0]`,
    ],
    [
        "an attribute of a filter that is none",
        rule({ when: [{ key: "experimental.foo", values: ["a"] }] }),
        `${P}.rules[0].when[0].key`,
    ],
    [
        "a header without its name",
        rule({ when: [{ key: "request.headers[]", values: ["a"] }] }),
        `${P}.rules[0].when[0].key`,
    ],
    ["a template of another notation", rule({ to: { paths: ["/users/{id}"] } }), `${P}.rules[0].to.paths[0]`],
    ["a template for a part of a segment", rule({ to: { paths: ["/users/a{*}"] } }), `${P}.rules[0].to.paths[0]`],
    ["a template after the rest", rule({ to: { notPaths: ["/a/{**}/{*}"] } }), `${P}.rules[0].to.notPaths[0]`],
    ["a template beside an asterisk", rule({ to: { paths: ["/a/{*}/b*"] } }), `${P}.rules[0].to.paths[0]`],
    [
        "callers of CUSTOM",
        policy(
            { action: "CUSTOM", provider: "opa", rules: [{ from: { principals: ["cluster.local/ns/a/sa/b"] } }] },
            { providers: { opa: { protocol: "grpc", service: "opa.example.com", port: 1 } } },
        ),
        `${P}.rules[0].from.principals`,
    ],
    [
        "end users of CUSTOM",
        policy(
            {
                action: "CUSTOM",
                provider: "opa",
                rules: [{ when: [{ key: "request.auth.claims[groups]", values: ["a"] }] }],
            },
            { providers: { opa: { protocol: "grpc", service: "opa.example.com", port: 1 } } },
        ),
        `${P}.rules[0].when[0].key`,
    ],
    ["a host label that is too long", gateway({ hosts: [`${LONG}.example.com`] }), "gateway.hosts[0]"],
    ["a host that ends in a number", gateway({ hosts: ["a.example.1"] }), "gateway.hosts[0]"],
    ["a host with an empty label", gateway({ hosts: ["a..example.com"] }), "gateway.hosts[0]"],
    ["a host that ends in a dash", gateway({ hosts: ["a-.example.com"] }), "gateway.hosts[0]"],
    ["a wildcard inside a host", gateway({ hosts: ["a.*.example.com"] }), "gateway.hosts[0]"],
    ["a wildcard beside a host of its own", gateway({ hosts: ["*.example.com", "a.example.com"] }), "gateway.hosts[1]"],
    ["a wildcard below another", gateway({ hosts: ["*.b.example.com", "*.example.com"] }), "gateway.hosts[0]"],
    [
        "more hosts than a Gateway has listeners",
        gateway({ hosts: [...Array(33).keys()].map((each) => `h${each}.example.com`), kind: "gateway-api" }),
        "gateway.hosts",
    ],
    ["a short name at the gateway", gateway({ hosts: ["localhost"] }), "gateway.hosts[0]"],
    ["an address as an Ingress' host", gateway({ hosts: ["203.0.113.5"], kind: "ingress" }), "gateway.hosts[0]"],
    ["an address as an HTTPRoute's host", gateway({ hosts: ["203.0.113.5"], kind: "gateway-api" }), "gateway.hosts[0]"],
    [
        "a certificate for an address",
        gateway({ hosts: ["203.0.113.5"], tls: { certificate: { source: "generated" } } }),
        "gateway.hosts[0]",
    ],
    [
        "a path that an HTTPRoute does not take",
        {
            ...shop({ expose: { hosts: ["a.example.com"], paths: [{ prefix: "/a//b" }] } }),
            gateway: { kind: "gateway-api" },
        },
        "services.cart.expose.paths[0].prefix",
    ],
    [
        "a path that an Ingress does not take",
        {
            ...shop({ expose: { hosts: ["a.example.com"], paths: [{ exact: "/a/../b" }] } }),
            gateway: { kind: "ingress" },
        },
        "services.cart.expose.paths[0].exact",
    ],
    [
        "an address as an external host",
        egress({ services: { api: { hosts: ["93.184.216.34"] } } }),
        "egress.services.api.hosts[0]",
    ],
    [
        "a URL as an external host",
        egress({ services: { api: { hosts: ["https://api.example.com"] } } }),
        "egress.services.api.hosts[0]",
    ],
    [
        "a host with its port",
        egress({ services: { api: { hosts: ["api.example.com:443"] } } }),
        "egress.services.api.hosts[0]",
    ],
    [
        "several hosts for TCP",
        api({ hosts: ["a.example.com", "b.example.com"], ports: [{ port: 5432, protocol: "TCP" }] }),
        "egress.services.api.ports[0].port",
    ],
    ["a time finer than a millisecond", traffic({ timeout: "1.5ms" }), `${R}.timeout`],
    ["a time finer than a millisecond, in seconds", traffic({ timeout: "0.0005s" }), `${R}.timeout`],
    ["microseconds", traffic({ fault: { delay: "500us" } }), `${R}.fault.delay`],
    ["a time longer than there is", traffic({ timeout: "99999999h" }), `${R}.timeout`],
    [
        "a status that Go does not know",
        traffic({ retries: { attempts: 1, retryOn: ["299"] } }),
        `${R}.retries.retryOn[0]`,
    ],
    [
        "a value with a control character",
        traffic({ requestHeaders: { set: { "x-a": "a\u0001" } } }),
        `${R}.requestHeaders.set.x-a`,
    ],
    [
        "a header that is none",
        traffic({ loadBalancer: { consistentHash: { httpHeaderName: "x user" } } }),
        `${R}.loadBalancer.consistentHash.httpHeaderName`,
    ],
    [
        "overlapping sources",
        distribute(
            { from: "us-ashburn-1", to: { "us-ashburn-1": 100 } },
            { from: "us-ashburn-1/*", to: { "us-phoenix-1": 100 } },
        ),
        `${R}.loadBalancer.locality.distribute[1].from`,
    ],
    [
        "overlapping destinations",
        distribute({ from: "us-ashburn-1", to: { "us-ashburn-1/*": 50, "us-ashburn-1/a": 50 } }),
        `${R}.loadBalancer.locality.distribute[0].to`,
    ],
    ["an empty audience", issuer({ audiences: [""] }), `${T}.issuers[0].audiences[0]`],
    ["an empty claim", tokens({ require: [{ claims: { groups: [""] } }] }), `${T}.require[0].claims.groups[0]`],
    ["a claim without a name", tokens({ require: [{ claims: { "": ["a"] } }] }), `${T}.require[0].claims[""]`],
    ["keys at no host", issuer({ jwksUri: "https://" }), `${T}.issuers[0].jwksUri`],
    [
        "keys at a port there is not",
        issuer({ jwksUri: "https://issuer.example.com:99999/keys" }),
        `${T}.issuers[0].jwksUri`,
    ],
    [
        "half a key",
        tokens({ issuers: [{ issuer: "https://a", jwks: '{"keys":[{"kty":"RSA"}]}' }] }),
        `${T}.issuers[0].jwks`,
    ],
    ["a template in a protected path", tokens({ require: [{ paths: ["/api/{id}"] }] }), `${T}.require[0].paths[0]`],
    [
        "a tag of a header without its name",
        {
            ...LOCAL,
            tracing: { backend: "jaeger", customTags: { who: "header:" } },
            addons: { jaeger: { enabled: true } },
        },
        "tracing.customTags.who",
    ],
    [
        "a trust domain with an empty label",
        { ...LOCAL, istio: { meshConfig: { trustDomain: "a..b" } } },
        "istio.meshConfig.trustDomain",
    ],
    [
        "a label's prefix with an empty part",
        shop({ versions: { v1: { "a..b/version": "v1" } } }),
        'services.cart.versions.v1["a..b/version"]',
    ],
    [
        "a label longer than 63 characters",
        shop({ versions: { v1: { version: LONG } } }),
        "services.cart.versions.v1.version",
    ],
    [
        "a limit below its request",
        { ...LOCAL, istio: { resources: { requests: { memory: "1Gi" }, limits: { memory: "1000Mi" } } } },
        "istio.resources.limits.memory",
    ],
    [
        "a limit below its request, across units",
        { ...LOCAL, gateway: { resources: { requests: { cpu: "0.5" }, limits: { cpu: "400m" } } } },
        "gateway.resources.limits.cpu",
    ],
    [
        "a limit below the request of the chart",
        { ...LOCAL, istio: { resources: { limits: { memory: "1Gi" } } } },
        "istio.resources.limits.memory",
    ],
    [
        "a request above the limit of the chart",
        { ...LOCAL, gateway: { resources: { requests: { memory: "2Gi" } } } },
        "gateway.resources.requests.memory",
    ],
    [
        "an add-on's limit below its request",
        {
            ...LOCAL,
            addons: { prometheus: { enabled: true, resources: { requests: { cpu: "2" }, limits: { cpu: "1500m" } } } },
        },
        "addons.prometheus.resources.limits.cpu",
    ],
    [
        "CPU finer than a thousandth",
        { ...LOCAL, istio: { resources: { requests: { cpu: "0.0005" } } } },
        "istio.resources.requests.cpu",
    ],
    [
        "memory in bytes of a disk's maker",
        { ...LOCAL, istio: { resources: { requests: { memory: "512MB" } } } },
        "istio.resources.requests.memory",
    ],
    [
        "an egress gateway between 3 and 1",
        egress({ gateway: { replicas: { min: 3, max: 1 } } }),
        "egress.gateway.replicas.max",
    ],
    [
        "an exception as large as its network",
        { ...LOCAL, security: { networkPolicies: { enabled: true, egressCidrs: ["169.254.169.254/32"] } } },
        "security.networkPolicies.egressCidrs[0]",
    ],
    [
        "a digest of an image there is not",
        { ...LOCAL, bookinfo: { digests: { "productpage-v2": `sha256:${"a".repeat(64)}` } } },
        "bookinfo.digests.productpage-v2",
    ],
];

/** What is accepted everywhere and does nothing, or too much. */
const neverWorks: [what: string, settings: Settings, key: string][] = [
    ["a path without its slash", rule({ to: { paths: ["admin/*"] } }), `${P}.rules[0].to.paths[0]`],
    [
        "a path without its slash that is not to match",
        rule({ to: { notPaths: ["health"] } }),
        `${P}.rules[0].to.notPaths[0]`,
    ],
    ["a namespace that none can be", rule({ from: { namespaces: ["Shop_1"] } }), `${P}.rules[0].from.namespaces[0]`],
    [
        "a condition on an identity with its scheme",
        rule({ when: [{ key: "source.principal", values: ["spiffe://cluster.local/ns/a/sa/b"] }] }),
        `${P}.rules[0].when[0].values[0]`,
    ],
    [
        "a port of the Service, not of the pod",
        { ...policy({ service: "httpbin", rules: [{ to: { ports: [8000] } }] }), clients: { httpbin: true } },
        `${P}.rules[0].to.ports[0]`,
    ],
    [
        "a port that the gateway has not",
        policy({ service: undefined, gateway: true, rules: [{ to: { ports: [8080] } }] }),
        `${P}.rules[0].to.ports[0]`,
    ],
    [
        "mutual TLS for a port of the Service",
        {
            ...LOCAL,
            clients: { httpbin: true },
            security: { mtls: { services: { httpbin: { ports: [{ port: 8000, mode: "STRICT" }] } } } },
        },
        "security.mtls.services.httpbin.ports[0].port",
    ],
    ["an authorizer by its short name", provider({ service: "opa" }), "security.authorization.providers.opa.service"],
    [
        "an authorizer by its name and namespace",
        provider({ service: "opa.bookinfo" }),
        "security.authorization.providers.opa.service",
    ],
    [
        "an authorizer without the cluster's domain",
        provider({ service: "opa.security.svc" }),
        "security.authorization.providers.opa.service",
    ],
    [
        "headers for an authorizer that sees all",
        provider({ includeRequestHeaders: ["x-user"] }),
        "security.authorization.providers.opa.includeRequestHeaders",
    ],
    [
        "an authorizer that never answers in time",
        provider({ timeout: "0s" }),
        "security.authorization.providers.opa.timeout",
    ],
    ["everything past the sidecars", egress({ bypass: { cidrs: ["0.0.0.0/0"] } }), "egress.bypass.cidrs[0]"],
    ["TLS towards a service without any", traffic({ tls: { mode: "SIMPLE" } }), `${R}.tls`],
    [
        "two versions of the same pods",
        shop({ versions: { v1: { app: "cart" }, v2: { app: "cart" } } }),
        "services.cart.versions.v2",
    ],
    ["policies for every pod", shop({ selector: {} }), "services.cart.selector"],
    ["a fault beside a redirect", traffic({ redirect: { uri: "/new" }, fault: { abort: 500 } }), `${R}.fault`],
    ["shares beside a redirect", traffic({ redirect: { uri: "/new" }, route: { v1: 100 } }), `${R}.route`],
    [
        "shares beside a redirect whose rules all redirect",
        traffic({ redirect: { uri: "/new" }, route: { v1: 100 }, match: [{ user: "a", redirect: { uri: "/a" } }] }),
        `${R}.route`,
    ],
];

/** What looks alike and is right. */
const right: [what: string, settings: Settings][] = [
    [
        "a filter that knows of missing codes",
        { ...LOCAL, logging: { accessLogFilter: "!has(response.code) || response.code >= 400" } },
    ],
    [
        "a filter by a header",
        { ...LOCAL, logging: { accessLogFilter: "request.headers['x-debug'] == 'on' && connection.mtls" } },
    ],
    ["IPv6 and host bits", rule({ from: { ipBlocks: ["2001:db8::/32", "10.0.0.1/8", "192.0.2.1"] } })],
    ["templates", rule({ to: { paths: ["/users/{*}/cart", "/files/{**}", "/a/{*}/{**}/x"] } })],
    ["ends of paths", rule({ to: { paths: ["*.html", "/api/*", "*"] } })],
    ["nested claims", rule({ when: [{ key: "request.auth.claims[realm][roles]", values: ["admin"] }] })],
    ["an address at Istio's gateway", gateway({ hosts: ["203.0.113.5"] })],
    ["wildcards apart", gateway({ hosts: ["*.example.com", "example.com", "a.example.org"] })],
    [
        "a wildcard beside a host, each a listener",
        gateway({ kind: "gateway-api", hosts: ["*.example.com", "a.example.com"] }),
    ],
    [
        "a Secret with dots",
        gateway({
            hosts: ["a.example.com"],
            tls: { certificate: { source: "existing", secretName: "a.example.com-tls" } },
        }),
    ],
    [
        "an issuer with dots",
        gateway({
            hosts: ["a.example.com"],
            tls: { certificate: { source: "cert-manager", issuer: { name: "letsencrypt.prod" } } },
        }),
    ],
    [
        "pull Secrets with dots",
        { ...LOCAL, istio: { imagePullSecrets: ["registry.example.com"] }, bookinfo: { imagePullSecrets: ["a.b"] } },
    ],
    ["an account with dots", shop({ serviceAccount: "cart.v1" })],
    ["a policy's name with dots", policy({ name: "ratings.readers", rules: [{}] })],
    ["times in parts", traffic({ timeout: "1m30.5s", retries: { attempts: 2, perTryTimeout: "0.25s" } })],
    ["an unusual status", traffic({ retries: { attempts: 1, retryOn: ["425", "511"] } })],
    [
        "regions apart",
        distribute(
            { from: "us-ashburn-1/*", to: { "us-ashburn-1/*": 80, "us-phoenix-1/*": 20 } },
            { from: "us-phoenix-1/*", to: { "us-phoenix-1": 100 } },
        ),
    ],
    [
        "a limit that equals its request, across units",
        {
            ...LOCAL,
            istio: { resources: { requests: { cpu: "1000m", memory: "1Gi" }, limits: { cpu: "1", memory: "1024Mi" } } },
        },
    ],
    [
        "a namespace called constructor",
        { ...LOCAL, namespaces: { constructor: {} }, services: { cart: { namespace: "constructor", port: 80 } } },
    ],
    [
        "a service called constructor",
        {
            ...LOCAL,
            namespaces: { shop: {} },
            services: {
                constructor: { namespace: "shop", port: 80, versions: { v1: { toString: "a", valueOf: "b" } } },
            },
            traffic: { services: { constructor: { timeout: "1s" } } },
        },
    ],
    [
        "TLS of a service of one's own",
        { ...shop({ port: 443 }), traffic: { services: { cart: { tls: { mode: "SIMPLE" } } } } },
    ],
    [
        "what rules take from a service that redirects",
        traffic({ redirect: { uri: "/new" }, route: { v1: 100 }, match: [{ user: "a" }] }),
    ],
    [
        "any host beside another of a service",
        shop({ expose: { hosts: ["*", "a.example.com"] } }, { bookinfo: { enabled: false } }),
    ],
    ["an authorizer in the cluster", provider({ service: "opa.security.svc.cluster.local", timeout: "500ms" })],
    [
        "headers for an authorizer over HTTP",
        provider({ protocol: "http", includeRequestHeaders: ["x-user", "x-ext-*"] }),
    ],
];

describe("settings that others would refuse later", () => {
    asDevStack();

    for (const [what, settings, key] of [...refusedByOthers, ...neverWorks]) {
        it(`are refused: ${what}`, () => {
            const keys = problemsIn(settings).map((problem) => problem.key);
            assert.deepEqual(keys, [key], described(settings).join("\n"));
            assertFixable(settings);
        });
    }
    for (const [what, settings] of right) {
        it(`leave in peace ${what}`, () => assert.deepEqual(described(settings), []));
    }
});
