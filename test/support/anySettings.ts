import * as fc from "fast-check";
import { MESH, validTraffic } from "./trafficArbitraries";

type Values = Record<string, unknown>;

/** Some of the keys, each in one of some ways: usual ones, and ones that settings may or may not take. */
function some(keys: Record<string, fc.Arbitrary<unknown>>, requiredKeys: string[] = []): fc.Arbitrary<Values> {
    return fc.record(keys, { requiredKeys: requiredKeys as [] });
}

const one = <T>(...values: T[]) => fc.constantFrom(...values);
const few = <T>(entry: fc.Arbitrary<T>) => fc.uniqueArray(entry, { minLength: 1, maxLength: 2 });

/** Usual values, and now and then an odd one. */
const odd = <T>(usual: T[], strange: T[]) =>
    fc.oneof({ weight: 60, arbitrary: one(...usual) }, { weight: 1, arbitrary: one(...strange) });

const LONG = "a".repeat(63);

const host = odd(
    ["a.example.com", "b.example.com", "*.example.org", "shop.eu.example.com", `${LONG}.example.com`],
    ["*", "203.0.113.5", "*.example.com", "localhost", "a.example.1", `${LONG}a.example.com`, "A.example.com"],
);

const certificate = fc.oneof(
    one({ source: "existing", secretName: "web" }, { source: "existing", secretName: "a.example.com-tls" }),
    one<Values>({ source: "generated" }, { source: "cert-manager", issuer: { name: "lets.encrypt" } }),
);

const gateway = some({
    hosts: few(host),
    kind: one("istio", "istio", "istio", "gateway-api", "ingress"),
    tls: some({ mode: one("simple", "mutual", "off"), certificate, minimumVersion: one("TLSV1_2", "TLSV1_3") }, [
        "certificate",
    ]),
    replicas: one({ min: 2, max: 2 }),
    clientAddresses: odd<Values>(
        [{ source: "proxy-protocol" }, { source: "preserve-source" }, { source: "forwarded-headers", trustedHops: 1 }],
        [{ source: "forwarded-headers" }, { source: "none" }],
    ),
    resources: odd<Values>([{}, { requests: { cpu: "100m" } }], [{ limits: { memory: "64Mi" } }]),
});

const labels = odd<Values>(
    [{ version: "v1" }, { app: "x", "example.com/tier": "a_b.c" }, { toString: "a" }, { version: LONG }],
    [{}, { version: `${LONG}a` }, { "a..b/c": "d" }, { version: "-" }],
);

const services = fc
    .dictionary(
        one("web", "api-2", "constructor", "a".repeat(54)),
        some(
            {
                namespace: one("shop"),
                port: one(80, 8080, 65535),
                host: one("front", "back"),
                protocol: one("http", "grpc", "tcp"),
                versions: fc.dictionary(one("v1", "v2"), labels, { maxKeys: 2 }),
                selector: labels,
                serviceAccount: one("default", "web", "web.v1"),
                expose: some(
                    {
                        hosts: few(host),
                        paths: few(
                            odd<Values>(
                                [
                                    { prefix: "/" },
                                    { exact: "/a" },
                                    { prefix: "/a%20b" },
                                    { prefix: "/a", methods: ["GET", "PUT"] },
                                    { prefix: "/", headers: { "x-a": { exact: "1" } } },
                                ],
                                [{ prefix: "/a//b" }],
                            ),
                        ),
                    },
                    ["hosts"],
                ),
            },
            ["namespace", "port"],
        ),
        { maxKeys: 2 },
    )
    .map((own) => ({ ...MESH.services, ...own }));

const duration = odd(["1s", "1500ms", "0.25s", "1m30s", "24h"], ["0.5ms", "1.0005s", "99999999h", "0s"]);

const retries = some(
    {
        attempts: one(1, 2),
        perTryTimeout: one("10ms", "0.02s"),
        retryOn: few(odd(["5xx", "503", "unavailable"], ["299", "509"])),
    },
    ["attempts"],
);

const egress = some({
    mode: one("ALLOW_ANY", "REGISTRY_ONLY"),
    services: fc.dictionary(
        one("api", "bank", "b".repeat(63)),
        some(
            {
                hosts: few(odd(["api.example.net", "*.example.net", "db.example.net"], ["192.0.2.1", "short", "*"])),
                ports: few(
                    fc.record({ port: one(80, 443, 5432, 8443), protocol: one("HTTP", "GRPC", "HTTPS", "TCP") }),
                ),
                timeout: duration,
                retries,
                originateTls: fc.boolean(),
                via: one("sidecar", "gateway"),
            },
            ["hosts"],
        ),
        { maxKeys: 2 },
    ),
    bypass: one<Values>({}, { cidrs: ["198.51.100.0/24"] }),
    scoping: one<Values>({}, { enabled: true }, { enabled: true, reaches: { shop: ["bookinfo"] } }),
});

