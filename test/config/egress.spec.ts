import { strict as assert } from "node:assert";
import { setCommand } from "../../config/problems";
import { asDevStack, LOCAL, problemsIn } from "./settings";
import { accept, refuse, type Accepted, type Refused } from "./tables";

const egress = (settings: object, more: object = {}) => ({ ...LOCAL, egress: settings, ...more });
const api = (service: object) => egress({ services: { api: { hosts: ["api.example.com"], ...service } } });
const HTTP = [{ port: 80, protocol: "HTTP" }];

/** Wrong settings of egress, and what is said of each. */
const refused: Refused = [
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

const accepted: Accepted = [
    ["any name below one, encrypted by its caller", egress({ services: { api: { hosts: ["*.example.com"] } } })],
];

describe("settings of egress", () => {
    asDevStack();

    refuse(refused);
    accept(accepted);

    // The example of the setting would let a whole network of the cluster past the sidecars.
    it("fix an address by the network of that address", () => {
        const [first, second] = problemsIn(egress({ bypass: { cidrs: ["203.0.113.1", "203.0.113.1/24"] } }));
        assert.deepEqual(first?.fix, [setCommand("egress.bypass.cidrs[0]", "203.0.113.1/32")]);
        assert.deepEqual(second?.fix, [setCommand("egress.bypass.cidrs[1]", "203.0.113.0/24")]);
    });
});
