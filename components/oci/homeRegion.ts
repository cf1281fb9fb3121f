import * as identity from "@pulumi/oci/identity";
import * as pulumi from "@pulumi/pulumi";
import { applyIfGiven } from "../applyIfGiven";

/**
 * The tenancy's home region, such as us-ashburn-1: the only one where groups and policies can be written, so the region
 * of a second provider. https://docs.oracle.com/en-us/iaas/Content/Identity/Tasks/managingregions.htm
 */
export function homeRegion(
    tenancyId: pulumi.Input<string>,
    opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<string> {
    const { regionSubscriptions } = identity.getRegionSubscriptionsOutput({ tenancyId }, opts);
    return applyIfGiven(regionSubscriptions, (all) => homeOf(all, opts.parent));
}

/** The one region of a tenancy's subscriptions that is its home. */
export function homeOf(
    subscriptions: { regionName: string; isHomeRegion: boolean }[],
    resource?: pulumi.Resource,
): string {
    const home = subscriptions.find(({ isHomeRegion }) => isHomeRegion);
    if (home === undefined) {
        const message = "OCI names no home region among the region subscriptions of the tenancy in tenancyId.";
        throw new pulumi.ResourceError(message, resource, true);
    }
    return home.regionName;
}
