import * as pulumi from "@pulumi/pulumi";

/** The OCI load balancer that OKE makes for a Service. */
export interface OciLoadBalancerArgs {
    /** `lb`, a load balancer, or `nlb`, a network load balancer. */
    type: "lb" | "nlb";
    /** Private address only. */
    internal: boolean;
    /** Bandwidth always there, in Mbps; `lb` only. */
    minimumMbps: number;
    /** Bandwidth at most, in Mbps; `lb` only. */
    maximumMbps: number;
    /** OCID of the subnet it goes to. */
    subnetId: pulumi.Input<string>;
    /** OCIDs of its network security groups. */
    nsgIds: pulumi.Input<string>[];
    /** Free-form tags. */
    freeformTags: Record<string, string>;
}

/**
 * Annotations by which OKE's cloud controller makes the load balancer: flexible shape, own subnet and NSGs, and hands
 * off the security lists. Left to its default it edits them, which shows up as drift with every `pulumi refresh`.
 * https://github.com/oracle/oci-cloud-controller-manager/blob/master/docs/load-balancer-annotations.md
 */
export function ociLoadBalancerAnnotations(args: OciLoadBalancerArgs): Record<string, pulumi.Input<string>> {
    const nsgs = pulumi.all(args.nsgIds).apply((ids) => ids.join(","));
    const tags = (prefix: string) =>
        Object.keys(args.freeformTags).length > 0
            ? { [`${prefix}/initial-freeform-tags-override`]: JSON.stringify(args.freeformTags) }
            : undefined;
    if (args.type === "nlb") {
        const prefix = "oci-network-load-balancer.oraclecloud.com";
        return {
            "oci.oraclecloud.com/load-balancer-type": "nlb",
            [`${prefix}/subnet`]: args.subnetId,
            [`${prefix}/internal`]: String(args.internal),
            [`${prefix}/oci-network-security-groups`]: nsgs,
            [`${prefix}/security-list-management-mode`]: "None",
            // A public one reports its private address too, and the gateway's address is the first.
            [`${prefix}/external-ip-only`]: "true",
            ...tags(prefix),
        };
    }
    const prefix = "service.beta.kubernetes.io/oci-load-balancer";
    return {
        "oci.oraclecloud.com/load-balancer-type": "lb",
        [`${prefix}-shape`]: "flexible",
        [`${prefix}-shape-flex-min`]: String(args.minimumMbps),
        [`${prefix}-shape-flex-max`]: String(args.maximumMbps),
        [`${prefix}-subnet1`]: args.subnetId,
        [`${prefix}-internal`]: String(args.internal),
        [`${prefix}-security-list-management-mode`]: "None",
        "oci.oraclecloud.com/oci-network-security-groups": nsgs,
        ...tags("oci.oraclecloud.com"),
    };
}
