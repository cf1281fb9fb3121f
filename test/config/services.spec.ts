import { asDevStack, LOCAL } from "./settings";
import { accept, refuse, type Accepted, type Refused } from "./tables";

const withServices = (services: object, more: object = {}) => ({
    ...LOCAL,
    namespaces: { shop: {} },
    services,
    ...more,
});
const cart = { namespace: "shop", port: 80 };
const open = (expose: object) => ({ ...cart, expose });
const existing = { certificate: { source: "existing", secretName: "web" } };

/** Wrong settings of services and namespaces, and what is said of each. */
const refused: Refused = [
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
        "the name of another's routes",
        { ...LOCAL, services: { blog: { namespace: "bookinfo", port: 80, host: "bookinfo" } } },
        [
            "services.blog.host is bookinfo, the name that the routes of productpage at the gateway have in namespace bookinfo",
        ],
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
        "clients nowhere",
        { ...LOCAL, clients: { curl: true, namespace: "nowhere" } },
        ["clients.namespace is nowhere, which is neither Bookinfo's nor one of namespaces"],
    ],
];

const accepted: Accepted = [
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
    [
        "versions of services that the outside does not ask, under any kind",
        {
            ...LOCAL,
            gateway: { kind: "gateway-api" },
            traffic: { scenario: "reviews-split" },
        },
    ],
];

describe("settings of services", () => {
    asDevStack();

    refuse(refused);
    accept(accepted);
});
