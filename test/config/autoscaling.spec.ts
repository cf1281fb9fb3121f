import { strict as assert } from "node:assert";
import { readSettings } from "../../config/load";
import { warningsAbout } from "../../config/warnings";
import { asDevStack, change, configure, described, NEW_CLUSTER } from "./settings";
import { refuse, type Refused } from "./tables";

const TENANCY = { "oci:tenancyOcid": "ocid1.tenancy.oc1..t" };
const POOL = "cluster.nodePools[0]";
const [workers] = NEW_CLUSTER.cluster.nodePools;

/** A cluster with one pool that grows. */
const grows = (autoscaling: unknown, pool: object = {}, more: object = {}) => ({
    ...change(NEW_CLUSTER, POOL, { ...workers, autoscaling, ...pool }),
    ...TENANCY,
    ...more,
});
const subnets = (workers: string, pods: string) => ({ network: { source: "new", subnets: { workers, pods } } });

const refused: Refused = [
    [
        "no tenancy, in whose home region the policy is written",
        { ...grows({ min: 3, max: 6 }), "oci:tenancyOcid": undefined },
        [
            "oci:tenancyOcid is missing; cluster.nodePools[0].autoscaling needs it, as policies are written in the tenancy's home region",
        ],
    ],
    [
        "a maximum below the minimum",
        grows({ min: 3, max: 2 }),
        ["cluster.nodePools[0].autoscaling.max is 2, below cluster.nodePools[0].autoscaling.min 3"],
    ],
    [
        "a pool that starts too small",
        grows({ min: 4, max: 6 }),
        [
            "cluster.nodePools[0].size is 3, outside of cluster.nodePools[0].autoscaling, 4 to 6: the pool starts with that size",
        ],
    ],
    [
        "a pool that starts too large",
        grows({ min: 1, max: 2 }),
        [
            "cluster.nodePools[0].size is 3, outside of cluster.nodePools[0].autoscaling, 1 to 2: the pool starts with that size",
        ],
    ],
    [
        "no node to run on",
        grows({ min: 0, max: 3 }),
        [
            "cluster.nodePools[0].autoscaling.min is 0, and no other pool keeps a node, which the autoscaler and istiod run on",
        ],
    ],
    [
        "replicas that may end up on one node",
        grows({ min: 1, max: 6 }, {}, { bookinfo: { replicas: 2 } }),
        ["bookinfo.replicas is 2, but the node pools have one node: replicas need nodes to spread over"],
    ],
    [
        "no room for the nodes it may grow to",
        grows({ min: 3, max: 13 }, { cycling: { maximumSurge: "10%" } }, subnets("10.0.1.0/28", "10.0.32.0/19")),
        ["network.subnets.workers is 10.0.1.0/28 with 13 addresses, but the node pools need 15 while they are cycled"],
    ],
    [
        "no room for the pods it may grow to",
        grows({ min: 3, max: 12 }, {}, subnets("10.0.1.0/24", "10.0.32.0/24")),
        ["network.subnets.pods is 10.0.32.0/24 with 253 addresses, but the node pools need 372"],
    ],
    [
        "more pods than its nodes can ever hold",
        grows({ min: 1, max: 2 }, { size: 1, maxPodsPerNode: 10 }),
        ["cluster.nodePools have room for 20 pods, but the cluster's own, the mesh's and Bookinfo's come to 25"],
    ],
    ["half a range", grows({ min: 3 }), ["cluster.nodePools[0].autoscaling.max is missing, must be a number"]],
    ["a range as a text", grows("3-6"), ['cluster.nodePools[0].autoscaling is "3-6", must be a mapping of settings']],
    [
        "a cluster that exists, whose pools are others'",
        {
            "oci:region": "us-ashburn-1",
            cluster: {
                source: "existing",
                id: "ocid1.cluster.oc1.iad.a",
                nodePools: [{ autoscaling: { min: 1, max: 2 } }],
            },
            network: {
                source: "existing",
                vcnId: "ocid1.vcn.oc1.iad.a",
                subnets: { loadBalancers: "ocid1.subnet.oc1.iad.a" },
                nsgs: { loadBalancers: ["ocid1.networksecuritygroup.oc1.iad.a"] },
            },
        },
        ["cluster.nodePools goes with cluster.source new, but cluster.source is existing"],
    ],
    [
        "virtual nodes",
        grows({ min: 3, max: 6 }, { shape: "Pod.Standard.E4.Flex" }),
        [
            "cluster.nodePools[0].shape is Pod.Standard.E4.Flex, a shape of virtual nodes, which cannot run Istio's sidecars; use managed nodes",
        ],
    ],
];

describe("the rules of node pools that grow", () => {
    asDevStack();

    refuse(refused);

    it("accept a pool that may shrink to nothing beside one that stays", () => {
        const nodePools = [workers, { ...workers, name: "batch", size: 0, autoscaling: { min: 0, max: 9 } }];
        assert.deepEqual(described({ ...change(NEW_CLUSTER, "cluster.nodePools", nodePools), ...TENANCY }), []);
    });

    it("warn that a network of another compartment needs a policy of its own", () => {
        const subnet = (name: string) => `ocid1.subnet.oc1.iad.${name}`;
        const network = {
            source: "existing",
            vcnId: "ocid1.vcn.oc1.iad.a",
            subnets: { apiEndpoint: subnet("a"), workers: subnet("w"), pods: subnet("p"), loadBalancers: subnet("l") },
            nsgs: { loadBalancers: ["ocid1.networksecuritygroup.oc1.iad.a"] },
        };
        const about = (settings: Record<string, unknown>) => {
            configure(settings);
            return warningsAbout(readSettings()).filter((text) => text.startsWith("cluster.nodePools grow"));
        };
        assert.equal(about({ ...grows({ min: 3, max: 6 }), network }).length, 1);
        assert.deepEqual(about(grows({ min: 3, max: 6 })), []);
        assert.deepEqual(about({ ...NEW_CLUSTER, network }), []);
    });
});
