import * as identity from "@pulumi/oci/identity";
import * as pulumi from "@pulumi/pulumi";

/**
 * The tenancy's home region, such as us-ashburn-1: the only one where groups and policies can be written, so the region
 * of a second provider. https://docs.oracle.com/en-us/iaas/Content/Identity/Tasks/managingregions.htm
 */
export function homeRegion(
    tenancyId: pulumi.Input<string>,
    opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<string> {
    return identity.getRegionSubscriptionsOutput({ tenancyId }, opts).regionSubscriptions.apply(homeOf);
}

/** The one region of a tenancy's subscriptions that is its home. */
export function homeOf(subscriptions: { regionName: string; isHomeRegion: boolean }[]): string {
    const home = subscriptions.find(({ isHomeRegion }) => isHomeRegion);
    if (home === undefined) {
        throw new pulumi.RunError("OCI names no home region among the tenancy's region subscriptions.");
    }
    return home.regionName;
}
