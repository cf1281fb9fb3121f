import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setCommand } from "../../config/problems";
import { certificateFileProblems } from "../../config/rules/certificateFiles";
import { newAuthority, newCertificate, newKey } from "../support/certificates";
import { assertFixable } from "./fixable";
import { asDevStack, described, NEW_CLUSTER, problemsIn } from "./settings";

const LOCAL = { cluster: { source: "kubeconfig" } };

const withServices = (services: object, more: object = {}) => ({
    ...LOCAL,
    namespaces: { shop: {} },
    services,
    ...more,
});
const cart = { namespace: "shop", port: 80 };
const open = (expose: object) => ({ ...cart, expose });

const tls = (settings: object, gateway: object = { hosts: ["a.example.com"] }) => ({
    ...LOCAL,
    gateway: { ...gateway, tls: settings },
});
const existing = { certificate: { source: "existing", secretName: "web" } };

const egress = (settings: object, more: object = {}) => ({ ...LOCAL, egress: settings, ...more });
const api = (service: object) => egress({ services: { api: { hosts: ["api.example.com"], ...service } } });
const HTTP = [{ port: 80, protocol: "HTTP" }];

/** Wrong settings about services, gateway and egress, and what is said of each. */
const refused: [what: string, settings: Record<string, unknown>, problems: string[]][] = [
    [
        "a service outside the mesh",
        withServices({ cart: { ...cart, namespace: "other" } }),
        ["services.cart.namespace is other, which is not one of namespaces: its pods would have no sidecars"],
    ],
    [
        "a name of Bookinfo's",
        withServices({ reviews: cart }),
        ["services.reviews is a name of Bookinfo or the clients; use another name and set its host"],
    ],
    [
        "the name of Bookinfo's objects at the gateway",
        withServices({ bookinfo: { ...cart, expose: { hosts: ["shop.example.com"] } } }),
        ["services.bookinfo is a name of Bookinfo or the clients; use another name and set its host"],
    ],
    [
        "a system namespace",
        { ...LOCAL, namespaces: { "kube-system": {} } },
        ["namespaces.kube-system is a namespace of the system, where sidecars must not be injected"],
    ],
    [
        "Bookinfo's namespace once more",
        { ...LOCAL, namespaces: { bookinfo: {} } },
        ["namespaces.bookinfo is made with bookinfo.namespace already"],
    ],
    [
        "TCP at the gateway",
        withServices({ db: { ...cart, protocol: "tcp", expose: { hosts: ["db.example.com"] } } }),
        [
            "services.db.expose exposes it at the gateway's HTTP ports, but services of protocol tcp have no hosts and paths",
        ],
    ],
    [
        "a service where nothing is injected",
        { ...LOCAL, clients: { legacy: true }, services: { old: { namespace: "legacy", port: 80 } } },
        ["services.old.namespace is legacy, which is not one of namespaces: its pods would have no sidecars"],
    ],
    [
        "a service named like Istio's own objects",
        withServices({ default: cart }),
        ["services.default is reserved by Istio for the objects of a namespace; use another name and set its host"],
    ],
    [
        "clients in a namespace of the system",
        { ...LOCAL, clients: { curl: true, namespace: "istio-system" } },
        ["clients.namespace is istio-system, which is neither Bookinfo's nor one of namespaces"],
    ],
    [
        "client certificates of one host with an Ingress",
        tls(
            { ...existing, hosts: { "a.example.com": { mode: "mutual" } } },
            { hosts: ["a.example.com"], kind: "ingress" },
        ),
        ['gateway.tls.hosts["a.example.com"].mode is mutual, which an Ingress does not support'],
    ],
    [
        "TLS of a host where none is open",
        { ...tls({ ...existing, hosts: { "a.example.com": {} } }), bookinfo: { enabled: false } },
        ['gateway.tls.hosts["a.example.com"] is for a host that is not exposed; there is none'],
    ],
    [
        "TCP hosts that share a port",
        egress({
            services: {
                one: { hosts: ["a.example.com", "b.example.com"], ports: [{ port: 3306, protocol: "TCP" }] },
                two: { hosts: ["c.example.com"], ports: [{ port: 3306, protocol: "HTTP" }] },
                other: { hosts: ["d.example.com"], ports: [{ port: 3307, protocol: "TCP" }] },
                tls: { hosts: ["e.example.com"], ports: [{ port: 3306, protocol: "HTTPS" }] },
            },
        }),
        [
            "egress.services.one.ports[0].port is 3306 for b.example.com, which a.example.com has already: TCP has no host name, so sidecars would send both to one of them",
            "egress.services.two.ports[0].port is 3306 for c.example.com, which a.example.com has already: TCP has no host name, so sidecars would send both to one of them",
        ],
    ],
    [
        "TCP through the egress gateway",
        api({ ports: [{ port: 5432, protocol: "TCP" }], via: "gateway" }),
        ["egress.services.api.via is gateway, but TCP has no host name by which the egress gateway could route"],
    ],
    [
        "a port of the egress gateway's own",
        api({ ports: [{ port: 15021, protocol: "HTTPS" }], via: "gateway" }),
        ["egress.services.api.ports[0].port is 15021, which the egress gateway's proxy uses itself"],
    ],
    [
        "a Service of the cluster as an external one",
        api({ hosts: ["reviews.bookinfo.svc.cluster.local"] }),
        [
            "egress.services.api.hosts[0] is reviews.bookinfo.svc.cluster.local, a Service of the cluster; those are services",
        ],
    ],
    [
        "names of other objects in istio-system",
        egress({
            services: {
                api: { hosts: ["api.example.com"], via: "gateway" },
                "api-egress": { hosts: ["b.example.com"] },
                "tracing-backend": { hosts: ["c.example.com"] },
            },
        }),
        [
            "egress.services.api-egress is a name of other objects in istio-system; use another name",
            "egress.services.tracing-backend is a name of other objects in istio-system; use another name",
        ],
    ],
    [
        "nobody who could call",
        {
            ...LOCAL,
            security: { authorization: { mode: "zero-trust" }, mtls: { services: { details: { mode: "DISABLE" } } } },
        },
        [
            "security.mtls.services.details.mode is DISABLE, but security.authorization.mode zero-trust identifies callers by their certificates: nothing could call details",
        ],
    ],
    [
        "clients in plain text where mutual TLS is asked for",
        {
            ...LOCAL,
            traffic: { services: { details: { tls: { mode: "DISABLE" } } } },
            security: { mtls: { mode: "STRICT" } },
        },
        [
            "traffic.services.details.tls.mode is DISABLE, but mutual TLS is required by details: every request to it would be refused",
        ],
    ],
    [
        "a token for a host that is not open",
        {
            ...LOCAL,
            gateway: { hosts: ["shop.example.com"] },
            security: {
                requestAuthentication: [
                    {
                        name: "users",
                        issuers: [{ issuer: "https://issuer.example.com", jwksUri: "https://issuer.example.com/keys" }],
                        require: [{ hosts: ["shopp.example.com"] }],
                    },
                ],
            },
        },
        [
            "security.requestAuthentication[0].require[0].hosts[0] is shopp.example.com, which is not exposed at the gateway; did you mean shop.example.com?",
        ],
    ],
    [
        "tokens of nobody",
        { ...LOCAL, security: { requestAuthentication: [{ name: "users" }] } },
        ["security.requestAuthentication[0].issuers is missing, must be a list"],
    ],
    [
        "two services that open the same",
        withServices(
            {
                cart: open({ hosts: ["a.example.com", "b.example.com"] }),
                web: open({ hosts: ["b.example.com", "a.example.com"], paths: [{ exact: "/a" }, { prefix: "/" }] }),
            },
            { bookinfo: { enabled: false } },
        ),
        [
            "services.web.expose.paths[1].prefix is /, which cart has at a.example.com already; a request goes to one service",
        ],
    ],
    [
        "a path of Bookinfo's at its host",
        withServices(
            { cart: open({ hosts: ["a.example.com"], paths: [{ exact: "/login" }, { prefix: "/login" }] }) },
            { gateway: { hosts: ["a.example.com"] } },
        ),
        [
            "services.cart.expose.paths[0].exact is /login, which productpage has at a.example.com already; a request goes to one service",
        ],
    ],
    [
        "the same, whatever is written differently",
        withServices({
            cart: open({
                hosts: ["a.example.com"],
                paths: [
                    { prefix: "/cart/", methods: ["GET", "HEAD"] },
                    { prefix: "/", headers: { a: { exact: "1" }, b: { exact: "2" } } },
                ],
            }),
            web: open({
                hosts: ["a.example.com"],
                paths: [
                    { prefix: "/cart", methods: ["POST", "GET"] },
                    { prefix: "/", headers: { b: { exact: "2" }, a: { exact: "1" } } },
                ],
            }),
        }),
        [
            "services.web.expose.paths[0].prefix is /cart for POST, GET, which cart has at a.example.com already; a request goes to one service",
            "services.web.expose.paths[1].prefix is / with b 2 with a 1, which cart has at a.example.com already; a request goes to one service",
        ],
    ],
    [
        "a redirect of what another opens",
        withServices(
            {
                cart: open({ hosts: ["a.example.com"], paths: [{ prefix: "/cart" }] }),
                web: open({ hosts: ["a.example.com"], paths: [{ exact: "/old" }] }),
            },
            {
                traffic: {
                    services: { cart: { match: [{ paths: [{ exact: "/old" }], redirect: { uri: "/cart" } }] } },
                },
            },
        ),
        [
            "services.web.expose.paths[0].exact is /old, which cart has at a.example.com already; a request goes to one service",
        ],
    ],
    [
        "a host twice",
        withServices({ cart: open({ hosts: ["a.example.com", "a.example.com"] }) }),
        ["services.cart.expose.hosts[1] is a.example.com, listed twice"],
    ],
    [
        "an add-on's host for a service",
        withServices(
            { cart: open({ hosts: ["grafana.example.com"] }) },
            {
                gateway: { hosts: ["a.example.com"], tls: { ...existing, mode: "simple" } },
                addons: { prometheus: { enabled: true }, grafana: { enabled: true, host: "grafana.example.com" } },
            },
        ),
        ["addons.grafana.host is grafana.example.com, which services.cart.expose.hosts has already"],
    ],
    [
        "a method of an Ingress",
        withServices(
            {
                cart: open({
                    hosts: ["a.example.com"],
                    paths: [{ prefix: "/", methods: ["GET"], headers: { a: { exact: "1" } } }],
                }),
            },
            { gateway: { kind: "ingress" } },
        ),
        [
            "services.cart.expose.paths[0].methods is set, but an Ingress knows hosts and paths only (gateway.kind ingress)",
            "services.cart.expose.paths[0].headers is set, but an Ingress knows hosts and paths only (gateway.kind ingress)",
        ],
    ],
    [
        "a certificate of Ingresses in two namespaces",
        withServices(
            {
                cart: open({ hosts: ["a.example.com"], paths: [{ prefix: "/cart" }] }),
                web: { ...open({ hosts: ["a.example.com"] }), namespace: "web" },
            },
            {
                namespaces: { shop: {}, web: {} },
                bookinfo: { enabled: false },
                gateway: { kind: "ingress", tls: existing },
            },
        ),
        [
            "services.web.expose.hosts[0] is a.example.com, which cart of another namespace has with HTTPS; an Ingress leads to web alone, and Istio serves a host's certificate for one Ingress only",
        ],
    ],
    [
        "more matches than an HTTPRoute's rule has",
        withServices(
            {
                cart: open({
                    hosts: ["a.example.com"],
                    paths: [...Array(22).keys()].map((each) => ({
                        exact: `/${each}`,
                        methods: ["GET", "PUT", "POST"],
                    })),
                }),
            },
            { gateway: { kind: "gateway-api" } },
        ),
        ["services.cart.expose.paths are 66 paths and methods; gateway.kind gateway-api allows 64 for a service"],
    ],
    ...(
        [
            [{ methods: ["GET"] }, ' is {"methods":["GET"]}, must be exact or prefix, one of them'],
            [{ exact: "/a", prefix: "/a" }, ' is {"exact":"/a","prefix":"/a"}, must be exact or prefix, one of them'],
        ] as const
    ).map(([path, problem]): [string, Record<string, unknown>, string[]] => [
        `an open path such as ${JSON.stringify(path)}`,
        withServices({ cart: open({ hosts: ["a.example.com"], paths: [path] }) }),
        [`services.cart.expose.paths[0]${problem}`],
    ]),
    [
        "the name of another's routes",
        { ...LOCAL, services: { blog: { namespace: "bookinfo", port: 80, host: "bookinfo" } } },
        [
            "services.blog.host is bookinfo, the name that the routes of productpage at the gateway have in namespace bookinfo",
        ],
    ],
    [
        "clients nowhere",
        { ...LOCAL, clients: { curl: true, namespace: "nowhere" } },
        ["clients.namespace is nowhere, which is neither Bookinfo's nor one of namespaces"],
    ],
    [
        "HTTPS without a certificate",
        tls({}),
        ["gateway.tls.certificate is missing; gateway.hosts[0] a.example.com is served with HTTPS"],
    ],
    [
        "a certificate for any host",
        tls({ certificate: { source: "generated" } }, {}),
        ["gateway.hosts[0] is *, and a certificate of source generated has to name its hosts"],
    ],
    [
        "mutual TLS without a CA",
        tls({ mode: "mutual", certificate: { source: "cert-manager", issuer: { name: "ca" } } }),
        [
            "gateway.tls.clientCa is missing; gateway.tls.mode mutual (gateway.hosts[0] a.example.com) needs the CA of client certificates",
        ],
    ],
    [
        "a certificate that is always due for renewal",
        tls({
            certificate: { source: "generated", validityDays: 10 },
            hosts: { "a.example.com": { certificate: { source: "generated", validityDays: 1, renewBeforeDays: 1 } } },
        }),
        [
            "gateway.tls.certificate.renewBeforeDays is 30, but the certificate is valid for 10 days: each pulumi up would renew it",
            'gateway.tls.hosts["a.example.com"].certificate.renewBeforeDays is 1, but the certificate is valid for 1 days: each pulumi up would renew it',
        ],
    ],
    [
        "TLS of a host that is not open",
        tls({ ...existing, hosts: { "b.example.com": { mode: "mutual" } } }),
        ['gateway.tls.hosts["b.example.com"] is for a host that is not exposed; there are a.example.com'],
    ],
    [
        "client certificates with an Ingress",
        tls({ ...existing, mode: "mutual" }, { hosts: ["a.example.com"], kind: "ingress" }),
        ["gateway.tls.mode is mutual, which an Ingress does not support"],
    ],
    [
        "TLS 1.3 with the Gateway API",
        tls({ ...existing, minimumVersion: "TLSV1_3" }, { hosts: ["a.example.com"], kind: "gateway-api" }),
        ["gateway.tls.minimumVersion is TLSV1_3, which gateway.kind gateway-api does not support"],
    ],
    [
        "cert-manager twice",
        {
            ...NEW_CLUSTER,
            gateway: {
                hosts: ["a.example.com"],
                tls: { certificate: { source: "cert-manager", issuer: { name: "ca" } }, installCertManager: true },
            },
        },
        [
            "gateway.tls.installCertManager is true, but cluster.metricsServer brings OKE's add-on CertManager: two would fight over its kinds",
        ],
    ],
    [
        "files that are not there",
        tls({
            certificate: { source: "files", certificate: "nowhere.crt", key: "nowhere.key" },
            clientCa: "nowhere.ca",
        }),
        [
            "gateway.tls.certificate.certificate is nowhere.crt, which does not exist",
            "gateway.tls.certificate.key is nowhere.key, which does not exist",
            "gateway.tls.clientCa is nowhere.ca, which does not exist",
        ],
    ],
    [
        "routes that an Ingress cannot have",
        { ...LOCAL, gateway: { kind: "ingress" }, traffic: { scenario: "url-rewrite" } },
        [
            "traffic.scenario routes requests to productpage by match, which gateway.kind ingress does not support at the gateway",
        ],
    ],
    [
        "an Ingress at another port",
        { ...LOCAL, gateway: { kind: "ingress", ports: { http: 8080 } } },
        ["gateway.ports.http is 8080, but Istio serves an Ingress at 80 only"],
    ],
    [
        "a timeout that an HTTPRoute does not get",
        { ...LOCAL, gateway: { kind: "gateway-api" }, traffic: { services: { productpage: { timeout: "1s" } } } },
        [
            "traffic.services.productpage.timeout routes requests to productpage by timeout, which gateway.kind gateway-api does not support at the gateway",
        ],
    ],
    [
        "a timeout of what is encrypted",
        api({ timeout: "3s" }),
        [
            "egress.services.api.timeout is set, but no port has protocol HTTP or GRPC: proxies cannot see requests in encrypted traffic",
        ],
    ],
    [
        "a timeout shorter than its tries",
        api({ ports: HTTP, timeout: "3s", retries: { attempts: 2, perTryTimeout: "2s" } }),
        ["egress.services.api.timeout is 3s, but 3 tries of 2s take up to 6s"],
    ],
    [
        "TLS around TLS",
        api({ originateTls: true }),
        [
            "egress.services.api.originateTls is true, but no port has protocol HTTP or GRPC, for which TLS could be originated",
        ],
    ],
    [
        "plain HTTP at the port where TLS leaves",
        api({ ports: [{ port: 443, protocol: "HTTP" }], originateTls: true }),
        [
            "egress.services.api.ports[0].port is 443, the port of originated TLS; plain HTTP inside the mesh needs another port",
        ],
    ],
    [
        "plain HTTP there and at 80",
        api({ ports: [...HTTP, { port: 443, protocol: "HTTP" }], originateTls: true }),
        [
            "egress.services.api.ports[1].port is 443, the port of originated TLS; plain HTTP inside the mesh needs another port",
        ],
    ],
    [
        "an address in place of a network",
        egress({ bypass: { cidrs: ["203.0.113.1", "203.0.113.1/24"] } }),
        [
            'egress.bypass.cidrs[0] is "203.0.113.1", must be an IPv4 network; 203.0.113.1/32 is this address alone',
            'egress.bypass.cidrs[1] is "203.0.113.1/24", must be the network\'s own address: 203.0.113.0/24',
        ],
    ],
    ["a port twice", api({ ports: [...HTTP, ...HTTP] }), ["egress.services.api.ports[1].port is 80, listed twice"]],
    [
        "any name through the egress gateway",
        egress({ services: { api: { hosts: ["*.example.com"], via: "gateway" } } }),
        ["egress.services.api.hosts[0] is *.example.com, but via gateway needs names that can be resolved"],
    ],
    [
        "every host there is",
        egress({ services: { api: { hosts: ["*"] } } }),
        ["egress.services.api.hosts[0] is *, which egress.mode ALLOW_ANY is for"],
    ],
    [
        "a host in two entries",
        egress({ services: { a: { hosts: ["a.example.com"] }, b: { hosts: ["a.example.com"] } } }),
        [
            "egress.services.b.hosts[0] is a.example.com, which egress.services.a.hosts[0] has already; list its ports there",
        ],
    ],
    [
        "two ways to bypass",
        egress({ bypass: { cidrs: ["203.0.113.0/24"], allExcept: ["10.0.0.0/8"] } }),
        ["egress.bypass.allExcept is set beside egress.bypass.cidrs; set only one of the two"],
    ],
    [
        "the pods of others",
        egress({ bypass: { workloads: { cart: ["203.0.113.0/24"] } } }),
        [
            "egress.bypass.workloads.cart is not a workload of this program; annotate the pods of yours with traffic.sidecar.istio.io/excludeOutboundIPRanges",
        ],
    ],
    [
        "a scope for a namespace without proxies",
        egress({ scoping: { enabled: true, reaches: { other: ["bookinfo"] } } }),
        ["egress.scoping.reaches.other is a namespace without sidecars; there are bookinfo"],
    ],
    [
        "the setting's former place",
        { ...LOCAL, istio: { meshConfig: { outboundTrafficPolicy: "REGISTRY_ONLY" } } },
        ["istio.meshConfig.outboundTrafficPolicy what leaves the mesh is egress.mode"],
    ],
];

