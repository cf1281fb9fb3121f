import type * as pulumi from "@pulumi/pulumi";

/** A pod network of OKE: addresses of the VCN for every pod, or an overlay network. */
export type Cni = "OCI_VCN_IP_NATIVE" | "FLANNEL_OVERLAY";

/** What an OKE cluster and its load balancers need of a network, new or existing. */
export interface OkeNetwork {
    vcnId: pulumi.Input<string>;
    subnetIds: {
        /** Of the Kubernetes API endpoint. There for a new cluster. */
        apiEndpoint?: pulumi.Input<string>;
        /** Of the nodes. There for a new cluster. */
        workers?: pulumi.Input<string>;
        /** Of the pods. There for a new cluster with VCN-native pods. */
        pods?: pulumi.Input<string>;
        loadBalancers: pulumi.Input<string>;
    };
    /** Network security groups by role; OCI allows up to five on one network interface. */
    nsgIds: {
        apiEndpoint: pulumi.Input<string>[];
        workers: pulumi.Input<string>[];
        pods: pulumi.Input<string>[];
        loadBalancers: pulumi.Input<string>[];
    };
    /** What must exist before anything uses the network, and must be deleted after it. */
    ready: pulumi.Resource[];
}

export interface ExistingNetworkArgs {
    /** OCID of the VCN. */
    vcnId: string;
    /** OCIDs of subnets by role. Nodes and pods need private ones with a route to the Oracle Services Network. */
    subnets: { apiEndpoint?: string; workers?: string; pods?: string; loadBalancers: string };
    /** OCIDs of network security groups by role, with the rules of docs/network.md or equal ones in security lists. */
    nsgs: { apiEndpoint: string[]; workers: string[]; pods: string[]; loadBalancers: string[] };
}

/** A network managed outside this stack: named by its OCIDs, never changed. */
export function existingNetwork({ vcnId, subnets, nsgs }: ExistingNetworkArgs): OkeNetwork {
    return { vcnId, subnetIds: { ...subnets }, nsgIds: { ...nsgs }, ready: [] };
}
