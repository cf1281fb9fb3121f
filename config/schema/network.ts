import { z } from "zod";
import { NETWORK_DEFAULTS } from "../../components/oci/network";
import { NETWORK_RANGES } from "../../components/oci/networkRanges";
import { allowedCidr, cidr, ocid } from "./common";

const newNetwork = z.strictObject({
    source: z.literal("new").describe("Create a VCN with gateways, route tables, subnets and NSGs."),
    cidr: cidr.default(NETWORK_DEFAULTS.cidr).describe("Address range of the VCN. It contains every subnet."),
    subnets: z
        .strictObject({
            apiEndpoint: cidr.default(NETWORK_RANGES.apiEndpoint).describe("Kubernetes API endpoint."),
            workers: cidr.default(NETWORK_RANGES.workers).describe("Worker nodes, one address each. Always private."),
            loadBalancers: cidr.default(NETWORK_RANGES.loadBalancers).describe("Load balancers of gateway Services."),
            bastion: cidr.default(NETWORK_RANGES.bastion).describe("OCI Bastion. Created only with `network.bastion`."),
            pods: cidr
                .default(NETWORK_RANGES.pods)
                .describe("Pods, one address each. Created only with VCN-native pod networking. Always private."),
        })
        .prefault({})
        .describe("Address range of each subnet. The defaults follow Oracle's example for VCN-native pods."),
    bastion: z
        .strictObject({
            allowedCidrs: z.array(allowedCidr).min(1).describe("Networks that may open bastion sessions, 20 at most."),
        })
        .optional()
        .describe("OCI Bastion for sessions to the API endpoint and the nodes. Default: none."),
    oracleServices: z
        .strictObject({
            id: ocid("service").describe("OCID of the service."),
            cidrLabel: z
                .string()
                .regex(
                    /^all-[a-z0-9-]+-services-in-oracle-services-network$/,
                    "such as all-iad-services-in-oracle-services-network",
                )
                .describe("Its CIDR label."),
        })
        .optional()
        .describe(
            "`All <region> Services In Oracle Services Network`, for the service gateway. Default: looked up in the region.",
        ),
    workerInternetAccess: z
        .boolean()
        .default(NETWORK_DEFAULTS.workerInternetAccess)
        .describe(
            "Nodes and pods reach the internet through the NAT gateway. Required to pull images from Docker Hub; turn it off if images are in OCIR.",
        ),
});

const existingNetwork = z.strictObject({
    source: z.literal("existing").describe("Use an existing network. Nothing in it is changed."),
    vcnId: ocid("vcn").describe("OCID of the VCN."),
    subnets: z
        .strictObject({
            apiEndpoint: ocid("subnet").optional().describe("Required for a new cluster."),
            workers: ocid("subnet").optional().describe("Required for a new cluster."),
            pods: ocid("subnet").optional().describe("Required for a new cluster with VCN-native pod networking."),
            loadBalancers: ocid("subnet").describe("Subnet of the gateway's load balancer."),
        })
        .describe("Subnets by role."),
    nsgs: z
        .strictObject({
            apiEndpoint: z
                .array(ocid("networksecuritygroup"))
                .max(5)
                .default([])
                .describe("NSGs of the Kubernetes API endpoint."),
            workers: z.array(ocid("networksecuritygroup")).max(5).default([]).describe("NSGs of the nodes."),
            pods: z.array(ocid("networksecuritygroup")).max(5).default([]).describe("NSGs of the pods (VCN-native)."),
            loadBalancers: z
                .array(ocid("networksecuritygroup"))
                .min(1)
                .max(5)
                .describe("NSGs of the gateway's load balancer; they must allow its listener ports."),
        })
        .describe("Network security groups by role."),
});

export const networkSchema = z
    .discriminatedUnion("source", [newNetwork, existingNetwork])
    .describe(
        "The VCN of the cluster and of the gateway's load balancer. Default: none (`cluster.source: kubeconfig` only).",
    );

export type NetworkSettings = z.infer<typeof networkSchema>;
export type NewNetworkSettings = z.infer<typeof newNetwork>;
export type ExistingNetworkSettings = z.infer<typeof existingNetwork>;