describe("settings of services, gateway and egress", () => {
    asDevStack();

    for (const [what, settings, problems] of refused) {
        it(`refuse ${what}, and say what fixes it`, () => {
            assert.deepEqual(described(settings), problems);
            assertFixable(settings);
        });
    }

    // The example of the setting would let a whole network of the cluster past the sidecars.
    it("fix an address by the network of that address", () => {
        const [first, second] = problemsIn(egress({ bypass: { cidrs: ["203.0.113.1", "203.0.113.1/24"] } }));
        assert.deepEqual(first?.fix, [setCommand("egress.bypass.cidrs[0]", "203.0.113.1/32")]);
        assert.deepEqual(second?.fix, [setCommand("egress.bypass.cidrs[1]", "203.0.113.0/24")]);
    });

    const accepted: [what: string, settings: Record<string, unknown>][] = [
        [
            "a user's service with a name of its own for Bookinfo's host",
            withServices({ cart: { ...cart, host: "reviews" } }),
        ],
        [
            "services at a host that open different requests",
            withServices(
                {
                    cart: open({ hosts: ["a.example.com"], paths: [{ prefix: "/static/x" }, { exact: "/static" }] }),
                    web: open({
                        hosts: ["a.example.com"],
                        paths: [
                            { prefix: "/static/x", methods: ["GET"] },
                            { prefix: "/static/x", headers: { a: { exact: "1" } } },
                            { prefix: "/" },
                        ],
                    }),
                },
                { gateway: { hosts: ["a.example.com"] } },
            ),
        ],
        ["one certificate for named hosts", tls({ certificate: { source: "generated" } })],
        ["plain HTTP for one of the hosts", tls({ ...existing, hosts: { "a.example.com": { mode: "off" } } })],
        ["mutual TLS with the generated CA", tls({ mode: "mutual", certificate: { source: "generated" } })],
        [
            "versions of services that the outside does not ask, under any kind",
            {
                ...LOCAL,
                gateway: { kind: "gateway-api" },
                traffic: { scenario: "reviews-split" },
            },
        ],
        ["any name below one, encrypted by its caller", egress({ services: { api: { hosts: ["*.example.com"] } } })],
    ];
    for (const [what, settings] of accepted) {
        it(`accept ${what}`, () => assert.deepEqual(described(settings), []));
    }
});

