import * as kubernetes from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { OkeCluster, type OkeClusterArgs } from "./oci/cluster";
import { okeKubeconfig, type SignIn } from "./oci/kubeconfig";
import type { OkeNetwork } from "./oci/okeNetwork";
import type { Tags } from "./oci/vcnPlace";

/** A Kubernetes cluster to work in, wherever it came from. */
export interface KubernetesCluster {
    /** For everything in the cluster. It waits for `ready`, and so does all that uses it. */
    provider: kubernetes.Provider;
    /** How to reach it, a secret. None when the user's own kubeconfig is used. */
    kubeconfig?: pulumi.Output<string>;
    /** OCID, if it is an OKE cluster. */
    clusterId?: pulumi.Input<string>;
    /**
     * The cluster, if it is this program's: deleting it deletes what is in it. Not for what owns something outside, such as
     * the gateway's Service: its load balancer stays behind when the cluster goes first, and holds on to its subnet.
     */
    deletedWith?: pulumi.Resource;
    /** What in-cluster work waits for, and what must outlive it: nodes, add-ons and the network. */
    ready: pulumi.Resource[];
}

type OkeSettings = Omit<OkeClusterArgs, keyof OkeSurroundings>;

/** How the provider changes what exists. */
const UPDATES = {
    // Otherwise a Secret or ConfigMap is deleted and created again, and pods that start in between find none.
    enableSecretMutable: true,
    enableConfigMapMutable: true,
    // Otherwise one `kubectl scale` makes every later update fail with a conflict. These objects are this program's alone.
    enablePatchForce: true,
} as const;

/** Which cluster: a new one on OKE, one that exists there, or any that a kubeconfig reaches. */
export type ClusterSource =
    | ({ source: "new" } & OkeSettings)
    /** By its OCID; `endpoint.public` says which of its addresses to use. */
    | { source: "existing"; id: pulumi.Input<string>; endpoint: { public: boolean } }
    /**
     * A kubeconfig's contents, kept as a secret, and a context in it. @default what the provider finds wherever Pulumi runs
     * (KUBECONFIG or ~/.kube/config), and its current context
     */
    | { source: "kubeconfig"; kubeconfig?: pulumi.Input<string>; context?: string };

/** What surrounds an OKE cluster. */
export interface OkeSurroundings {
    /** OCID of the compartment. For a new cluster. */
    compartmentId: pulumi.Input<string>;
    /** For a new cluster; for one that exists, what its load balancers use. */
    network: OkeNetwork;
    /** How the OCI provider signs in; the kubeconfig does the same. */
    signIn?: SignIn;
    /** Name shown in the console. @default the cluster's logical name */
    displayName?: pulumi.Input<string>;
    /** Tags of what is made on OCI. */
    freeformTags?: Tags;
    definedTags?: Tags;
}

/**
 * Makes or finds the cluster, and a provider for it named `${name}-kubernetes`.
 *
 * @param opts The OCI provider, for the sources on OKE.
 */
export function connect(
    name: string,
    source: ClusterSource,
    context: Partial<OkeSurroundings> = {},
    opts: { provider?: pulumi.ProviderResource } = {},
): KubernetesCluster {
    switch (source.source) {
        case "new":
            return newCluster(name, source, context, opts);
        case "existing":
            return okeCluster(
                name,
                { ...source, signIn: context.signIn },
                { ready: context.network?.ready ?? [] },
                opts,
            );
        case "kubeconfig": {
            const { kubeconfig, context } = source;
            const provider = new kubernetes.Provider(`${name}-kubernetes`, {
                ...UPDATES,
                // Empty, it is read anew wherever Pulumi runs. Left out, the SDK would put the path that KUBECONFIG has here
                // into the state, and refresh and destroy, which do not run the program, would need that path elsewhere too.
                kubeconfig: kubeconfig === undefined ? "" : pulumi.secret(kubeconfig),
                context,
                // Another file, port or credential is not another cluster.
                clusterIdentifier: context ?? name,
            });
            return { provider, ready: [] };
        }
    }
}

function newCluster(
    name: string,
    source: Extract<ClusterSource, { source: "new" }>,
    { compartmentId, network, signIn, ...rest }: Partial<OkeSurroundings>,
    opts: { provider?: pulumi.ProviderResource },
): KubernetesCluster {
    if (compartmentId === undefined || network === undefined) {
        throw new pulumi.RunError("a new OKE cluster needs compartmentId and network");
    }
    const made = new OkeCluster(name, { ...source, ...rest, compartmentId, network }, opts);
    const { clusterId: id, cluster: deletedWith, ready } = made;
    return okeCluster(name, { id, endpoint: source.endpoint, signIn }, { deletedWith, ready }, { parent: made });
}

function okeCluster(
    name: string,
    { id, endpoint, signIn }: { id: pulumi.Input<string>; endpoint: { public: boolean }; signIn?: SignIn },
    rest: Pick<KubernetesCluster, "deletedWith" | "ready">,
    opts: pulumi.InvokeOutputOptions,
): KubernetesCluster {
    const kubeconfig = okeKubeconfig({ clusterId: id, public: endpoint.public, signIn }, opts);
    const provider = new kubernetes.Provider(
        `${name}-kubernetes`,
        {
            ...UPDATES,
            kubeconfig,
            // Otherwise a kubeconfig that a preview cannot know yet looks like another cluster, and everything in it
            // like a replacement. https://github.com/pulumi/pulumi-kubernetes/issues/1148
            clusterIdentifier: id,
        },
        { dependsOn: rest.ready },
    );
    return { provider, kubeconfig, clusterId: id, ...rest };
}
