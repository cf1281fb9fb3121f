import * as kubernetes from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { OkeCluster, type OkeClusterArgs } from "./oci/cluster";
import { okeKubeconfig, type SignIn } from "./oci/kubeconfig";
import type { OkeNetwork } from "./oci/okeNetwork";

/** A Kubernetes cluster to work in, wherever it came from. */
export interface KubernetesCluster {
    /** For everything in the cluster. It waits for `ready`, and so does all that uses it. */
    provider: kubernetes.Provider;
    /** How to reach it, a secret. @default none: the user's own kubeconfig is used */
    kubeconfig?: pulumi.Output<string>;
    /** OCID of an OKE cluster. @default none: it is another cluster */
    clusterId?: pulumi.Input<string>;
    /**
     * The cluster, if it is this program's: deleting it deletes what is in it. Not for what owns something outside, such as
     * the gateway's Service: its load balancer stays behind when the cluster goes first, and holds on to its subnet.
     * @default none: the cluster is somebody else's
     */
    deletedWith?: pulumi.Resource;
    /** What in-cluster work waits for, and what must outlive it: nodes, add-ons and the network. */
    ready: pulumi.Resource[];
}

/** How the provider changes what exists. */
const UPDATES = {
    // Otherwise a Secret or ConfigMap is deleted and created again, and pods that start in between find none.
    enableSecretMutable: true,
    enableConfigMapMutable: true,
    // Otherwise one `kubectl scale` makes every later update fail with a conflict. These objects are this program's alone.
    enablePatchForce: true,
} as const;

/** Which cluster: a new one on OKE, one that exists there, or any that a kubeconfig reaches. */
export type ClusterSource = NewCluster | ExistingCluster | KubeconfigCluster;

/** A new cluster on OKE. */
export interface NewCluster extends OkeClusterArgs, OnOke {
    /** Tells it from the others. */
    source: "new";
}

/** A cluster on OKE that exists. */
export interface ExistingCluster extends OnOke {
    /** Tells it from the others. */
    source: "existing";
    /** OCID of the cluster. */
    id: pulumi.Input<string>;
    /** The Kubernetes API endpoint. @default private */
    endpoint?: {
        /** Use the public address. @default false */
        public?: boolean;
    };
    /** Its network: what goes into the cluster waits for it. @default none */
    network?: OkeNetwork;
}

/** Any cluster that a kubeconfig reaches, such as kind. */
export interface KubeconfigCluster {
    /** Tells it from the others. */
    source: "kubeconfig";
    /** Contents of a kubeconfig, kept as a secret. @default KUBECONFIG or ~/.kube/config, wherever Pulumi runs */
    kubeconfig?: pulumi.Input<string>;
    /** Context in it. @default the current context */
    context?: string;
}

/** What clusters on OKE have in common. */
interface OnOke {
    /** How the OCI provider signs in; the kubeconfig does the same. @default with the API key of the profile DEFAULT */
    signIn?: SignIn;
}

/**
 * Makes or finds the cluster, and a provider for it named `${name}-kubernetes`.
 *
 * @param opts The OCI provider, for the sources on OKE.
 */
export function connect(
    name: string,
    source: ClusterSource,
    opts: { provider?: pulumi.ProviderResource } = {},
): KubernetesCluster {
    switch (source.source) {
        case "new": {
            const made = new OkeCluster(name, source, opts);
            const { clusterId: id, cluster: deletedWith, ready } = made;
            return okeCluster(name, { ...source, id }, { deletedWith, ready }, { parent: made });
        }
        case "existing":
            return okeCluster(name, source, { ready: source.network?.ready ?? [] }, opts);
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

function okeCluster(
    name: string,
    { id, endpoint, signIn }: Pick<ExistingCluster, "id" | "endpoint" | "signIn">,
    rest: Pick<KubernetesCluster, "deletedWith" | "ready">,
    opts: pulumi.InvokeOutputOptions,
): KubernetesCluster {
    const kubeconfig = okeKubeconfig({ clusterId: id, public: endpoint?.public ?? false, signIn }, opts);
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