const path = odd(
    ["/api/*", "*.html", "*", "/users/{*}/cart", "/files/{**}", "/a%20b"],
    ["/users/{id}", "/{**}/{*}", "/a{*}", "api/*", "/a/*/b", "/{*}/ü"],
);
const network = odd(
    ["10.0.0.0/8", "192.0.2.1", "2001:db8::/32", "10.1.2.3/16"],
    ["10.0.0.0/33", "1.2.3", "::g", "010.0.0.1"],
);
const identity = odd(["cluster.local/ns/a/sa/b", "*", "cluster.local/ns/a/*"], ["spiffe://a/ns/b/sa/c", "b"]);

const condition = fc.oneof(
    some({ key: one("source.ip", "remote.ip", "destination.ip"), values: few(network), notValues: few(network) }, [
        "key",
    ]),
    fc.record({ key: one("destination.port"), values: few(odd(["80", "8080"], ["http", "70000"])) }),
    fc.record({
        key: odd(
            [
                "request.headers[x-a]",
                "request.auth.claims[a][b]",
                "source.principal",
                "connection.sni",
                "request.auth.audiences",
            ],
            ["request.headers[]", "experimental.envoy.filters.a[b]", "experimental.a", "destination.labels[a]"],
        ),
        notValues: few(odd(["a", "*", "a*"], [""])),
    }),
);

const rule = some({
    from: some({
        services: one(["reviews"], ["cart"]),
        gateway: one(true),
        principals: few(identity),
        namespaces: few(odd(["shop", "book*", "*"], ["Shop"])),
        requestPrincipals: few(one("*", "https://issuer.example.com/*")),
        ipBlocks: few(network),
        remoteIpBlocks: few(network),
    }),
    to: some({
        methods: few(one("GET", "POST")),
        paths: few(path),
        notPaths: few(path),
        hosts: few(one("a.example.com", "*.example.com")),
        ports: few(one(80, 9080, 8080)),
    }),
    when: few(condition),
});

const policy = fc
    .tuple(
        one<Values>(
            { service: "cart" },
            { service: "stock" },
            { gateway: true },
            { namespace: "shop" },
            { namespace: "istio-system" },
        ),
        some({ name: one("mine", "mine.too"), action: one("ALLOW", "DENY", "AUDIT", "CUSTOM"), rules: few(rule) }, [
            "name",
        ]),
        fc.boolean(),
    )
    .map(([target, fields, dryRun]) => ({
        ...target,
        ...fields,
        ...(fields.action === "CUSTOM" ? { provider: "opa" } : { dryRun: dryRun && fields.action !== "AUDIT" }),
    }));

const JWKS = JSON.stringify({
    keys: [{ kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }],
});

const tokens = some(
    {
        name: one("users", "users.eu"),
        service: one("cart", "productpage"),
        issuers: fc.array(
            fc.oneof(
                some(
                    {
                        issuer: one("https://issuer.example.com"),
                        jwksUri: one("https://issuer.example.com/keys", "https://a:8443/k"),
                        audiences: few(odd(["a"], [""])),
                        forwardOriginalToken: fc.boolean(),
                        fromHeaders: few(odd<Values>([{ name: "x-token", prefix: "JWT " }], [{ name: "" }])),
                        fromParams: few(odd(["token"], ["a b"])),
                        fromCookies: few(odd(["session"], ["a;b"])),
                        claimToHeaders: one({ "x-user": "sub" }, { "x-tenant": "realm.tenant" }),
                    },
                    ["issuer", "jwksUri"],
                ),
                fc.record({ issuer: one("me@example.com"), jwks: odd([JWKS], ['{"keys":[{"kty":"RSA"}]}', "keys"]) }),
            ),
            { minLength: 1, maxLength: 2 },
        ),
        require: fc.array(
            some({
                paths: few(path),
                notPaths: few(path),
                methods: few(odd(["GET", "POST"], ["get"])),
                notMethods: few(odd(["OPTIONS"], [""])),
                claims: fc.dictionary(odd(["groups", "realm][roles"], ["", "a b"]), few(odd(["admins"], [""])), {
                    maxKeys: 1,
                }),
            }),
            { maxLength: 2 },
        ),
    },
    ["name", "issuers"],
);

