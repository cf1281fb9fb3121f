import { strict as assert } from "node:assert";
import { Provider } from "@pulumi/oci/provider";
import { autoscalerStatements } from "../../../components/oci/autoscaler";
import { clusterAlarms } from "../../../components/oci/alarmDefinitions";
import { OkeCluster, type OkeClusterArgs } from "../../../components/oci/cluster";
import type { NodePoolSpec } from "../../../components/oci/nodePool";
import { existingNetwork } from "../../../components/oci/okeNetwork";
import { record } from "./support";

const ADDON = "oci:ContainerEngine/addon:Addon";
const CLUSTER = "oci:ContainerEngine/cluster:Cluster";
const NODE_POOL = "oci:ContainerEngine/nodePool:NodePool";
const POLICY = "oci:Identity/policy:Policy";

const pool = (name: string, autoscaling?: NodePoolSpec["autoscaling"]): NodePoolSpec => ({
    name,
    shape: "VM.Standard.E5.Flex",
    ocpus: 2,
    memoryInGbs: 16,
    size: 3,
    maxPodsPerNode: 31,
    bootVolumeSizeInGbs: 50,
    labels: {},
    faultDomains: [],
    autoscaling,
});
const args: OkeClusterArgs = {
    compartmentId: "ocid1.compartment.oc1..a",
    displayName: "shop",
    network: existingNetwork({
        vcnId: "v",
        subnets: { apiEndpoint: "a", workers: "w", pods: "p", loadBalancers: "l" },
        nsgs: { apiEndpoint: [], workers: [], pods: [], loadBalancers: [] },
    }),
    kubernetesVersion: "v1.34.2",
    cni: "OCI_VCN_IP_NATIVE",
    endpoint: { public: false },
    podsCidr: "10.244.0.0/16",
    servicesCidr: "10.96.0.0/16",
    nodePools: [pool("busy", { min: 2, max: 6 }), pool("still"), pool("batch", { min: 0, max: 9 })],
    freeformTags: { project: "oke-mesh" },
};

const planned = (changes: Partial<OkeClusterArgs> = {}) =>
    record(() => {
        const homeProvider = new Provider("home", { region: "us-ashburn-1" });
        new OkeCluster("oke", { ...args, homeProvider, ...changes });
    });

const statement = (what: string, place = "in compartment id ocid1.compartment.oc1..a") =>
    `allow any-user to ${what} ${place} where all {request.principal.type = 'workload', request.principal.namespace = 'kube-system', request.principal.service_account = 'cluster-autoscaler', request.principal.cluster_id = 'oke-cluster-id'}`;

/** Of Oracle's page, for the compartment of node pools and network. */
const NEEDED = [
    "manage cluster-node-pools",
    "manage instance-family",
    "use subnets",
    "read virtual-network-family",
    "use vnics",
    "inspect compartments",
];

describe("the Cluster Autoscaler", () => {
    it("is an add-on for the pools that grow, and for no other", async () => {
        const { inputs } = (await planned()).one(ADDON, "oke-ClusterAutoscaler");
        assert.deepEqual(inputs, {
            addonName: "ClusterAutoscaler",
            clusterId: "oke-cluster-id",
            removeAddonResourcesOnDelete: true,
            configurations: [
                { key: "authType", value: "workload" },
                { key: "nodes", value: "2:6:oke-busy-id, 0:9:oke-batch-id" },
                { key: "enforceNodeGroupMinSize", value: "true" },
                { key: "skipNodesWithLocalStorage", value: "false" },
                { key: "maxNodeProvisionTime", value: "25m" },
            ],
        });
    });

    it("may do what Oracle documents, as the one workload of this cluster", async () => {
        const recording = await planned();
        const policy = recording.one(POLICY, "oke-autoscaler");
        assert.deepEqual(policy.inputs, {
            compartmentId: "ocid1.compartment.oc1..a",
            name: "shop-autoscaler",
            description: "Lets the Cluster Autoscaler of shop change its node pools",
            statements: NEEDED.map((what) => statement(what)),
            freeformTags: { project: "oke-mesh" },
        });
        assert.match(policy.provider, /::home::/);
        assert.equal(policy.deleteBeforeReplace, true);
    });

    it("is allowed in the tenancy where that is the compartment", () => {
        assert.equal(
            autoscalerStatements("ocid1.tenancy.oc1..t", "oke-cluster-id")[0],
            statement("manage cluster-node-pools", "in tenancy"),
        );
    });

    it("comes after its policy and all pools, and goes before them", async () => {
        const recording = await planned();
        const addOn = recording.one(ADDON, "oke-ClusterAutoscaler");
        for (const earlier of [recording.one(POLICY, "oke-autoscaler"), ...recording.all(NODE_POOL)]) {
            assert.ok(recording.waitsFor(addOn, earlier), earlier.name);
        }
        assert.ok(recording.waitsFor(recording.one(POLICY, "oke-autoscaler"), recording.one(CLUSTER, "oke-cluster")));
    });

    it("alone decides the size of a pool that grows", async () => {
        const recording = await planned();
        const ignored = recording.all(NODE_POOL).map(({ name, ignoreChanges }) => [name, ignoreChanges]);
        assert.deepEqual(ignored, [
            ["oke-busy", ["nodeConfigDetails.size"]],
            ["oke-still", []],
            ["oke-batch", ["nodeConfigDetails.size"]],
        ]);
        const { nodeConfigDetails } = recording.one(NODE_POOL, "oke-busy").inputs as {
            nodeConfigDetails: { size: number };
        };
        assert.equal(nodeConfigDetails.size, 3);
    });

    it("is not there if no pool grows, nor does it need the metrics server", async () => {
        const still = await planned({ nodePools: [pool("still")], homeProvider: undefined });
        const addOns = still.all(ADDON).map(({ name }) => name);
        assert.deepEqual(addOns, ["oke-CertManager", "oke-KubernetesMetricsServer"]);
        assert.deepEqual(still.all(POLICY), []);
        const alone = await planned({ metricsServer: false });
        assert.deepEqual(
            alone.all(ADDON).map(({ name }) => name),
            ["oke-ClusterAutoscaler"],
        );
    });

    it("needs a provider for the home region", async () => {
        await assert.rejects(planned({ homeProvider: undefined }), /homeProvider is missing/);
    });

    it("is in the runbook of pods that find no node", () => {
        const [alarm] = clusterAlarms({ apiServerErrorsPerMinute: 5, nodePools: "the pools", nodeCount: "max" });
        assert.match(alarm?.body ?? "", /raise max in the pools and run pulumi up/);
    });
});
