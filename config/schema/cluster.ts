import { z } from "zod";
import { allowedCidr, cidr, dnsLabel, labelName, labelValue, ocid } from "./common";
import { availabilityDomain, faultDomain, kubernetesVersion, nodeShare, sshPublicKey } from "./oke";

const nodePool = z.strictObject({
    name: dnsLabel.describe("Part of the pool's identity in the stack: renaming replaces its nodes."),
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
        .describe("OCPUs per node. Needed for flexible shapes, refused for fixed ones."),
    memoryInGbs: z
        .number()
        .min(1)
        .max(2048)
        .meta({ examples: [16] })
        .optional()
        .describe("Memory per node in GB. Needed for flexible shapes, refused for fixed ones."),
    size: z
        .int()
        .min(0)
        .max(1000)
        .meta({ examples: [3] })
        .describe("Nodes, over all availability domains."),
    maxPodsPerNode: z
        .int()
        .min(1)
        .max(110)
        .default(31)
        .describe("Pods per node with VCN-native networking: 31 for each VNIC after the first, 110 at most."),
    bootVolumeSizeInGbs: z.int().min(50).max(32768).default(50).describe("Boot volume in GB."),
    imageId: ocid("image")
        .optional()
        .describe(
            "Node image. Left out: the newest OKE image for the Kubernetes version and the shape's architecture.",
        ),
    labels: z
        .record(labelName, labelValue)
        .default({})
        .describe("Kubernetes labels of the nodes, besides `oke-mesh/pool` with the pool's name."),
    faultDomains: z
        .array(faultDomain)
        .default([])
        .describe("Fault domains to use in each availability domain. Empty: all."),
    cycling: z
        .strictObject({
            maximumSurge: nodeShare
                .default("1")
                .describe("Nodes added beyond `size` while cycling: a number or a percentage."),
            maximumUnavailable: nodeShare
                .default("0")
                .describe("Nodes that may be missing while cycling: a number or a percentage."),
        })
        .optional()
        .describe(
            "Replace nodes one after another when their version or image changes. Left out: existing nodes stay as they are.",
        ),
    sshPublicKey: sshPublicKey
        .optional()
        .describe(
            "Key for logging in to the nodes through the bastion. Leaving it out later does not take it from the pool: see docs/cluster.md.",
        ),
});

/** Of new clusters. */
export const KUBERNETES_VERSION = "v1.34.2";
export const PODS_CIDR = "10.244.0.0/16";

const newCluster = z.strictObject({
    source: z.literal("new").describe("Make an enhanced OKE cluster with managed node pools."),
    kubernetesVersion: kubernetesVersion
        .default(KUBERNETES_VERSION)
        .describe("Pinned, so that an upgrade is a change you review. Must be one that the Istio version supports."),
    cni: z
        .enum(["OCI_VCN_IP_NATIVE", "FLANNEL_OVERLAY"])
        .default("OCI_VCN_IP_NATIVE")
        .describe("Pod networking: addresses from the VCN, or an overlay. Changing it replaces the cluster."),
    endpoint: z
        .strictObject({
            public: z
                .boolean()
                .default(false)
                .describe(
                    "Whether the Kubernetes API has a public address. Changing it replaces the cluster on a new network; on an existing one it is done in place.",
                ),
            allowedCidrs: z
                .array(allowedCidr)
                .default([])
                .describe("Networks that may reach the Kubernetes API besides the nodes, pods and bastion."),
        })
        .prefault({})
        .describe("The Kubernetes API endpoint."),
    podsCidr: cidr.default(PODS_CIDR).describe("Pod addresses with flannel; unused with VCN-native pods."),
    servicesCidr: cidr.default("10.96.0.0/16").describe("Addresses of Kubernetes Services."),
    kmsKeyId: ocid("key")
        .optional()
        .describe("Vault key that encrypts Kubernetes Secrets in etcd. Changing it replaces the cluster."),
    imageSigningKeyIds: z
        .array(ocid("key"))
        .max(5)
        .default([])
        .describe(
            "Vault keys of image signatures. Given: only images signed with one of them run, so Istio's and Bookinfo's must be signed copies.",
        ),
    availabilityDomains: z
        .array(availabilityDomain)
        .max(3)
        .default([])
        .describe(
            "Availability domains for the nodes, such as Uocm:US-ASHBURN-AD-1. Empty: all of the region, looked up.",
        ),
    nodePools: z.array(nodePool).min(1).describe("Managed node pools. Virtual nodes cannot run Istio."),
    metricsServer: z
        .boolean()
        .default(true)
        .describe("OKE's metrics server add-on (with cert-manager, which it needs), for autoscaling."),
    protect: z
        .boolean()
        .default(false)
        .describe("Refuse to delete VCN, subnets, cluster and node pools until this is off again."),
});

const existingCluster = z.strictObject({
    source: z
        .literal("existing")
        .describe(
            "Use an OKE cluster that exists. Its nodes must have the kernel modules Istio needs: see docs/cluster.md.",
        ),
    id: ocid("cluster").describe("The cluster."),
    kubernetesVersion: kubernetesVersion
        .optional()
        .describe("What it runs, for checking against the Istio version. Left out: not checked."),
    endpoint: z
        .strictObject({
            public: z.boolean().default(false).describe("Reach the Kubernetes API at its public address."),
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
            "Path of a kubeconfig, whose contents are kept in the stack's state, encrypted. Left out: KUBECONFIG or ~/.kube/config, read wherever Pulumi runs.",
        ),
    context: z
        .string()
        .min(1)
        .meta({ examples: ["kind-oke-mesh"] })
        .optional()
        .describe("Context in it. Left out: its current context, whatever that is when the program runs."),
});

export const clusterSchema = z
    .discriminatedUnion("source", [newCluster, existingCluster, kubeconfigCluster])
    .describe("The Kubernetes cluster that carries the mesh.");

export type ClusterSettings = z.infer<typeof clusterSchema>;
export type NewClusterSettings = z.infer<typeof newCluster>;
export type ExistingClusterSettings = z.infer<typeof existingCluster>;
export type KubeconfigClusterSettings = z.infer<typeof kubeconfigCluster>;
export type NodePoolSettings = z.infer<typeof nodePool>;
