import { strict as assert } from "node:assert";
import { LOCAL, asDevStack, change, NEW_CLUSTER, problemsIn } from "./settings";
import { accept, refuse, type Accepted, type Refused } from "./tables";

const KEY = "traffic.services.reviews";
const PLACE = `${KEY}.loadBalancer.locality`;
const EJECTS = { consecutive5xxErrors: 5 };
const EXISTING = {
    cluster: { source: "existing", id: "ocid1.cluster.oc1.iad.a" },
    network: {
        source: "existing",
        vcnId: "ocid1.vcn.oc1.iad.a",
        subnets: { loadBalancers: "ocid1.subnet.oc1.iad.a" },
        nsgs: { loadBalancers: ["ocid1.networksecuritygroup.oc1.iad.a"] },
    },
};

const reviews = (locality: unknown, outlierDetection: object | undefined = EJECTS, on: object = LOCAL) => ({
    ...on,
    traffic: { services: { reviews: { loadBalancer: { locality }, outlierDetection } } },
});
const distribute = (from: string, to: Record<string, number>) => ({ distribute: [{ from, to }] });
const FAILOVER = { failover: [{ from: "iad", to: "phx" }] };
const ZONE = "topology.kubernetes.io/zone";
const form = (key: string, found: string) =>
    `${PLACE}.${key} is ${JSON.stringify(found)}, must be region, region/zone or region/zone/subzone, the last of which may be *`;
const priority = (key: string, found: string) =>
    `${PLACE}.${key} is ${JSON.stringify(found)}, must be a label's name, or a name and a value such as version=v1`;

const refused: Refused = [
    // Outlier detection
    ...[FAILOVER, { failoverPriority: [ZONE] }, distribute("iad/*", { "iad/*": 100 })].map(
        (locality): [string, Record<string, unknown>, string[]] => [
            `${Object.keys(locality)[0]} without outlier detection`,
            { ...LOCAL, traffic: { services: { reviews: { loadBalancer: { locality } } } } },
            [`${PLACE} needs ${KEY}.outlierDetection, which detects failing pods`],
        ],
    ),
    [
        "outlier detection that is off",
        reviews(FAILOVER, { consecutive5xxErrors: 0 }),
        [
            `${PLACE} needs ${KEY}.outlierDetection, which is off: ${KEY}.outlierDetection.consecutive5xxErrors is 0, and there is no consecutiveGatewayErrors`,
        ],
    ],
    // Ways
    ["no way at all", reviews({}), [`${PLACE} must have failover, failoverPriority or distribute`]],
    [
        "shares and failover",
        reviews({ ...FAILOVER, ...distribute("iad/*", { "iad/*": 100 }) }),
        [`${PLACE} has distribute and failover: shares apply alone`],
    ],
    [
        "shares and priorities",
        reviews({ failoverPriority: [ZONE], ...distribute("iad/*", { "iad/*": 100 }) }),
        [`${PLACE} has distribute and failoverPriority: shares apply alone`],
    ],
    [
        "failover by region, and a topology label",
        reviews({ ...FAILOVER, failoverPriority: ["version", ZONE] }),
        [`${PLACE}.failoverPriority[1] is ${ZONE}, by which ${PLACE}.failover orders already`],
    ],
    // Failover
    [
        "failover to where it fails",
        reviews({ failover: [{ from: "iad", to: "iad" }] }),
        [`${PLACE}.failover[0].to is iad, the region that failed`],
    ],
    [
        "two failovers from a region",
        reviews({
            failover: [
                { from: "iad", to: "phx" },
                { from: "iad", to: "uk-london-1" },
            ],
        }),
        [`${PLACE}.failover[1].from is iad, as in ${PLACE}.failover[0], which Istio applies alone`],
    ],
    [
        "failover between zones",
        reviews({ failover: [{ from: "iad/a", to: "phx" }] }),
        [`${PLACE}.failover[0].from is "iad/a", must be a region as nodes are labelled, such as iad or uk-london-1`],
    ],
    [
        "failover to any region",
        reviews({ failover: [{ from: "iad", to: "*" }] }),
        [`${PLACE}.failover[0].to is "*", must be a region as nodes are labelled, such as iad or uk-london-1`],
    ],
    [
        "an empty list of failovers",
        reviews({ failover: [] }),
        [`${PLACE}.failover is [], must be a list of at least 1`],
    ],
    // Priorities
    [
        "a label twice",
        reviews({ failoverPriority: ["version=v1", "version=v2"] }),
        [`${PLACE}.failoverPriority[1] is version=v2, a label that is listed twice`],
    ],
    [
        "a label of nodes",
        reviews({ failoverPriority: [ZONE, "oci.oraclecloud.com/fault-domain"] }),
        [
            `${PLACE}.failoverPriority[1] is oci.oraclecloud.com/fault-domain, a label of nodes, which Istio does not compare; give pools of one fault domain the label topology.istio.io/subzone (docs/traffic.md)`,
        ],
    ],
    ["no label", reviews({ failoverPriority: ["a b"] }), [priority("failoverPriority[0]", "a b")]],
    [
        "two values of a label",
        reviews({ failoverPriority: ["version=v1=v2"] }),
        [priority("failoverPriority[0]", "version=v1=v2")],
    ],
    // Shares
    [
        "shares that do not add up",
        reviews(distribute("iad/*", { "iad/*": 80, "phx/*": 10 })),
        [`${PLACE}.distribute[0].to is {"iad/*":80,"phx/*":10}, must be shares that add up to 100`],
    ],
    [
        "an asterisk in the middle",
        reviews(distribute("iad/*/x", { "iad/*": 100 })),
        [form("distribute[0].from", "iad/*/x")],
    ],
    ["an asterisk in a name", reviews(distribute("us-*", { "iad/*": 100 })), [form("distribute[0].from", "us-*")]],
    [
        "more than a subzone",
        reviews(distribute("iad/a/b/*", { "iad/*": 100 })),
        [form("distribute[0].from", "iad/a/b/*")],
    ],
    ["an empty zone", reviews(distribute("iad//b", { "iad/*": 100 })), [form("distribute[0].from", "iad//b")]],
    [
        "everywhere and a region",
        reviews({
            distribute: [
                { from: "*", to: { "iad/*": 100 } },
                { from: "phx/*", to: { "phx/*": 100 } },
            ],
        }),
        [`${PLACE}.distribute[1].from is phx/*, which overlaps * beside it`],
    ],
    // Istio notices this one in the other order only, and takes the shares of either at random.
    [
        "a zone and then all of its region",
        reviews({
            distribute: [
                { from: "iad/a", to: { "iad/*": 100 } },
                { from: "iad/*", to: { "phx/*": 100 } },
            ],
        }),
        [`${PLACE}.distribute[1].from is iad/*, which overlaps iad/a beside it`],
    ],
    [
        "a region and its zone as destinations",
        reviews(distribute("iad/*", { iad: 50, "iad/a": 50 })),
        [`${PLACE}.distribute[0].to is iad/a, which overlaps iad beside it`],
    ],
    // Names on OKE
    [
        "a region by its identifier, where nodes have its key",
        reviews({ failover: [{ from: "us-ashburn-1", to: "us-phoenix-1" }] }, EJECTS, EXISTING),
        [
            `${PLACE}.failover[0].from is us-ashburn-1, but OKE labels nodes iad`,
            `${PLACE}.failover[0].to is us-phoenix-1, but OKE labels nodes phx`,
        ],
    ],
    [
        "a region by its key, where nodes have its identifier",
        reviews(distribute("lhr/*", { "uk-london-1/*": 100 }), EJECTS, NEW_CLUSTER),
        [`${PLACE}.distribute[0].from is lhr/*, but OKE labels nodes uk-london-1/*`],
    ],
    [
        "availability domains as OCI names them",
        reviews(
            distribute("iad/Uocm:US-ASHBURN-AD-1", { "iad/us-ashburn-ad-1": 80, "iad/US-ASHBURN-AD-2": 20 }),
            EJECTS,
            NEW_CLUSTER,
        ),
        [
            `${PLACE}.distribute[0].from is iad/Uocm:US-ASHBURN-AD-1, but OKE labels nodes iad/US-ASHBURN-AD-1`,
            `${PLACE}.distribute[0].to["iad/us-ashburn-ad-1"] is iad/us-ashburn-ad-1, but OKE labels nodes iad/US-ASHBURN-AD-1`,
        ],
    ],
    [
        "a fault domain that no pool has as its subzone",
        reviews(distribute("iad/US-ASHBURN-AD-1/FAULT-DOMAIN-1", { "iad/*": 100 }), EJECTS, NEW_CLUSTER),
        [
            `${PLACE}.distribute[0].from is iad/US-ASHBURN-AD-1/FAULT-DOMAIN-1, but no node pool has the label topology.istio.io/subzone FAULT-DOMAIN-1; OKE sets none (docs/traffic.md)`,
        ],
    ],
];

