import { z } from "zod";
import { OKE_CLUSTER_DEFAULTS } from "../../components/oci/cluster";
import { CYCLING_DEFAULTS, NODE_POOL_DEFAULTS } from "../../components/oci/nodePool";
import { DEFAULT_CNI } from "../../components/oci/okeNetwork";
import { allowedCidr, cidr, dnsLabel, labelName, labelValue, ocid } from "./common";
import { availabilityDomain, faultDomain, kubernetesVersion, nodeShare, sshPublicKey } from "./oke";

const nodePool = z.strictObject({
    name: dnsLabel.describe("Name of the pool. Renaming it replaces the pool."),
    shape: z
        .string()
        .min(1)
        .meta({ examples: ["<shape>"] })
        .describe("Compute shape, such as VM.Standard.E5.Flex or VM.Standard.A1.Flex."),
    ocpus: z
        .int()
        .min(1)
        .max(128)
        .meta({ examples: [2] })
        .optional()
        .describe("OCPUs per node. Required for flexible shapes, refused for fixed shapes."),
    memoryInGbs: z
        .number()
        .min(1)
        .max(2048)
        .meta({ examples: [16] })
        .optional()
        .describe("Memory per node in GB. Required for flexible shapes, refused for fixed shapes."),
    size: z
        .int()
        .min(0)
        .max(1000)
        .meta({ examples: [3] })
        .describe(
            "Number of nodes, across all availability domains. With `autoscaling`: when the pool is created; later changes have no effect.",
        ),
    autoscaling: z
        .strictObject({
            min: z
                .int()
                .min(0)
                .max(1000)
                .meta({ examples: [3] })
                .describe("Minimum number of nodes."),
            max: z
                .int()
                .min(1)
                .max(1000)
                .meta({ examples: [6] })
                .describe("Maximum number of nodes. Subnets must have room for them."),
        })
        .optional()
        .describe(
            "Let OKE's Cluster Autoscaler add and remove nodes by what pods request. Needs `oci:tenancyOcid`. Default: `size` nodes.",
        ),
    maxPodsPerNode: z
        .int()
        .min(1)
        .max(110)
        .default(NODE_POOL_DEFAULTS.maxPodsPerNode)
        .describe("Pods per node with VCN-native networking: 31 for each VNIC after the first, 110 at most."),
    bootVolumeSizeInGbs: z
        .int()
        .min(50)
        .max(32768)
        .default(NODE_POOL_DEFAULTS.bootVolumeSizeInGbs)
        .describe("Size of the boot volume in GB."),
    imageId: ocid("image")
        .optional()
        .describe("Node image. Default: the newest OKE image for the Kubernetes version and the shape's architecture."),
    labels: z
        .record(labelName, labelValue)
        .default({})
        .describe("Kubernetes labels of the nodes, in addition to `oke-mesh/pool` with the pool's name."),
    faultDomains: z
        .array(faultDomain)
        .default([])
        .describe("Fault domains to use in each availability domain. Empty: all."),
    cycling: z
        .strictObject({
            maximumSurge: nodeShare
                .default(CYCLING_DEFAULTS.maximumSurge)
                .describe("Nodes added beyond `size` while cycling: a number or a percentage."),
            maximumUnavailable: nodeShare
                .default(CYCLING_DEFAULTS.maximumUnavailable)
                .describe("Nodes that may be missing while cycling: a number or a percentage."),
        })
        .optional()
        .describe(
            "Replace nodes one after another when their version or image changes. Default: existing nodes stay as they are.",
        ),
    sshPublicKey: sshPublicKey
        .optional()
        .describe(
            "SSH key of the nodes, for sessions through the bastion. Removing the setting does not remove the key from the pool: see docs/cluster.md.",
        ),
});

/** Of new clusters. */
export const KUBERNETES_VERSION = "v1.34.2";

