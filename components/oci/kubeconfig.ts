import * as containerengine from "@pulumi/oci/containerengine";
import * as pulumi from "@pulumi/pulumi";

export interface KubeconfigArgs {
    /** OCID of the cluster. */
    clusterId: pulumi.Input<string>;
    /** Point at the public address of the Kubernetes API, not at the private one. */
    public: boolean;
}

/**
 * The kubeconfig of an OKE cluster, a secret. It holds no credentials: whoever uses it needs the `oci` command, which it
 * calls for a short-lived token. https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/contengdownloadkubeconfigfile.htm
 */
export function okeKubeconfig(args: KubeconfigArgs, opts?: pulumi.InvokeOutputOptions): pulumi.Output<string> {
    const { content } = containerengine.getClusterKubeConfigOutput(
        {
            clusterId: args.clusterId,
            endpoint: args.public ? "PUBLIC_ENDPOINT" : "PRIVATE_ENDPOINT",
            tokenVersion: "2.0.0",
        },
        opts,
    );
    // The provider returns it as plain text (pulumi-oci does not mark data source results secret).
    return pulumi.secret(content);
}
