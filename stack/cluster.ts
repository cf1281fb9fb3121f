import * as pulumi from "@pulumi/pulumi";
import { connect, type ClusterSource, type KubernetesCluster } from "../components/kubernetesCluster";
import { Network } from "../components/oci/network";
import { existingNetwork, type OkeNetwork } from "../components/oci/okeNetwork";
import { ociProvider } from "../components/oci/provider";
import type { StackSettings } from "../config/load";
import { readKubeconfig } from "../config/machine";
import { LOAD_BALANCER_DEFAULTS } from "../config/schema/gateway";
import { openPorts } from "./gateway";
import { ociTags } from "./tags";

/** Where the mesh goes. */
export interface ClusterFoundation {
    cluster: KubernetesCluster;
    /** The OCI network, where there is one. */
    network?: OkeNetwork;
    /** The provider for what is on OCI, where anything is. */
    oci: { provider?: pulumi.ProviderResource };
}

/** Network and cluster, made or found as the settings say. */
export function provideCluster(settings: StackSettings): ClusterFoundation {
    const oci = { provider: settings.oci && ociProvider("oci", settings.oci) };
    const network = provideNetwork(settings, oci);
    const surroundings = {
        compartmentId: settings.compartmentId,
        network,
        displayName: displayName(),
        signIn: settings.oci,
        ...ociTags(settings),
    };
    return { cluster: connect("oke", sourceOf(settings.cluster), surroundings, oci), network, oci };
}

/** A kubeconfig that the settings name goes along with the stack: its path would mean nothing on another machine. */
function sourceOf(cluster: StackSettings["cluster"]): ClusterSource {
    return cluster.source === "kubeconfig" && cluster.kubeconfig !== undefined
        ? { ...cluster, kubeconfig: readKubeconfig(cluster.kubeconfig) }
        : cluster;
}

function provideNetwork(settings: StackSettings, opts: pulumi.ComponentResourceOptions): OkeNetwork | undefined {
    const { network, cluster, gateway, compartmentId } = settings;
    if (network?.source === "existing") {
        return existingNetwork(network);
    }
    // The settings' rules see to both: a new network is for a new cluster, and in a compartment.
    if (network === undefined || cluster.source !== "new" || compartmentId === undefined) {
        return undefined;
    }
    const { cni, endpoint, protect } = cluster;
    const { allowedCidrs, internal: internalLoadBalancer } = gateway.loadBalancer ?? LOAD_BALANCER_DEFAULTS;
    const ports = gateway.serviceType === "LoadBalancer" ? openPorts(settings).map(({ port }) => port) : [];
    const args = { compartmentId, displayName: displayName(), cni, endpoint, protect, internalLoadBalancer };
    return new Network(
        "network",
        { ...network, ...args, listeners: { ports, allowedCidrs }, ...ociTags(settings) },
        opts,
    );
}

/** Start of the names in OCI's console, so that several stacks can share a compartment. */
export function displayName(): string {
    return `${pulumi.getProject()}-${pulumi.getStack()}`;
}