const newCluster = z.strictObject({
    source: z.literal("new").describe("Create an OKE cluster with managed node pools."),
    type: z
        .enum(["ENHANCED_CLUSTER", "BASIC_CLUSTER"])
        .default(OKE_CLUSTER_DEFAULTS.type)
        .describe(
            "Kind of cluster. A basic one costs nothing by itself, but has no add-ons, no cycling of nodes and no autoscaler. It can become enhanced in place, and never basic again.",
        ),
    kubernetesVersion: kubernetesVersion
        .default(KUBERNETES_VERSION)
        .describe(
            "Kubernetes version, pinned so that an upgrade is a reviewed change. The Istio version must support it.",
        ),
    cni: z
        .enum(["OCI_VCN_IP_NATIVE", "FLANNEL_OVERLAY"])
        .default(DEFAULT_CNI)
        .describe("Pod networking: addresses of the VCN, or an overlay network. Changing it replaces the cluster."),
    endpoint: z
        .strictObject({
            public: z
                .boolean()
                .default(false)
                .describe(
                    "Whether the Kubernetes API has a public address. A change replaces the cluster on a new network, and is in place on an existing network.",
                ),
            allowedCidrs: z
                .array(allowedCidr)
                .default([])
                .describe("Networks that may reach the Kubernetes API, in addition to nodes, pods and bastion."),
        })
        .prefault({})
        .describe("The Kubernetes API endpoint."),
    podsCidr: cidr
        .default(OKE_CLUSTER_DEFAULTS.podsCidr)
        .describe("Addresses of pods with flannel; not used with VCN-native pods."),
    servicesCidr: cidr.default(OKE_CLUSTER_DEFAULTS.servicesCidr).describe("Addresses of Kubernetes Services."),
    kmsKeyId: ocid("key")
        .optional()
        .describe("Vault key that encrypts Kubernetes Secrets in etcd. Changing it replaces the cluster."),
    imageSigningKeyIds: z
        .array(ocid("key"))
        .max(5)
        .default([])
        .describe(
            "Vault keys of image signatures. If set, nodes run only images signed with one of them, so Istio's and Bookinfo's images must be signed copies.",
        ),
    availabilityDomains: z
        .array(availabilityDomain)
        .max(3)
        .default([])
        .describe("Availability domains for the nodes, such as Uocm:US-ASHBURN-AD-1. Empty: all of the region."),
    nodePools: z.array(nodePool).min(1).describe("Managed node pools. Virtual nodes cannot run Istio."),
    metricsServer: z
        .boolean()
        .default(OKE_CLUSTER_DEFAULTS.metricsServer)
        .describe("OKE's metrics server add-on, with the cert-manager add-on that it needs, for autoscaling."),
    protect: z
        .boolean()
        .default(false)
        .describe("Refuse to delete VCN, subnets, cluster and node pools while this is on."),
});

const existingCluster = z.strictObject({
    source: z
        .literal("existing")
        .describe(
            "Use an existing OKE cluster. Its nodes must have the kernel modules that Istio needs: see docs/cluster.md.",
        ),
    id: ocid("cluster").describe("OCID of the cluster."),
    kubernetesVersion: kubernetesVersion
        .optional()
        .describe("Its Kubernetes version, to check it against the Istio version. Default: not checked."),
    endpoint: z
        .strictObject({
            public: z.boolean().default(false).describe("Use the public address of the Kubernetes API."),
        })
        .prefault({})
        .describe("The Kubernetes API endpoint."),
});

const kubeconfigCluster = z.strictObject({
    source: z.literal("kubeconfig").describe("Use any cluster that a kubeconfig reaches, such as kind."),
    kubeconfig: z
        .string()
        .min(1)
        .meta({ examples: ["~/.kube/config"] })
        .optional()
        .describe(
            "Path of a kubeconfig. Its contents are stored in the stack's state, encrypted. Default: KUBECONFIG or ~/.kube/config on the machine that runs Pulumi.",
        ),
    context: z
        .string()
        .min(1)
        .meta({ examples: ["kind-oke-mesh"] })
        .optional()
        .describe("Context in the kubeconfig. Default: the current context at the time the program runs."),
});

export const clusterSchema = z
    .discriminatedUnion("source", [newCluster, existingCluster, kubeconfigCluster])
    .describe("The Kubernetes cluster of the mesh.");

export type ClusterSettings = z.infer<typeof clusterSchema>;
export type NewClusterSettings = z.infer<typeof newCluster>;
export type ExistingClusterSettings = z.infer<typeof existingCluster>;
export type KubeconfigClusterSettings = z.infer<typeof kubeconfigCluster>;
export type NodePoolSettings = z.infer<typeof nodePool>;
