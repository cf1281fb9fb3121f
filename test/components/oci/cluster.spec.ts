import { strict as assert } from "node:assert";
import { Subnet } from "@pulumi/oci/core";
import { nodeCloudInit } from "../../../components/oci/cloudInit";
import { OkeCluster, type OkeClusterArgs } from "../../../components/oci/cluster";
import { Network } from "../../../components/oci/network";
import type { NodePoolSpec } from "../../../components/oci/nodePool";
import { existingNetwork } from "../../../components/oci/okeNetwork";
import { one } from "../../../plan/query";
import { record as recordPlan } from "../../../plan/record/record";
import { record, UNKNOWN, type Recording } from "./support";

const CLUSTER = "oci:ContainerEngine/cluster:Cluster";
const NODE_POOL = "oci:ContainerEngine/nodePool:NodePool";
const ADDON = "oci:ContainerEngine/addon:Addon";

const network = existingNetwork({
    vcnId: "ocid1.vcn.v",
    subnets: {
        apiEndpoint: "ocid1.subnet.api",
        workers: "ocid1.subnet.workers",
        pods: "ocid1.subnet.pods",
        loadBalancers: "ocid1.subnet.lb",
    },
    nsgs: {
        apiEndpoint: ["ocid1.nsg.api"],
        workers: ["ocid1.nsg.workers"],
        pods: ["ocid1.nsg.pods"],
        loadBalancers: ["ocid1.nsg.lb"],
    },
});
const pool: NodePoolSpec = {
    name: "general",
    shape: "VM.Standard.E5.Flex",
    ocpus: 2,
    memoryInGbs: 16,
    size: 3,
    maxPodsPerNode: 31,
    bootVolumeSizeInGbs: 100,
    labels: { team: "mesh" },
    faultDomains: [],
};
const clusterArgs: OkeClusterArgs = {
    compartmentId: "ocid1.compartment.oc1..a",
    displayName: "shop",
    network,
    kubernetesVersion: "v1.34.2",
    cni: "OCI_VCN_IP_NATIVE",
    endpoint: { public: false },
    podsCidr: "10.244.0.0/16",
    servicesCidr: "10.96.0.0/16",
    nodePools: [pool],
    freeformTags: { project: "oke-mesh" },
    definedTags: { "Operations.CostCenter": "42" },
};
const tags = { freeformTags: clusterArgs.freeformTags, definedTags: clusterArgs.definedTags };

function recorded(args: Partial<OkeClusterArgs> = {}, options: { preview?: boolean } = {}): Promise<Recording> {
    return record(() => new OkeCluster("oke", { ...clusterArgs, ...args }), options);
}
const cluster = async (args: Partial<OkeClusterArgs> = {}) => (await recorded(args)).one(CLUSTER, "oke-cluster");
const nodePool = async (spec: Partial<NodePoolSpec> = {}, args: Partial<OkeClusterArgs> = {}) =>
    (await recorded({ ...args, nodePools: [{ ...pool, ...spec }] })).one(NODE_POOL, "oke-general").inputs;

