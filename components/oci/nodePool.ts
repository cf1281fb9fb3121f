import * as containerengine from "@pulumi/oci/containerengine";
import * as pulumi from "@pulumi/pulumi";
import { applyIfGiven } from "../applyIfGiven";
import { withDefaults } from "../defaults";
import type { PoolRange } from "./autoscaler";
import { nodeCloudInit } from "./cloudInit";
import { architectureOf, newestImage, type NodeImage } from "./nodeImage";
import type { Cni, OkeNetwork } from "./okeNetwork";
import type { Tags } from "./tags";
import { wrongArgument } from "../wrongArgument";

/** What a user says about one managed node pool. */
export interface NodePoolSpec {
    /** Name in the cluster and part of the logical name: a new name creates new nodes, then deletes the old ones. */
    name: string;
    /** Compute shape, such as VM.Standard.E5.Flex or VM.Standard.A1.Flex. */
    shape: string;
    /** OCPUs per node, which flexible shapes need. @default those of a fixed shape */
    ocpus?: number;
    /** Memory per node in GB, which flexible shapes need. @default that of a fixed shape */
    memoryInGbs?: number;
    /** Nodes, over all availability domains. Of a pool with `autoscaling`: those that it starts with. */
    size: number;
    /** Let OKE's Cluster Autoscaler decide how many nodes there are. @default `size` does */
    autoscaling?: PoolRange;
    /**
     * Pods per node with VCN-native pods: 31 for each network interface after the first, 110 at most. @default 31
     * https://docs.oracle.com/en-us/iaas/Content/ContEng/Concepts/contengpodnetworking_topic-OCI_CNI_plugin.htm
     */
    maxPodsPerNode?: number;
    /** Boot volume in GB, from 50. @default 50 */
    bootVolumeSizeInGbs?: number;
    /** OCID of the node image. @default the newest OKE image for the Kubernetes version and the architecture */
    imageId?: pulumi.Input<string>;
    /** Kubernetes labels that new nodes get, besides `oke-mesh/pool` with the pool's name. @default none */
    labels?: Record<string, string>;
    /** Fault domains to use in each availability domain, such as FAULT-DOMAIN-1. @default all */
    faultDomains?: string[];
    /**
     * Replace nodes when their version, image or settings change: how many more or fewer there may be meanwhile, as a
     * number or a percentage. @default nodes that exist stay as they are
     * https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/contengupgradingimageworkernode_topic-Cycling_an_existing_node_pool.htm
     */
    cycling?: {
        /** Nodes beyond `size`, as a number or a percentage such as `25%`. @default "1" */
        maximumSurge?: string;
        /** Nodes that may be missing, as a number or a percentage. @default "0" */
        maximumUnavailable?: string;
    };
    /** OpenSSH public key for logging in. Removing it later does not remove it from the pool. @default none */
    sshPublicKey?: pulumi.Input<string>;
}

/** A node pool without further arguments. */
export const NODE_POOL_DEFAULTS = {
    maxPodsPerNode: 31,
    bootVolumeSizeInGbs: 50,
    labels: {},
    faultDomains: [],
} satisfies Partial<NodePoolSpec>;

/** How a pool whose nodes are replaced goes about it. */
export const CYCLING_DEFAULTS = { maximumSurge: "1", maximumUnavailable: "0" } satisfies NodePoolSpec["cycling"];

/** Label of the nodes of a pool: its name. */
const POOL_LABEL = "oke-mesh/pool";

/** What all node pools of a cluster share. */
export interface NodePoolSurroundings {
    compartmentId: pulumi.Input<string>;
    clusterId: pulumi.Input<string>;
    kubernetesVersion: string;
    cni: Cni;
    /** Must have a subnet for workers, and one for pods with VCN-native pods. */
    network: OkeNetwork;
    availabilityDomains: pulumi.Input<string[]>;
    /** Images to choose from. Set if a pool names none. */
    images?: pulumi.Output<NodeImage[]>;
    freeformTags?: Tags;
    definedTags?: Tags;
}

