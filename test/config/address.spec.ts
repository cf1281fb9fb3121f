import { strict as assert } from "node:assert";
import { readSettings } from "../../config/load";
import { warningsAbout } from "../../config/warnings";
import { asDevStack, configure, NEW_CLUSTER } from "./settings";
import { accept, refuse, type Accepted, type Refused } from "./tables";

const NETWORK = {
    source: "existing",
    vcnId: "ocid1.vcn.oc1.iad.a",
    subnets: { loadBalancers: "ocid1.subnet.oc1.iad.a" },
    nsgs: { loadBalancers: ["ocid1.networksecuritygroup.oc1.iad.a"] },
};
const EXISTING = { cluster: { source: "existing", id: "ocid1.cluster.oc1.iad.a" }, network: NETWORK };
const LOCAL = { cluster: { source: "kubeconfig" }, "oci:region": undefined };
const NEW_IP = { source: "new" };
const VIEW = "ocid1.dnsview.oc1.iad.v";

const reserved = (reservedIp: unknown, loadBalancer: object = {}) => ({
    ...NEW_CLUSTER,
    gateway: { loadBalancer: { ...loadBalancer, reservedIp } },
});
const dns = (settings: unknown, gateway: object = {}, more: object = {}) => ({
    ...NEW_CLUSTER,
    ...more,
    gateway: { hosts: ["a.example.com"], ...gateway, dns: settings },
});
const ZONE = { zone: "example.com" };
const zoneSays = (found: string) =>
    `gateway.dns.zone is ${JSON.stringify(found)}, must be a zone's name such as example.com, or an OCID that starts with ocid1.dns-zone.`;
const service = (...hosts: string[]) => ({
    namespaces: { shop: {} },
    services: { cart: { namespace: "shop", port: 80, expose: { hosts } } },
});

const refused: Refused = [
    [
        "a public address of a private load balancer",
        reserved(NEW_IP, { internal: true }),
        [
            "gateway.loadBalancer.reservedIp is a public address, but gateway.loadBalancer.internal gives the load balancer a private one only",
        ],
    ],
    [
        "a reserved address without OCI",
        { ...LOCAL, gateway: { loadBalancer: { reservedIp: NEW_IP } } },
        ["gateway.loadBalancer has no effect without network: only OCI's load balancers take these settings"],
    ],
    [
        "a reserved address without a load balancer",
        { ...NEW_CLUSTER, gateway: { serviceType: "NodePort", loadBalancer: { reservedIp: NEW_IP } } },
        ["gateway.loadBalancer has no effect with gateway.serviceType NodePort"],
    ],
    [
        "an address in no compartment",
        { ...EXISTING, gateway: { loadBalancer: { reservedIp: NEW_IP } } },
        ["compartmentId is missing, must be the OCID of the compartment to build in"],
    ],
    [
        "an OCID of something else",
        reserved({ source: "existing", id: "ocid1.privateip.oc1.iad.a" }),
        [
            'gateway.loadBalancer.reservedIp.id is "ocid1.privateip.oc1.iad.a", must be an OCID that starts with ocid1.publicip.',
        ],
    ],
    [
        "an address of another region",
        reserved({ source: "existing", id: "ocid1.publicip.oc1.phx.a" }),
        ["gateway.loadBalancer.reservedIp.id is of region us-phoenix-1, but oci:region is us-ashburn-1"],
    ],
    [
        "an address in place of its OCID",
        reserved("192.0.2.7"),
        ['gateway.loadBalancer.reservedIp is "192.0.2.7", must be a mapping of settings'],
    ],
    [
        "records without OCI",
        { ...LOCAL, gateway: { hosts: ["a.example.com"], dns: ZONE } },
        ["gateway.dns has no address for its records: without network there is no OCI load balancer"],
    ],
    [
        "records without a load balancer",
        dns(ZONE, { serviceType: "ClusterIP" }),
        ["gateway.dns has no address for its records: with gateway.serviceType ClusterIP there is no load balancer"],
    ],
    [
        "no region to sign in to",
        {
            cluster: { source: "kubeconfig" },
            network: NETWORK,
            "oci:region": undefined,
            gateway: { hosts: ["a.example.com"], dns: ZONE },
        },
        ["oci:region is missing, must be a region identifier such as us-ashburn-1"],
    ],
    [
        "a host of another domain",
        dns(ZONE, { hosts: ["a.example.com", "b.example.org"] }),
        ["gateway.hosts[1] is b.example.org, which is not in gateway.dns.zone example.com"],
    ],
    [
        "a domain that only ends alike",
        dns(ZONE, { hosts: ["a.myexample.com"] }),
        ["gateway.hosts[0] is a.myexample.com, which is not in gateway.dns.zone example.com"],
    ],
    [
        "hosts of a service and an add-on in other domains",
        dns(
            ZONE,
            { tls: { certificate: { source: "existing", secretName: "web" } } },
            {
                ...service("*.example.net"),
                addons: { grafana: { enabled: true, host: "grafana.example.org" }, prometheus: { enabled: true } },
            },
        ),
        [
            "services.cart.expose.hosts[0] is *.example.net, which is not in gateway.dns.zone example.com",
            "addons.grafana.host is grafana.example.org, which is not in gateway.dns.zone example.com",
        ],
    ],
    [
        "any host alone",
        dns(ZONE, { hosts: ["*"] }),
        ["gateway.dns has no host to make a record of: `*` and addresses are no names"],
    ],
    [
        "an address alone",
        dns(ZONE, {}, { bookinfo: { enabled: false }, ...service("192.0.2.7") }),
        ["gateway.dns has no host to make a record of: `*` and addresses are no names"],
    ],
    [
        "a view beside the zone's OCID",
        dns({ zone: "ocid1.dns-zone.oc1.iad.z", viewId: VIEW }),
        ["gateway.dns.viewId has no effect with an OCID in gateway.dns.zone: the zone says which view it is in"],
    ],
    ["the OCID of a view as the zone", dns({ zone: VIEW }), [zoneSays(VIEW)]],
    ["a zone with a dot at its end", dns({ zone: "Example.com." }), [zoneSays("Example.com.")]],
    ["a wildcard as the zone", dns({ zone: "*.example.com" }), [zoneSays("*.example.com")]],
    [
        "a zone as a view",
        dns({ ...ZONE, viewId: "ocid1.dns-zone.oc1.iad.z" }),
        ['gateway.dns.viewId is "ocid1.dns-zone.oc1.iad.z", must be an OCID that starts with ocid1.dnsview.'],
    ],
    [
        "no zone",
        dns({}),
        [
            "gateway.dns.zone is missing, must be a zone's name such as example.com, or an OCID that starts with ocid1.dns-zone.",
        ],
    ],
    ["no caching", dns({ ...ZONE, ttl: 0 }), ["gateway.dns.ttl is 0, must be at least 1"]],
    ["caching for months", dns({ ...ZONE, ttl: 6_048_000 }), ["gateway.dns.ttl is 6048000, must be at most 604800"]],
];

