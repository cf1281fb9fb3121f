import * as core from "@pulumi/oci/core";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "./tags";

/** Arguments of `newReservedIp`. */
export interface ReservedIpArgs {
    /** OCID of the compartment that owns it; the cluster's needs no further policy. */
    compartmentId: pulumi.Input<string>;
    /** Name shown in the console. */
    displayName: string;
    /** Refuse to delete it. @default false */
    protect?: boolean;
    /** Free-form tags. @default none */
    freeformTags?: Tags;
    /** Defined tags, `Namespace.Key: value`. @default none */
    definedTags?: Tags;
}

/** A reserved public address: it stays when the load balancer that has it is deleted. */
export function newReservedIp(
    name: string,
    { protect, ...args }: ReservedIpArgs,
    opts?: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    return new core.PublicIp(
        name,
        { ...args, lifetime: "RESERVED" },
        // OKE's cloud controller assigns it. To Pulumi, left out means that nobody has it.
        { ...opts, protect, ignoreChanges: ["privateIpId"] },
    ).ipAddress;
}

/** The address of a reserved public IP that exists. */
export function findReservedIp(id: pulumi.Input<string>, opts: pulumi.InvokeOutputOptions = {}): pulumi.Output<string> {
    return core.getPublicIpOutput({ id }, opts).apply(({ lifetime, ipAddress }) => {
        // Users' own mocks may answer with neither.
        if (ipAddress !== undefined && lifetime !== "RESERVED") {
            const problem = `The public IP ${ipAddress} is ${lifetime.toLowerCase()}, not reserved: no load balancer can take it.`;
            throw new pulumi.ResourceError(problem, opts.parent, true);
        }
        return ipAddress;
    });
}
