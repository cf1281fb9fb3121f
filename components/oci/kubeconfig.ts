import * as containerengine from "@pulumi/oci/containerengine";
import * as pulumi from "@pulumi/pulumi";
import { applyIfGiven } from "../applyIfGiven";
import { parse, stringify } from "yaml";

export interface KubeconfigArgs {
    /** OCID of the cluster. */
    clusterId: pulumi.Input<string>;
    /** Point at the public address of the Kubernetes API, not at the private one. */
    public: boolean;
    /** How to sign in, as the OCI provider does. @default with the API key of the profile DEFAULT */
    signIn?: SignIn;
}

/** Options of the `oci` command, so that it signs in as the OCI provider does. */
export interface SignIn {
    /** Profile of ~/.oci/config. @default DEFAULT */
    configFileProfile?: string;
    /** The provider's authentication method, such as SecurityToken. @default ApiKey */
    auth?: string;
}

/** The OCI CLI's names for the provider's ways to sign in. */
const CLI_AUTH: Record<string, string> = {
    InstancePrincipal: "instance_principal",
    ResourcePrincipal: "resource_principal",
    SecurityToken: "security_token",
    OKEWorkloadIdentity: "oke_workload_identity",
};

/**
 * The kubeconfig of an OKE cluster, a secret. It contains no credentials: users need the `oci` command, which it
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
    return pulumi.secret(applyIfGiven(content, (text) => signedInBy(text, args.signIn)));
}

interface Kubeconfig {
    users: { user: { exec: { args: string[] } } }[];
}

/** OCI's kubeconfig always signs in as the DEFAULT profile with an API key, whatever the provider did. */
export function signedInBy(kubeconfig: string, { configFileProfile, auth = "" }: SignIn = {}): string {
    const cliAuth = CLI_AUTH[auth];
    const more = [
        ...(configFileProfile === undefined ? [] : ["--profile", configFileProfile]),
        ...(cliAuth === undefined ? [] : ["--auth", cliAuth]),
    ];
    if (more.length === 0) {
        return kubeconfig;
    }
    const config = parse(kubeconfig) as Kubeconfig;
    config.users.forEach(({ user }) => user.exec.args.push(...more));
    return stringify(config);
}
