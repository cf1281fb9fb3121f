import * as containerengine from "@pulumi/oci/containerengine";
import * as identity from "@pulumi/oci/identity";
import * as pulumi from "@pulumi/pulumi";
import { applyIfGiven } from "../applyIfGiven";
import { Component } from "../component";
import { withDefaults } from "../defaults";
import { autoscalerConfigurations, autoscalerStatements } from "./autoscaler";
import { identityName } from "./names";
import { nodeImages } from "./nodeImage";
import { createNodePool, type NodePoolSpec } from "./nodePool";
import { DEFAULT_CNI, type Cni, type OkeNetwork } from "./okeNetwork";
import type { Tags } from "./tags";
import { wrongArgument } from "../wrongArgument";

/** Oracle's two kinds of clusters, by the names of its API. */
export type ClusterType = "ENHANCED_CLUSTER" | "BASIC_CLUSTER";

/** Arguments of an `OkeCluster`. */
export interface OkeClusterArgs {
    /** OCID of the compartment that owns the cluster and its nodes. Changing it replaces both. */
    compartmentId: pulumi.Input<string>;
    /** Name shown in the console. @default the component's name */
    displayName?: string;
    /**
     * Kind of cluster. A basic one costs nothing by itself, but has no add-ons (`metricsServer: false`), no cycling of nodes, no
     * autoscaler and no service level agreement. It can become enhanced in place, and never basic again.
     * @default "ENHANCED_CLUSTER"
     * https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/contengcomparingenhancedwithbasicclusters_topic.htm
     */
    type?: ClusterType;
    /** The network: needs subnets for the API endpoint and the nodes, and for the pods with VCN-native pods. */
    network: OkeNetwork;
    /**
     * Kubernetes version with its leading v, such as v1.34.2: pinned, the control plane first, then the nodes.
     * https://docs.oracle.com/en-us/iaas/Content/ContEng/Concepts/contengaboutk8sversions.htm
     */
    kubernetesVersion: string;
    /**
     * Pod networking, that of the network. Changing it replaces the cluster. @default "OCI_VCN_IP_NATIVE"
     * https://docs.oracle.com/en-us/iaas/Content/ContEng/Concepts/contengpodnetworking.htm
     */
    cni?: Cni;
    /** The Kubernetes API endpoint. @default private */
    endpoint?: {
        /** Whether it has a public address in addition to its private one. @default false */
        public?: boolean;
    };
    /** Pod addresses with flannel; not used with VCN-native pods. Changing it replaces the cluster. @default "10.244.0.0/16" */
    podsCidr?: string;
    /** Addresses of Kubernetes Services. Changing it replaces the cluster. @default "10.96.0.0/16" */
    servicesCidr?: string;
    /**
     * OCID of the vault key that encrypts Kubernetes Secrets in etcd. Changing it replaces the cluster. @default Oracle's
     * https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/contengencryptingdata.htm
     */
    kmsKeyId?: pulumi.Input<string>;
    /**
     * OCIDs of vault keys, one to five: only images signed with one of them run. @default any image runs
     * https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/contengenforcingsignedimagesfromocir.htm
     */
    imageSigningKeyIds?: pulumi.Input<string>[];
    /** Availability domains for the nodes, such as Uocm:US-ASHBURN-AD-1. @default all of the region, looked up */
    availabilityDomains?: string[];
    /** Managed node pools, one or more. */
    nodePools: NodePoolSpec[];
    /**
     * OKE's metrics server add-on, and cert-manager, which it needs. @default true
     * https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/contengintroducingclusteraddons.htm
     */
    metricsServer?: boolean;
    /**
     * Provider for the tenancy's home region, where policies are written. Required if a node pool has `autoscaling`.
     * @default none
     */
    homeProvider?: pulumi.ProviderResource;
    /** Refuse to delete the cluster and its node pools. @default false */
    protect?: boolean;
    /** Free-form tags of the cluster, its nodes, and the load balancers and volumes that Kubernetes creates. @default none */
    freeformTags?: Tags;
    /** Defined tags of all these resources, `Namespace.Key: value`. @default none */
    definedTags?: Tags;
}

