import { Provider } from "@pulumi/oci/provider";
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of `ociProvider`. */
export interface OciProviderArgs {
    /** Region identifier, such as us-ashburn-1. */
    region: pulumi.Input<string>;
    /**
     * How to sign in: ApiKey, InstancePrincipal, InstancePrincipalWithCerts, SecurityToken, ResourcePrincipal,
     * OKEWorkloadIdentity or WorkloadIdentityFederation. @default ApiKey
     */
    auth?: pulumi.Input<string>;
    /** Profile of ~/.oci/config for what is left out below. @default DEFAULT */
    configFileProfile?: pulumi.Input<string>;
    /** OCID of the tenancy. @default from the profile */
    tenancyOcid?: pulumi.Input<string>;
    /** OCID of the API key's user. @default from the profile */
    userOcid?: pulumi.Input<string>;
    /** Fingerprint of the API key. @default from the profile */
    fingerprint?: pulumi.Input<string>;
    /** The API key in PEM, a secret. @default the file of the profile */
    privateKey?: pulumi.Output<string>;
    /** File with the API key in PEM. @default that of the profile */
    privateKeyPath?: pulumi.Input<string>;
    /** Password of the API key, a secret. @default from the profile */
    privateKeyPassword?: pulumi.Output<string>;
}

/**
 * The OCI provider. Explicit, because policies need a second one for the home region; and an explicit provider
 * does not read the stack's `oci:` configuration, so everything it needs is an argument.
 */
export function ociProvider(name: string, args: OciProviderArgs, opts?: pulumi.ResourceOptions): Provider {
    return new Provider(
        name,
        {
            region: args.region,
            auth: args.auth,
            configFileProfile: args.configFileProfile,
            tenancyOcid: args.tenancyOcid,
            userOcid: args.userOcid,
            fingerprint: args.fingerprint,
            privateKey: args.privateKey,
            privateKeyPath: args.privateKeyPath,
            privateKeyPassword: args.privateKeyPassword,
            // Most tenancies set these two tags on new resources; without this, each later update would remove them.
            // https://docs.oracle.com/en-us/iaas/Content/Tagging/Concepts/understandingautomaticdefaulttags.htm
            ignoreDefinedTags: ["Oracle-Tags.CreatedBy", "Oracle-Tags.CreatedOn"],
        },
        opts,
    );
}