describe("OkeCluster", () => {
    it("is enhanced, private and of the version given", async () => {
        assert.deepEqual((await cluster()).inputs, {
            compartmentId: "ocid1.compartment.oc1..a",
            name: "shop",
            type: "ENHANCED_CLUSTER",
            kubernetesVersion: "v1.34.2",
            vcnId: "ocid1.vcn.v",
            clusterPodNetworkOptions: [{ cniType: "OCI_VCN_IP_NATIVE" }],
            endpointConfig: {
                subnetId: "ocid1.subnet.api",
                isPublicIpEnabled: false,
                nsgIds: ["ocid1.nsg.api"],
            },
            imagePolicyConfig: { isPolicyEnabled: false, keyDetails: [] },
            options: {
                kubernetesNetworkConfig: { servicesCidr: "10.96.0.0/16" },
                serviceLbConfig: tags,
                persistentVolumeConfig: tags,
            },
            ...tags,
        });
    });

    it("passes all optional arguments to the resource", async () => {
        const { inputs } = await cluster({
            type: "BASIC_CLUSTER",
            metricsServer: false,
            endpoint: { public: true },
            cni: "FLANNEL_OVERLAY",
            kmsKeyId: "ocid1.key.k",
            imageSigningKeyIds: ["ocid1.key.s", "ocid1.key.t"],
        });
        assert.equal(inputs.type, "BASIC_CLUSTER");
        assert.equal((inputs.endpointConfig as { isPublicIpEnabled: boolean }).isPublicIpEnabled, true);
        assert.deepEqual(inputs.clusterPodNetworkOptions, [{ cniType: "FLANNEL_OVERLAY" }]);
        assert.equal(inputs.kmsKeyId, "ocid1.key.k");
        assert.deepEqual(inputs.imagePolicyConfig, {
            isPolicyEnabled: true,
            keyDetails: [{ kmsKeyId: "ocid1.key.s" }, { kmsKeyId: "ocid1.key.t" }],
        });
        const { kubernetesNetworkConfig } = inputs.options as { kubernetesNetworkConfig: unknown };
        assert.deepEqual(kubernetesNetworkConfig, { servicesCidr: "10.96.0.0/16", podsCidr: "10.244.0.0/16" });
    });

    // OKE cannot change either in place. A load balancer made private must not cost the cluster.
    it("does not depend on the load balancers' subnet", async () => {
        const { inputs } = await cluster();
        assert.ok(!JSON.stringify(inputs).includes("ocid1.subnet.lb"));
    });

    it("is created before the old one is deleted, so that the mesh can move", async () => {
        const recording = await recorded();
        assert.equal(recording.one(CLUSTER, "oke-cluster").deleteBeforeReplace, false);
        assert.equal(recording.one(NODE_POOL, "oke-general").deleteBeforeReplace, false);
    });

    // `pulumi destroy --skip-preview` deletes what is not protected until it comes to what is.
    it("is protected with its nodes when asked", async () => {
        const names = ({ resources }: Recording) => resources.filter((each) => each.protect).map(({ name }) => name);
        assert.deepEqual(names(await recorded()), []);
        assert.deepEqual(names(await recorded({ protect: true })), ["oke-cluster", "oke-general"]);
    });

    // The engine deletes before a subnet what would be replaced with it, and finds that only in `vcnId`.
    it("is replaced before its endpoint's subnet", async () => {
        const plan = await recordPlan({}, () => {
            const subnet = new Subnet("api", { compartmentId: "c", vcnId: "ocid1.vcn.v" });
            const subnetIds = { ...network.subnetIds, apiEndpoint: subnet.id };
            void new OkeCluster("oke", { ...clusterArgs, network: { ...network, subnetIds } });
        });
        const { propertyDependencies } = one(plan, "Cluster");
        assert.deepEqual(propertyDependencies.vcnId, [one(plan, "Subnet").urn]);
    });

    // An empty list means "no change" to the provider.
    it("always has a label, so that the user's last label can be removed", async () => {
        const { initialNodeLabels } = await nodePool({ labels: {} });
        assert.deepEqual(initialNodeLabels, [{ key: "oke-mesh/pool", value: "general" }]);
    });

    it("gives OKE time: a cluster or a node pool can take half an hour and more", async () => {
        const slow = (await recorded()).resources.filter(({ type }) => type === CLUSTER || type === NODE_POOL);
        assert.deepEqual(
            slow.map(({ createTimeout }) => createTimeout),
            ["60m", "60m"],
        );
    });

    it("says what a network lacks", async () => {
        const lacking = (subnets: Record<string, string>) => {
            const nsgs = { apiEndpoint: [], workers: [], pods: [], loadBalancers: [] };
            const given = { loadBalancers: "ocid1.subnet.lb", ...subnets };
            return { ...clusterArgs, network: existingNetwork({ vcnId: "v", subnets: given, nsgs }) };
        };
        await record(() => {
            assert.throws(() => new OkeCluster("a", lacking({})), /network\.subnetIds\.apiEndpoint is missing/);
            assert.throws(
                () => new OkeCluster("b", lacking({ apiEndpoint: "a" })),
                /network\.subnetIds\.workers is missing/,
            );
            const noPods = lacking({ apiEndpoint: "a", workers: "w" });
            assert.throws(() => new OkeCluster("c", noPods), /network\.subnetIds\.pods is missing/);
            new OkeCluster("d", { ...noPods, cni: "FLANNEL_OVERLAY" });
        });
    });
});