/** A cluster without further arguments. */
export const OKE_CLUSTER_DEFAULTS = {
    type: "ENHANCED_CLUSTER" as ClusterType,
    cni: DEFAULT_CNI,
    podsCidr: "10.244.0.0/16",
    servicesCidr: "10.96.0.0/16",
    metricsServer: true,
    protect: false,
} satisfies Partial<OkeClusterArgs>;

/**
 * An OKE cluster with managed node pools whose nodes can run the mesh.
 *
 * @example
 * ```ts
 * const cluster = new OkeCluster("oke", {
 *     compartmentId,
 *     network: new Network("network", { compartmentId }),
 *     kubernetesVersion: "v1.34.2",
 *     nodePools: [{ name: "general", shape: "VM.Standard.E5.Flex", ocpus: 2, memoryInGbs: 16, size: 3 }],
 * });
 * ```
 */
export class OkeCluster extends Component {
    /** OCID of the cluster. */
    readonly clusterId: pulumi.Output<string>;
    /** The resource whose deletion deletes everything in the cluster. */
    readonly cluster: containerengine.Cluster;
    /** What in-cluster work waits for, and what outlives it: nodes, add-ons and the network. */
    readonly ready: pulumi.Resource[];

    constructor(name: string, given: OkeClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("oci:OkeCluster", name, opts);
        const args = withDefaults(given, OKE_CLUSTER_DEFAULTS);
        const { compartmentId, network, kubernetesVersion, cni, freeformTags, definedTags } = args;
        if (args.type === "BASIC_CLUSTER" && args.metricsServer) {
            throw wrongArgument("metricsServer", "must be false: a BASIC_CLUSTER has no add-ons");
        }
        const { apiEndpoint } = network.subnetIds;
        if (apiEndpoint === undefined) {
            throw wrongArgument("network.subnetIds.apiEndpoint", "is missing; a new cluster needs it");
        }
        const tags = { freeformTags, definedTags };
        const signingKeys = args.imageSigningKeyIds ?? [];

        this.cluster = new containerengine.Cluster(
            `${name}-cluster`,
            {
                compartmentId,
                name: args.displayName ?? name,
                type: args.type,
                kubernetesVersion,
                vcnId: vcnOfEndpoint(network.vcnId, apiEndpoint),
                clusterPodNetworkOptions: [{ cniType: cni }],
                endpointConfig: {
                    subnetId: apiEndpoint,
                    isPublicIpEnabled: args.endpoint?.public ?? false,
                    nsgIds: network.nsgIds.apiEndpoint,
                },
                kmsKeyId: args.kmsKeyId,
                // Always set: if omitted, a policy that was on would stay on.
                imagePolicyConfig: {
                    isPolicyEnabled: signingKeys.length > 0,
                    keyDetails: signingKeys.map((kmsKeyId) => ({ kmsKeyId })),
                },
                // No `serviceLbSubnetIds`: the gateway's Service names its subnet itself, and a default that cannot be
                // changed would replace the cluster whenever the load balancers' subnet is replaced.
                options: {
                    kubernetesNetworkConfig: {
                        servicesCidr: args.servicesCidr,
                        podsCidr: cni === "FLANNEL_OVERLAY" ? args.podsCidr : undefined,
                    },
                    serviceLbConfig: tags,
                    persistentVolumeConfig: tags,
                },
                ...tags,
            },
            {
                // Nodes register as soon as the cluster exists, over routes and rules that must exist by then.
                ...this.after(...network.ready),
                protect: args.protect,
                // With an explicit name the provider would delete before it replaces. Names may repeat, and the mesh
                // can move to the new cluster before the old one is deleted.
                deleteBeforeReplace: false,
                customTimeouts: { create: "60m", update: "2h", delete: "60m" },
            },
        );
        this.clusterId = this.cluster.id;

        const images = args.nodePools.every(({ imageId }) => imageId !== undefined)
            ? undefined
            : nodeImages({ compartmentId, kubernetesVersion }, { parent: this });
        const availabilityDomains = args.availabilityDomains?.length
            ? args.availabilityDomains
            : applyIfGiven(
                  identity.getAvailabilityDomainsOutput({ compartmentId }, { parent: this }).availabilityDomains,
                  (domains) => domains.map((domain) => domain.name),
              );
        const shared = { compartmentId, clusterId: this.clusterId, kubernetesVersion, cni, network };
        const context = { ...shared, ...tags, availabilityDomains, images };
        const nodePools = args.nodePools.map((spec) =>
            createNodePool(`${name}-${spec.name}`, spec, context, {
                ...this.childOptions,
                // `pulumi destroy --skip-preview` deletes pools before it reaches the cluster, and refuses only there.
                protect: args.protect,
            }),
        );
        if (args.metricsServer) {
            const certManager = this.addOn(name, "CertManager", nodePools);
            this.addOn(name, "KubernetesMetricsServer", [...nodePools, certManager]);
        }
        this.autoscale(name, args, nodePools);

        this.ready = [...network.ready, this];
        this.registerOutputs({ clusterId: this.clusterId });
    }