const accepted: Accepted = [
    ["a new address", reserved(NEW_IP)],
    ["a new address of a network load balancer", reserved({ ...NEW_IP, protect: true }, { type: "nlb" })],
    ["the zone's own name", dns(ZONE, { hosts: ["example.com"] })],
    ["a wildcard in the zone", dns(ZONE, { hosts: ["*.example.com"] })],
    ["a zone of one label", dns({ zone: "corp", viewId: VIEW }, { hosts: ["shop.corp"] })],
    [
        "any host of a zone that is known by its OCID",
        dns({ zone: "ocid1.dns-zone.oc1..z" }, { hosts: ["a.example.org"] }),
    ],
    ["an address beside a name", dns(ZONE, {}, service("192.0.2.7"))],
];

describe("the rules of addresses and DNS", () => {
    asDevStack();

    refuse(refused);
    accept(accepted);

    const warnings = (settings: Record<string, unknown>) => {
        configure(settings);
        return warningsAbout(readSettings()).filter((text) => text.startsWith("gateway.dns"));
    };
    const internal = { loadBalancer: { internal: true } };

    it("warn of a private address that everybody can look up", () => {
        const published =
            "is public, but the load balancer's address is private: everybody can look it up, and only your networks reach it. For a private zone: pulumi config set --path 'gateway.dns.viewId' '<ocid1.dnsview...>'";
        assert.deepEqual(warnings(dns(ZONE, internal)), [`gateway.dns.zone example.com ${published}`]);
        const zone = "ocid1.dns-zone.oc1..z";
        assert.deepEqual(warnings(dns({ zone }, internal)), [`gateway.dns.zone ${zone} ${published}`]);
    });

    it("do not where the zone is private or the address public", () => {
        assert.deepEqual(warnings(dns({ ...ZONE, viewId: VIEW }, internal)), []);
        assert.deepEqual(warnings(dns({ zone: "ocid1.dns-zone.oc1.iad.z" }, internal)), []);
        assert.deepEqual(warnings(dns(ZONE)), []);
    });

    it("warn of any host, which has no record", () => {
        assert.deepEqual(warnings(dns(ZONE, {}, service("*"))), [
            "gateway.dns makes no record for the host `*`: DNS needs a name.",
        ]);
    });
});