const withSubzone = change(NEW_CLUSTER, "cluster.nodePools[0].labels", {
    "topology.istio.io/subzone": "FAULT-DOMAIN-1",
});
const accepted: Accepted = [
    ["failover between regions", reviews(FAILOVER, EJECTS, NEW_CLUSTER)],
    ["failover by gateway errors alone", reviews(FAILOVER, { consecutive5xxErrors: 0, consecutiveGatewayErrors: 3 })],
    ["failover and a label of pods", reviews({ ...FAILOVER, failoverPriority: ["version=v1"] })],
    ["priorities by place", reviews({ failoverPriority: ["topology.kubernetes.io/region", ZONE] }, EJECTS, EXISTING)],
    ["shares for everywhere", reviews(distribute("*", { "iad/*": 60, "phx/*": 40 }))],
    [
        "zones apart",
        reviews(
            distribute("uk-london-1/UK-LONDON-1-AD-1", {
                "uk-london-1/UK-LONDON-1-AD-1/*": 80,
                "uk-london-1/UK-LONDON-1-AD-2": 20,
            }),
            EJECTS,
            EXISTING,
        ),
    ],
    ["zones of any cluster", reviews(distribute("eu-west-1/eu-west-1a", { "eu-west-1/*": 100 }))],
    [
        "a subzone that a pool has",
        reviews(distribute("iad/*", { "iad/US-ASHBURN-AD-1/FAULT-DOMAIN-1": 100 }), EJECTS, withSubzone),
    ],
];

describe("the rules of localities", () => {
    asDevStack();

    refuse(refused);
    accept(accepted);

    it("suggest the label that nodes have, with its share", () => {
        const settings = reviews(distribute("*", { "us-ashburn-1/*": 100 }), EJECTS, EXISTING);
        assert.deepEqual(
            problemsIn(settings).flatMap(({ fix }) => fix),
            [
                `pulumi config rm --path '${PLACE}.distribute[0].to["us-ashburn-1/*"]'`,
                `pulumi config set --path '${PLACE}.distribute[0].to["iad/*"]' 100`,
            ],
        );
    });

    it("suggest to take one of two destinations away, not all of them", () => {
        const settings = reviews(distribute("iad/*", { iad: 50, "iad/a": 50 }));
        assert.deepEqual(
            problemsIn(settings).flatMap(({ fix }) => fix),
            [`pulumi config rm --path '${PLACE}.distribute[0].to.<one of the two>'`],
        );
    });
});
