import * as pulumi from "@pulumi/pulumi";
import type { WithDefaults } from "../defaults";

/** The OCI load balancer that OKE makes for a Service. */
export interface OciLoadBalancerArgs {
    /** `lb`, a load balancer, or `nlb`, a network load balancer. @default "lb" */
    type?: "lb" | "nlb";
    /** Private address only. @default false */
    internal?: boolean;
    /** Bandwidth always there, in Mbps; `lb` only. @default 10 */
    minimumMbps?: number;
    /** Bandwidth at most, in Mbps; `lb` only. @default 100, or the minimum if that is more */
    maximumMbps?: number;
    /** Reserved public address that it takes; not with `internal`. A change needs a new Service. @default one of its own */
    reservedIp?: pulumi.Input<string>;
    /** OCID of the subnet it goes to. */
    subnetId: pulumi.Input<string>;
    /** OCIDs of its network security groups. */
    nsgIds: pulumi.Input<string>[];
    /** Free-form tags. @default none */
    freeformTags?: Record<string, string>;
    /** Defined tags, as `Namespace.Key: value`. @default none */
    definedTags?: Record<string, string>;
}

/** A load balancer without further arguments. */
export const OCI_LOAD_BALANCER_DEFAULTS = {
    type: "lb",
    internal: false,
    freeformTags: {},
    definedTags: {},
} satisfies Partial<OciLoadBalancerArgs>;

type Complete = WithDefaults<OciLoadBalancerArgs, typeof OCI_LOAD_BALANCER_DEFAULTS>;

/**
 * Annotations by which OKE's cloud controller makes the load balancer: flexible shape, own subnet and NSGs, and hands
 * off the security lists. Left to its default it edits them, which shows up as drift with every `pulumi refresh`.
 * https://github.com/oracle/oci-cloud-controller-manager/blob/master/docs/load-balancer-annotations.md
 */
export function ociLoadBalancerAnnotations(args: Complete): Record<string, pulumi.Input<string>> {
    const nsgs = pulumi.all(args.nsgIds).apply((ids) => ids.join(","));
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
            ...tagAnnotations(prefix, args),
        };
    }
    const { minimumMbps = 10, maximumMbps = Math.max(100, minimumMbps) } = args;
    const prefix = "service.beta.kubernetes.io/oci-load-balancer";
    return {
        "oci.oraclecloud.com/load-balancer-type": "lb",
        [`${prefix}-shape`]: "flexible",
        [`${prefix}-shape-flex-min`]: String(minimumMbps),
        [`${prefix}-shape-flex-max`]: String(maximumMbps),
        [`${prefix}-subnet1`]: args.subnetId,
        [`${prefix}-internal`]: String(args.internal),
        [`${prefix}-security-list-management-mode`]: "None",
        "oci.oraclecloud.com/oci-network-security-groups": nsgs,
        ...tagAnnotations("oci.oraclecloud.com", args),
    };
}

/**
 * What of the Service the controller reads once, when it makes the load balancer: a change of one needs a new Service.
 * https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/contengcreatingloadbalancer_topic-Summaryofannotations.htm
 * https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/contengconfiguringloadbalancersnetworkloadbalancers-subtopic.htm
 */
export const FIXED_IN_SERVICE = [
    "loadBalancerIP",
    ...[
        "oci.oraclecloud.com/load-balancer-type",
        "service.beta.kubernetes.io/oci-load-balancer-internal",
        "service.beta.kubernetes.io/oci-load-balancer-subnet1",
        "oci-network-load-balancer.oraclecloud.com/internal",
        "oci-network-load-balancer.oraclecloud.com/subnet",
    ].map((name) => `annotations["${name}"]`),
];

/** The controller gives these tags instead of the cluster's, so all that the cluster gives are here too. */
function tagAnnotations(prefix: string, { freeformTags, definedTags }: Complete): Record<string, string> {
    const byNamespace: Record<string, Record<string, string>> = {};
    for (const [name, value] of Object.entries(definedTags)) {
        const [namespace = "", key = ""] = name.split(".");
        byNamespace[namespace] = { ...byNamespace[namespace], [key]: value };
    }
    const kinds = Object.entries({ freeform: freeformTags, defined: byNamespace });
    const given = kinds.filter(([, tags]) => Object.keys(tags).length > 0);
    return Object.fromEntries(
        given.map(([kind, tags]) => [`${prefix}/initial-${kind}-tags-override`, JSON.stringify(tags)]),
    );
}
