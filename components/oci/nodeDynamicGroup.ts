import * as identity from "@pulumi/oci/identity";
import * as pulumi from "@pulumi/pulumi";
import { applyIfGiven } from "../applyIfGiven";
import { DEFAULT_IDENTITY_DOMAIN, type DynamicGroupName } from "./logUploadPolicy";
import type { Tags } from "./tags";

export interface NodeDynamicGroup {
    /** OCID: what agent configurations want. */
    id: pulumi.Output<string>;
    /** Name: what policies want. */
    name: pulumi.Input<string>;
}

export interface NewNodeDynamicGroupArgs {
    /** OCID of the tenancy: where dynamic groups live. */
    tenancyId: pulumi.Input<string>;
    /** OCID of the compartment that owns the nodes. */
    compartmentId: pulumi.Input<string>;
    /** Name, the tenancy's only one. */
    groupName: string;
    description: string;
    /** Defined tags that all nodes have, `Namespace.Key: value`. @default none: all instances of the compartment */
    nodeTags?: Record<string, string>;
    freeformTags?: Tags;
    definedTags?: Tags;
}

/** A dynamic group of the nodes in the Default domain. `opts` name the provider of the home region. */
export function newNodeDynamicGroup(
    name: string,
    { tenancyId, compartmentId, groupName, nodeTags, ...rest }: NewNodeDynamicGroupArgs,
    opts: pulumi.CustomResourceOptions,
): NodeDynamicGroup {
    const matchingRule = pulumi.output(compartmentId).apply((id) => nodeMatchingRule(id, nodeTags));
    return new identity.DynamicGroup(name, { ...rest, compartmentId: tenancyId, name: groupName, matchingRule }, opts);
}

/**
 * Which instances are nodes. A rule knows compartments, instances and defined tags, but neither clusters nor free-form
 * tags: so without tags these are all instances of the compartment, and with them those that have every one.
 * https://docs.oracle.com/en-us/iaas/Content/Identity/dynamicgroups/Writing_Matching_Rules_to_Define_Dynamic_Groups.htm
 */
export function nodeMatchingRule(compartmentId: string, tags: Record<string, string> = {}): string {
    const conditions = [
        `instance.compartment.id = '${compartmentId}'`,
        ...Object.entries(tags).map(([key, value]) => `tag.${key}.value = '${value}'`),
    ];
    return `all {${conditions.join(", ")}}`;
}

/** A dynamic group that exists, in any identity domain of the root compartment. */
export function findDynamicGroup(
    { name, identityDomain }: DynamicGroupName,
    tenancyId: pulumi.Input<string>,
    opts: pulumi.InvokeOutputOptions,
): NodeDynamicGroup {
    const orMissing = (ocid: string | undefined) =>
        orElse(ocid, opts, `There is no dynamic group ${name} in the identity domain ${identityDomain}.`);
    if (identityDomain === DEFAULT_IDENTITY_DOMAIN) {
        const { dynamicGroups } = identity.getDynamicGroupsOutput({ compartmentId: tenancyId, name }, opts);
        return { name, id: applyIfGiven(dynamicGroups, ([group]) => orMissing(group?.id)) };
    }
    // Groups of other domains are behind each domain's own endpoint.
    const { domains } = identity.getDomainsOutput({ compartmentId: tenancyId, displayName: identityDomain }, opts);
    const idcsEndpoint = applyIfGiven(domains, ([domain]) =>
        orElse(domain?.url, opts, `There is no identity domain ${identityDomain} in the root compartment.`),
    );
    const { dynamicResourceGroups } = identity.getDomainsDynamicResourceGroupsOutput(
        { idcsEndpoint, dynamicResourceGroupFilter: `displayName eq "${name}"`, attributeSets: ["all"] },
        opts,
    );
    return { name, id: applyIfGiven(dynamicResourceGroups, ([group]) => orMissing(group?.ocid)) };
}

function orElse(found: string | undefined, { parent }: pulumi.InvokeOutputOptions, problem: string): string {
    if (found === undefined) {
        throw new pulumi.ResourceError(problem, parent, true);
    }
    return found;
}