describe("a node pool", () => {
    it("has exactly these inputs", async () => {
        assert.deepEqual(await nodePool(), {
            compartmentId: "ocid1.compartment.oc1..a",
            clusterId: "oke-cluster-id",
            name: "general",
            kubernetesVersion: "v1.34.2",
            nodeShape: "VM.Standard.E5.Flex",
            nodeShapeConfig: { ocpus: 2, memoryInGbs: 16 },
            nodeSourceDetails: {
                sourceType: "IMAGE",
                imageId: "ocid1.image.oc1.iad.x86",
                bootVolumeSizeInGbs: "100",
            },
            nodeConfigDetails: {
                size: 3,
                placementConfigs: [
                    { availabilityDomain: "Uocm:US-ASHBURN-AD-1", subnetId: "ocid1.subnet.workers" },
                    { availabilityDomain: "Uocm:US-ASHBURN-AD-2", subnetId: "ocid1.subnet.workers" },
                ],
                nsgIds: ["ocid1.nsg.workers"],
                nodePoolPodNetworkOptionDetails: {
                    cniType: "OCI_VCN_IP_NATIVE",
                    podSubnetIds: ["ocid1.subnet.pods"],
                    podNsgIds: ["ocid1.nsg.pods"],
                    maxPodsPerNode: 31,
                },
                ...tags,
            },
            nodeMetadata: { user_data: Buffer.from(nodeCloudInit()).toString("base64") },
            initialNodeLabels: [
                { key: "oke-mesh/pool", value: "general" },
                { key: "team", value: "mesh" },
            ],
            nodePoolCyclingDetails: { isNodeCyclingEnabled: false },
            nodeEvictionNodePoolSettings: {
                evictionGraceDuration: "PT15M",
                isForceActionAfterGraceDuration: true,
                isForceDeleteAfterGraceDuration: true,
            },
            ...tags,
        });
    });

    it("has an Arm image for an Arm shape", async () => {
        const inputs = await nodePool({ shape: "VM.Standard.A1.Flex" });
        assert.equal((inputs.nodeSourceDetails as { imageId: string }).imageId, "ocid1.image.oc1.iad.arm");
    });

    it("has no shape configuration for a fixed shape, which OCI would refuse", async () => {
        const inputs = await nodePool({ shape: "VM.Standard2.4", ocpus: undefined, memoryInGbs: undefined });
        assert.equal(inputs.nodeShapeConfig, undefined);
    });

    it("has nothing of VCN-native pods with flannel", async () => {
        const inputs = await nodePool({}, { cni: "FLANNEL_OVERLAY" });
        const { nodePoolPodNetworkOptionDetails } = inputs.nodeConfigDetails as Record<string, unknown>;
        assert.deepEqual(nodePoolPodNetworkOptionDetails, { cniType: "FLANNEL_OVERLAY" });
    });

    it("passes on cycling, fault domains and key", async () => {
        const inputs = await nodePool({
            cycling: { maximumSurge: "50%", maximumUnavailable: "0" },
            faultDomains: ["FAULT-DOMAIN-1"],
            sshPublicKey: "ssh-ed25519 AAAA",
        });
        assert.deepEqual(inputs.nodePoolCyclingDetails, {
            isNodeCyclingEnabled: true,
            maximumSurge: "50%",
            maximumUnavailable: "0",
        });
        const { placementConfigs } = inputs.nodeConfigDetails as { placementConfigs: { faultDomains: string[] }[] };
        assert.deepEqual(
            placementConfigs.map(({ faultDomains }) => faultDomains),
            [["FAULT-DOMAIN-1"], ["FAULT-DOMAIN-1"]],
        );
        assert.equal(inputs.sshPublicKey, "ssh-ed25519 AAAA");
    });

    it("shows in a preview all but the ids", async () => {
        const recording = await recorded({}, { preview: true });
        const { inputs } = recording.one(NODE_POOL, "oke-general");
        assert.equal(inputs.clusterId, UNKNOWN);
        assert.equal((inputs.nodeSourceDetails as { imageId: string }).imageId, "ocid1.image.oc1.iad.x86");
    });
});

