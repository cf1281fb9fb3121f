import type * as pulumi from "@pulumi/pulumi";
import { withDefaults } from "../defaults";

/** A pod network of OKE: addresses of the VCN for every pod, or an overlay network. */
export type Cni = "OCI_VCN_IP_NATIVE" | "FLANNEL_OVERLAY";

/** Of a network and a cluster that say nothing of it. */
export const DEFAULT_CNI = "OCI_VCN_IP_NATIVE" satisfies Cni;

/** What an OKE cluster and its load balancers need of a network, new or existing. */
export interface OkeNetwork {
    /** OCID of the VCN. */
    vcnId: pulumi.Input<string>;
    /** OCIDs of the subnets, by role. */
    subnetIds: {
        /** Of the Kubernetes API endpoint; a new cluster needs it. @default none */
        apiEndpoint?: pulumi.Input<string>;
        /** Of the nodes; a new cluster needs it. @default none */
        workers?: pulumi.Input<string>;
        /** Of the pods; a new cluster with VCN-native pods needs it. @default none */
        pods?: pulumi.Input<string>;
        /** Of the load balancers of Services. */
        loadBalancers: pulumi.Input<string>;
    };
    /** Network security groups by role; OCI allows up to five on one network interface. */
    nsgIds: {
        /** Of the Kubernetes API endpoint. */
        apiEndpoint: pulumi.Input<string>[];
        /** Of the nodes. */
        workers: pulumi.Input<string>[];
        /** Of the pods, with VCN-native pods. */
        pods: pulumi.Input<string>[];
        /** Of the gateway's load balancer. */
        loadBalancers: pulumi.Input<string>[];
    };
    /** What must exist before anything uses the network, and must be deleted after it. */
    ready: pulumi.Resource[];
}

/** Arguments of `existingNetwork`. */
export interface ExistingNetworkArgs {
    /** OCID of the VCN. */
    vcnId: string;
    /** OCIDs of subnets by role. Nodes and pods need private ones with a route to the Oracle Services Network. */
    subnets: {
        /** Of the Kubernetes API endpoint; a new cluster needs it. @default none */
        apiEndpoint?: string;
        /** Of the nodes; a new cluster needs it. @default none */
        workers?: string;
        /** Of the pods; a new cluster with VCN-native pods needs it. @default none */
        pods?: string;
        /** Of the gateway's load balancer. */
        loadBalancers: string;
    };
    /**
     * OCIDs of network security groups by role, with the rules that OKE needs, unless security lists have them.
     * https://docs.oracle.com/en-us/iaas/Content/ContEng/Concepts/contengnetworkconfig.htm
     */
    nsgs: {
        /** Of the Kubernetes API endpoint. @default none */
        apiEndpoint?: string[];
        /** Of the nodes. @default none */
        workers?: string[];
        /** Of the pods, with VCN-native pods. @default none */
        pods?: string[];
        /** Of the gateway's load balancer; they have to let its listeners through. */
        loadBalancers: string[];
    };
}

/** A network managed outside this stack: named by its OCIDs, never changed. */
export function existingNetwork({ vcnId, subnets, nsgs }: ExistingNetworkArgs): OkeNetwork {
    return {
        vcnId,
        subnetIds: { ...subnets },
        nsgIds: withDefaults(nsgs, { apiEndpoint: [], workers: [], pods: [] }),
        ready: [],
    };
}