/** A managed node pool whose nodes can run the mesh. Virtual nodes cannot. */
export function createNodePool(
    name: string,
    given: NodePoolSpec,
    context: NodePoolSurroundings,
    opts: pulumi.CustomResourceOptions,
): containerengine.NodePool {
    const spec = withDefaults(given, NODE_POOL_DEFAULTS);
    const { network, kubernetesVersion, freeformTags, definedTags } = context;
    const need = { kubernetesVersion, architecture: architectureOf(spec.shape) };
    const imageId =
        spec.imageId ??
        (context.images && applyIfGiven(context.images, (images) => newestImage(images, need, opts.parent)));
    const { workers } = network.subnetIds;
    if (spec.shape.endsWith(".Flex") && spec.ocpus === undefined) {
        throw missing("ocpus", spec);
    }
    if (imageId === undefined) {
        throw missing("imageId", spec);
    }
    if (workers === undefined) {
        throw missing("network.subnetIds.workers", spec);
    }
    return new containerengine.NodePool(
        name,
        {
            compartmentId: context.compartmentId,
            clusterId: context.clusterId,
            name: spec.name,
            kubernetesVersion,
            nodeShape: spec.shape,
            nodeShapeConfig:
                spec.ocpus === undefined && spec.memoryInGbs === undefined
                    ? undefined
                    : { ocpus: spec.ocpus, memoryInGbs: spec.memoryInGbs },
            nodeSourceDetails: {
                sourceType: "IMAGE",
                imageId,
                bootVolumeSizeInGbs: String(spec.bootVolumeSizeInGbs),
            },
            nodeConfigDetails: {
                size: spec.size,
                placementConfigs: placements(context.availabilityDomains, workers, spec.faultDomains),
                nsgIds: network.nsgIds.workers,
                nodePoolPodNetworkOptionDetails: podNetwork(spec, context),
                freeformTags,
                definedTags,
            },
            nodeMetadata: { user_data: Buffer.from(nodeCloudInit()).toString("base64") },
            // Never empty: the provider treats an empty list as "no change", so the last label could not be removed.
            initialNodeLabels: Object.entries({ [POOL_LABEL]: spec.name, ...spec.labels }).map(([key, value]) => ({
                key,
                value,
            })),
            sshPublicKey: spec.sshPublicKey,
            // Always set: an omitted value keeps its previous one, and cycling could not be turned off again.
            nodePoolCyclingDetails: {
                isNodeCyclingEnabled: spec.cycling !== undefined,
                ...(spec.cycling && withDefaults(spec.cycling, CYCLING_DEFAULTS)),
            },
            // Pods get time to move. After that a PodDisruptionBudget that allows no eviction (istiod's, with one replica)
            // cannot block an upgrade or `pulumi destroy` forever.
            nodeEvictionNodePoolSettings: {
                evictionGraceDuration: "PT15M",
                isForceActionAfterGraceDuration: true,
                isForceDeleteAfterGraceDuration: true,
            },
            freeformTags,
            definedTags,
        },
        {
            ...opts,
            // The autoscaler's alone from then on. The provider sends a size only where it has changed.
            ignoreChanges: spec.autoscaling ? ["nodeConfigDetails.size"] : [],
            // With an explicit name the provider would delete before it replaces. Names may repeat, and pods should move.
            deleteBeforeReplace: false,
            // Cycling replaces a pool's nodes one after another, with up to 15 minutes of eviction for each.
            customTimeouts: { create: "60m", update: "8h", delete: "60m" },
        },
    );
}

/** One placement for each availability domain, as data: how many there are decides nothing about what exists. */
function placements(domains: pulumi.Input<string[]>, subnetId: pulumi.Input<string>, faultDomains: string[]) {
    const faults = faultDomains.length > 0 ? { faultDomains } : {};
    const place = (availabilityDomain: string) => ({ availabilityDomain, subnetId, ...faults });
    return Array.isArray(domains)
        ? domains.map(place)
        : applyIfGiven(pulumi.output(domains), (names) => names.map(place));
}

function podNetwork(spec: NodePoolSpec, { cni, network }: NodePoolSurroundings) {
    if (cni === "FLANNEL_OVERLAY") {
        return { cniType: cni };
    }
    const { pods } = network.subnetIds;
    if (pods === undefined) {
        throw missing("network.subnetIds.pods", spec);
    }
    return {
        cniType: cni,
        podSubnetIds: [pods],
        podNsgIds: network.nsgIds.pods,
        maxPodsPerNode: spec.maxPodsPerNode,
    };
}

function missing(propertyPath: string, { name }: NodePoolSpec): pulumi.InputPropertyError {
    return wrongArgument(propertyPath, `is missing; node pool ${name} needs it`);
}
