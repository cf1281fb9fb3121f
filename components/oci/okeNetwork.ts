import type * as pulumi from "@pulumi/pulumi";

/** A pod network of OKE: addresses from the VCN for every pod, or an overlay that the nodes carry. */
export type Cni = "OCI_VCN_IP_NATIVE" | "FLANNEL_OVERLAY";

/** What an OKE cluster and its load balancers need of a network, whoever made it. */
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
    /** Network security groups by role; OCI takes up to five on one network interface. */
    nsgIds: {
        apiEndpoint: pulumi.Input<string>[];
        workers: pulumi.Input<string>[];
        pods: pulumi.Input<string>[];
        loadBalancers: pulumi.Input<string>[];
    };
    /** What must be there before anything uses the network, and must stay until all of that is gone. */
    ready: pulumi.Resource[];
}

export interface ExistingNetworkArgs {
    /** OCID of the VCN. */
    vcnId: string;
    /** OCIDs of subnets by role. Nodes and pods need private ones with a way to the Oracle Services Network. */
    subnets: { apiEndpoint?: string; workers?: string; pods?: string; loadBalancers: string };
    /** OCIDs of network security groups by role, with the rules of docs/network.md or equal ones in security lists. */
    nsgs: { apiEndpoint: string[]; workers: string[]; pods: string[]; loadBalancers: string[] };
}

/** A network that somebody else keeps: named by its OCIDs, changed in nothing. */
export function existingNetwork({ vcnId, subnets, nsgs }: ExistingNetworkArgs): OkeNetwork {
    return { vcnId, subnetIds: { ...subnets }, nsgIds: { ...nsgs }, ready: [] };
}
