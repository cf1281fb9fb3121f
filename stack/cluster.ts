import * as pulumi from "@pulumi/pulumi";
import { connect, type KubernetesCluster } from "../components/kubernetesCluster";
import { homeRegion } from "../components/oci/homeRegion";
import { Network, type NetworkArgs } from "../components/oci/network";
import { existingNetwork, type OkeNetwork } from "../components/oci/okeNetwork";
import { ociProvider } from "../components/oci/provider";
import type { Ground } from "../config/guaranteed";
import type { StackSettings } from "../config/load";
import { readKubeconfig } from "../config/machine";
import type { OciSettings } from "../config/oci";
import type { NewNetworkSettings } from "../config/schema/network";
import { LOAD_BALANCER_DEFAULTS } from "../config/schema/gateway";
import type { Mesh } from "../mesh/mesh";

/** Where the mesh goes. */
export interface ClusterFoundation {
    cluster: KubernetesCluster;
    /** The OCI network, where there is one. */
    network?: OkeNetwork;
    /** The provider for what is on OCI, where anything is. */
    oci: { provider?: pulumi.ProviderResource };
    /** The provider for the tenancy's home region, where the cluster needs it. */
    home?: pulumi.ProviderResource;
}

/** Network and cluster, made or found as the settings say. */
export function provideCluster(settings: StackSettings, mesh: Mesh): ClusterFoundation {
    const { ground, oci: signIn } = settings;
    const oci = { provider: signIn && ociProvider("oci", signIn) };
    switch (ground.source) {
        case "new": {
            const network =
                ground.network.source === "existing"
                    ? existingNetwork(ground.network)
                    : new Network("network", networkArgs(settings, ground.network, ground, mesh), oci);
            const { cluster, compartmentId, tenancyId } = ground;
            const home = signIn && tenancyId !== undefined ? homeProvider(signIn, tenancyId, oci) : undefined;
            const args = { ...cluster, network, compartmentId, signIn, homeProvider: home, ...onOci(settings) };
            return { cluster: connect("oke", args, oci), network, oci, home };
        }
        case "existing": {
            const network = existingNetwork(ground.network);
            return { cluster: connect("oke", { ...ground.cluster, network, signIn }, oci), network, oci };
        }
        case "kubeconfig": {
            const { kubeconfig: path, ...cluster } = ground.cluster;
            // The contents go along with the stack: the path would mean nothing on another machine.
            const kubeconfig = path === undefined ? undefined : readKubeconfig(path);
            const network = ground.network && existingNetwork(ground.network);
            return { cluster: connect("oke", { ...cluster, kubeconfig }), network, oci };
        }
    }
}

/** The one provider for groups and policies. */
export function homeProvider(
    signIn: OciSettings,
    tenancyId: string,
    oci: pulumi.InvokeOutputOptions,
): pulumi.ProviderResource {
    return ociProvider("oci-home", { ...signIn, region: homeRegion(tenancyId, oci) });
}

function networkArgs(
    { gateway, tags }: StackSettings,
    network: NewNetworkSettings,
    { cluster, compartmentId }: Extract<Ground, { source: "new" }>,
    mesh: Mesh,
): NetworkArgs {
    const { allowedCidrs, internal: internalLoadBalancer } = gateway.loadBalancer ?? LOAD_BALANCER_DEFAULTS;
    const ports = gateway.serviceType === "LoadBalancer" ? mesh.gateway.ports.map(({ port }) => port) : [];
    const { cni, endpoint, protect } = cluster;
    return {
        ...network,
        ...{ compartmentId, cni, endpoint, protect, internalLoadBalancer },
        listeners: { ports, allowedCidrs, preserveSource: gateway.clientAddresses?.source === "preserve-source" },
        ...onOci({ tags }),
    };
}

/**
 * What everything on OCI is given: the start of its name in the console, so that several stacks can share a compartment, and
 * tags.
 */
export function onOci({ tags }: Pick<StackSettings, "tags">) {
    const displayName = `${pulumi.getProject()}-${pulumi.getStack()}`;
    return { displayName, ...ociTags({ tags }) };
}

/** The settings' tags, by OCI's names for the two kinds. */
export function ociTags({ tags }: Pick<StackSettings, "tags">) {
    return { freeformTags: tags.freeform, definedTags: tags.defined };
}