describe("certificates in files", () => {
    let folder: string;
    const write = (name: string, text: string) => {
        const path = join(folder, name);
        writeFileSync(path, text);
        return path;
    };
    const HOST = "a.example.com";

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "oke-mesh-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    async function files(request: Parameters<typeof newCertificate>[1] = {}) {
        const pair = await newCertificate(await newAuthority(), { dnsNames: [HOST], ...request });
        return { certificate: write("tls.crt", pair.certificate), key: write("tls.key", pair.key), pair };
    }

    const said = (problems: { key: string; message: string }[]) =>
        problems.map(({ key, message }) => `${key} ${message.replace(folder, "")}`.replaceAll(`${folder}/`, "/"));

    it("are taken when key, hosts and dates are right", async () => {
        const { certificate, key } = await files();
        assert.deepEqual(certificateFileProblems("tls", { certificate, key, clientCa: certificate }, [HOST, "*"]), []);
    });

    it("are refused when they are over, and the day is said", async () => {
        const { certificate, key } = await files({ notBefore: new Date("2026-01-01T00:00:00Z"), validityHours: 48 });
        assert.deepEqual(said(certificateFileProblems("tls", { certificate, key }, [HOST])), [
            "tls.certificate is /tls.crt, which ended on 2026-01-03",
        ]);
    });

    it("are refused with another certificate's key", async () => {
        const { certificate } = await files();
        const key = write("other.key", await newKey());
        assert.deepEqual(said(certificateFileProblems("tls", { certificate, key }, [HOST])), [
            "tls.key is /other.key, which is not the key of /tls.crt",
        ]);
    });

    it("are refused for hosts that they do not name", async () => {
        const { certificate, key } = await files({ dnsNames: ["*.example.com"] });
        const hosts = [HOST, "*.example.com", "a.b.example.com", "*.example.org"];
        assert.deepEqual(said(certificateFileProblems("tls", { certificate, key }, hosts)), [
            "tls.certificate is /tls.crt, which is not for a.b.example.com, *.example.org",
        ]);
    });

    it("never show what is in them", async () => {
        const { certificate, key, pair } = await files();
        const problems = certificateFileProblems("tls", { certificate: key, key: certificate }, [HOST]);
        assert.equal(problems.length, 2);
        const secret = pair.key.split("\n")[1]!;
        assert.ok(!JSON.stringify(problems).includes(secret));
    });
});

describe("a command for what was misspelt", () => {
    asDevStack();

    const misspelt: [settings: Record<string, unknown>, command: string][] = [
        [{ security: { mtls: { mode: "strict" } } }, "pulumi config set --path 'security.mtls.mode' STRICT"],
        [
            { security: { authorization: { mode: "zerotrust" } } },
            "pulumi config set --path 'security.authorization.mode' zero-trust",
        ],
        [{ egress: { mode: "registry_only" } }, "pulumi config set --path 'egress.mode' REGISTRY_ONLY"],
        [{ gateway: { ports: { http: "8080" } } }, "pulumi config set --path 'gateway.ports.http' 8080"],
    ];
    for (const [settings, command] of misspelt) {
        it(`sets what was meant: ${command}`, () => {
            const [problem] = problemsIn({ ...LOCAL, ...settings });
            assert.deepEqual(problem?.fix, [command]);
        });
    }

    it("leaves a dashboard its host where Bookinfo is off", () => {
        const host = "grafana.example.com";
        const settings = {
            ...tls(existing, { hosts: [host] }),
            bookinfo: { enabled: false },
            addons: { prometheus: { enabled: true }, grafana: { enabled: true, host } },
        };
        assert.deepEqual(described(settings), []);
    });
});