const security = some({
    mtls: some({
        mode: one("STRICT", "PERMISSIVE"),
        namespaces: one<Values>({ shop: { mode: "STRICT" } }),
        services: one<Values>(
            { stock: { ports: [{ port: 5432, mode: "DISABLE" }] } },
            { cart: { mode: "PERMISSIVE" } },
        ),
    }),
    authorization: fc.record({
        mode: one("off", "guide", "zero-trust"),
        policies: fc.array(policy, { maxLength: 1 }),
        providers: one({ opa: { protocol: "grpc", service: "opa.shop.svc.cluster.local", port: 9191 } }),
    }),
    requestAuthentication: fc.array(tokens, { maxLength: 1 }),
    networkPolicies: one({ enabled: true }),
});

const logging = some({
    accessLogFilter: odd(
        [
            "response.code >= 400",
            "!has(response.code) || response.code >= 400",
            "request.headers['a'] in ['b', \"c\"]",
            'duration("1s") < request.duration',
            "(connection.mtls ? 1 : 2) == 1 && source.address.startsWith('10.')",
        ],
        [
            "response.code >=",
            "a AND b",
            "%A%",
            "response.code = 400",
            "response.code >= 400 and true",
            "'a",
            "1 +* 2",
            "response..code",
            "[1, 2",
            "{'a': 1}.a == 1",
        ],
    ),
});

const tracing = one<Values>(
    {},
    {
        tracing: { backend: "jaeger", sampling: 12.5, customTags: { who: "header:x-user", stage: "test" } },
        addons: { jaeger: { enabled: true } },
    },
    { tracing: { backend: "zipkin", customTags: { a: "b" } }, addons: { zipkin: { enabled: true } } },
);

/** Random settings of all sections that make objects of Istio; most of them, but not all, are valid. */
export const anySettings = fc
    .record({
        gateway,
        services,
        traffic: validTraffic,
        egress,
        security,
        logging,
        bookinfo: one({ enabled: true }, { enabled: true }, { enabled: false }),
        istio: some({ meshConfig: fc.record({ trustDomain: odd(["cluster.local", "a-b.example.com"], ["a..b"]) }) }),
        tracing,
    })
    .map(({ tracing: traced, ...sections }) =>
        fitting(JSON.parse(JSON.stringify({ ...MESH, ...sections, ...traced })) as Drawn),
    );

interface Drawn extends Values {
    gateway: { kind?: string; tls?: { mode?: string; minimumVersion?: string; certificate: { source: string } } };
    bookinfo: { enabled: boolean };
    services: Record<string, { protocol?: string; expose?: { hosts: string[]; paths?: Values[] } }>;
    traffic: { scenario?: string; services?: Record<string, Values> };
    egress: { services?: Record<string, { hosts: string[]; ports?: { protocol: string }[] } & Values> };
    security: { mtls?: { mode?: string }; authorization?: { mode: string } };
}

/** Without what other sections rule out altogether, so that enough is valid. */
function fitting(settings: Drawn): Values {
    const { gateway: way, bookinfo, traffic, security } = settings;
    const isIstio = way.kind === undefined || way.kind === "istio";
    if (!isIstio && way.tls) {
        way.tls = { certificate: way.tls.certificate };
    }
    if (way.tls?.certificate.source === "cert-manager") {
        delete way.tls.mode;
    }
    Object.entries(settings.services).forEach(([name, service]) => {
        if (service.protocol === "tcp") {
            delete service.expose;
        } else if (service.expose) {
            service.expose.hosts = service.expose.hosts.map((each) =>
                // Names with the same beginning have the same hosts.
                each.replace("example", `${name.slice(0, 1)}.example`),
            );
            if (way.kind === "ingress") {
                service.expose.paths?.forEach((path) => ["methods", "headers"].forEach((limit) => delete path[limit]));
            }
        }
    });
    Object.entries(settings.egress.services ?? {}).forEach(([name, service]) => {
        service.hosts = service.hosts.map((each) => each.replace("example", `${name.slice(0, 9)}.example`));
        if (!service.ports?.some(({ protocol }) => protocol === "HTTP" || protocol === "GRPC")) {
            ["timeout", "retries", "originateTls"].forEach((limit) => delete service[limit]);
        }
    });
    const { productpage, reviews, cart, ...rest } = traffic.services ?? {};
    traffic.services = {
        ...rest,
        ...(bookinfo.enabled && reviews && { reviews }),
        ...(isIstio && cart && { cart }),
        ...(isIstio && bookinfo.enabled && productpage && { productpage }),
    };
    if (!isIstio || !bookinfo.enabled) {
        delete traffic.scenario;
    }
    if (security.authorization?.mode === "guide" && !bookinfo.enabled) {
        security.authorization.mode = "off";
    }
    if (security.mtls || security.authorization?.mode === "zero-trust") {
        Object.values(traffic.services).forEach((service) => delete service.tls);
    }
    return settings;
}