describe("lookups of a cluster", () => {
    const tokens = ({ invokes }: Recording) => invokes.map(({ token }) => token.split(":")[2]);

    it("get images and availability domains once, however many pools there are", async () => {
        const nodePools = [pool, { ...pool, name: "arm", shape: "VM.Standard.A1.Flex" }];
        const recording = await recorded({ nodePools });
        assert.deepEqual(tokens(recording).sort(), ["getAvailabilityDomains", "getNodePoolOption"]);
        const options = recording.invokes.find(({ token }) => token.endsWith(":getNodePoolOption"));
        assert.deepEqual(options?.args, {
            nodePoolOptionId: "all",
            compartmentId: "ocid1.compartment.oc1..a",
            nodePoolK8sVersion: "v1.34.2",
        });
    });

    // What lets a plan be made, and a preview be stable, without asking OCI.
    it("are not called if the settings have the answer", async () => {
        const recording = await recorded({
            availabilityDomains: ["Uocm:US-ASHBURN-AD-3"],
            nodePools: [{ ...pool, imageId: "ocid1.image.mine" }],
        });
        assert.deepEqual(recording.invokes, []);
        const { inputs } = recording.one(NODE_POOL, "oke-general");
        const { placementConfigs } = inputs.nodeConfigDetails as { placementConfigs: unknown };
        assert.deepEqual(placementConfigs, [
            { availabilityDomain: "Uocm:US-ASHBURN-AD-3", subnetId: "ocid1.subnet.workers" },
        ]);
        assert.equal((inputs.nodeSourceDetails as { imageId: string }).imageId, "ocid1.image.mine");
    });
});

describe("the order of a cluster's parts", () => {
    let recording: Recording;
    before(async () => {
        recording = await record(() => {
            const made = new Network("network", {
                compartmentId: "ocid1.compartment.oc1..a",
                cidr: "10.0.0.0/16",
                subnets: {
                    apiEndpoint: "10.0.0.0/28",
                    workers: "10.0.1.0/24",
                    loadBalancers: "10.0.2.0/24",
                    bastion: "10.0.3.0/24",
                    pods: "10.0.32.0/19",
                },
                cni: "OCI_VCN_IP_NATIVE",
                endpoint: { public: false, allowedCidrs: [] },
                workerInternetAccess: true,
                listeners: { ports: [80], allowedCidrs: ["0.0.0.0/0"] },
                internalLoadBalancer: false,
            });
            new OkeCluster("oke", { ...clusterArgs, network: made });
        });
    });

    // Nodes that come up without a route or a rule never register, and the pool fails after an hour.
    it("has every gateway, route and rule before the nodes, and keeps them until the nodes are gone", () => {
        const nodes = recording.one(NODE_POOL, "oke-general");
        const parts = recording.resources.filter(({ type }) => type.startsWith("oci:Core/"));
        assert.ok(parts.length > 50, "the whole network is there");
        for (const part of parts) {
            assert.ok(recording.waitsFor(nodes, part), `nodes wait for ${part.name}`);
            assert.ok(
                recording.waitsFor(recording.one(CLUSTER, "oke-cluster"), part),
                `the cluster waits for ${part.name}`,
            );
        }
    });

    it("has the cluster before its nodes, nodes before cert-manager, and that before the metrics server", () => {
        const order = [
            recording.one(CLUSTER, "oke-cluster"),
            recording.one(NODE_POOL, "oke-general"),
            recording.one(ADDON, "oke-CertManager"),
            recording.one(ADDON, "oke-KubernetesMetricsServer"),
        ];
        order.slice(1).forEach((later, index) => assert.ok(recording.waitsFor(later, order[index]!), later.name));
        assert.deepEqual(order[3]!.inputs, {
            clusterId: "oke-cluster-id",
            addonName: "KubernetesMetricsServer",
            removeAddonResourcesOnDelete: true,
        });
    });

    it("leaves the add-ons out when asked", async () => {
        assert.deepEqual((await recorded({ metricsServer: false })).all(ADDON), []);
    });
});