    /** An add-on's pods need nodes, and the metrics server needs a certificate. */
    private addOn(
        name: string,
        addonName: string,
        after: pulumi.Resource[],
        configurations?: containerengine.AddonArgs["configurations"],
    ): pulumi.Resource {
        return new containerengine.Addon(
            `${name}-${addonName}`,
            { clusterId: this.clusterId, addonName, removeAddonResourcesOnDelete: true, configurations },
            {
                ...this.after(...after),
                deletedWith: this.cluster,
                customTimeouts: { create: "30m", update: "30m", delete: "30m" },
            },
        );
    }

    /** The Cluster Autoscaler for the pools that grow, and its policy, which it needs from the start. */
    private autoscale(name: string, args: OkeClusterArgs, nodePools: containerengine.NodePool[]): void {
        const growing = args.nodePools.flatMap(({ autoscaling }, index) =>
            autoscaling ? [{ ...autoscaling, id: nodePools[index]!.id }] : [],
        );
        if (growing.length === 0) {
            return;
        }
        const { compartmentId, displayName = name, homeProvider, freeformTags, definedTags } = args;
        if (homeProvider === undefined) {
            throw wrongArgument(
                "homeProvider",
                "is missing, and a node pool has autoscaling: its policy is written there",
            );
        }
        const policy = new identity.Policy(
            `${name}-autoscaler`,
            {
                compartmentId,
                name: identityName(`${displayName}-autoscaler`),
                description: `Lets the Cluster Autoscaler of ${displayName} change its node pools`,
                statements: pulumi
                    .all([compartmentId, this.clusterId])
                    .apply(([compartment, cluster]) => autoscalerStatements(compartment, cluster)),
                freeformTags,
                definedTags,
            },
            { ...this.childOptions, provider: homeProvider, deleteBeforeReplace: true }, // Names are unique.
        );
        const configurations = pulumi.all(growing).apply(autoscalerConfigurations);
        this.addOn(name, "ClusterAutoscaler", [...nodePools, policy], configurations);
    }
}

/**
 * The VCN, known no earlier than the endpoint's subnet: so a new subnet means a new `vcnId`, which replaces the cluster.
 *
 * A cluster cannot change its subnet: the provider replaces it for `endpointConfig.subnetId`. But when the engine determines
 * what must be deleted before a subnet that is deleted first, all of `endpointConfig` is unknown, and the provider
 * sees no change: the subnet's deletion fails with 409 while the cluster is in it.
 * https://github.com/oracle/terraform-provider-oci/blob/master/internal/service/containerengine/containerengine_cluster_resource.go
 */
function vcnOfEndpoint(vcnId: pulumi.Input<string>, subnetId: pulumi.Input<string>): pulumi.Output<string> {
    return pulumi.all([vcnId, subnetId]).apply(([vcn]) => vcn);
}
