import { ONLY_IN_PROD, type ResourceRule } from "../rule";

const PROTECTED = ["oci:Core/vcn:Vcn", "oci:ContainerEngine/cluster:Cluster", "oci:ContainerEngine/nodePool:NodePool"];

export const protectedCluster: ResourceRule = {
    name: "protected-cluster",
    description: "VCN, cluster and node pools are protected from deletion",
    reason: "A change of one setting can replace a cluster, and everything in it is lost.",
    levels: ONLY_IN_PROD,
    check({ type, protect }) {
        return PROTECTED.includes(type) && !protect ? ["is not protected: set cluster.protect to true"] : [];
    },
};

export const encryptedCluster: ResourceRule = {
    name: "encrypted-cluster",
    description: "Kubernetes Secrets are encrypted with a Vault key of your own",
    reason: "Only with your own key can you revoke it, rotate it and see who used it. It cannot be added later: a change replaces the cluster.",
    levels: ONLY_IN_PROD,
    check({ type, inputs }) {
        return type === "oci:ContainerEngine/cluster:Cluster" && inputs.kmsKeyId === undefined
            ? ["encrypts Secrets with Oracle's key: name your own in cluster.kmsKeyId"]
            : [];
    },
};
