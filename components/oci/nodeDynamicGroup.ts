import * as identity from "@pulumi/oci/identity";
import * as pulumi from "@pulumi/pulumi";
import { DEFAULT_IDENTITY_DOMAIN, nodeMatchingRule, type DynamicGroupName } from "./logUploadPolicy";
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

/** A dynamic group that exists, in any identity domain of the root compartment. */
export function findDynamicGroup(
    { name, identityDomain }: DynamicGroupName,
    tenancyId: pulumi.Input<string>,
    opts: pulumi.InvokeOutputOptions,
): NodeDynamicGroup {
    const orMissing = (ocid: string | undefined) =>
        orElse(ocid, `There is no dynamic group ${name} in the identity domain ${identityDomain}.`);
    if (identityDomain === DEFAULT_IDENTITY_DOMAIN) {
        const { dynamicGroups } = identity.getDynamicGroupsOutput({ compartmentId: tenancyId, name }, opts);
        return { name, id: dynamicGroups.apply(([group]) => orMissing(group?.id)) };
    }
    // Groups of other domains are behind each domain's own endpoint.
    const { domains } = identity.getDomainsOutput({ compartmentId: tenancyId, displayName: identityDomain }, opts);
    const idcsEndpoint = domains.apply(([domain]) =>
        orElse(domain?.url, `There is no identity domain ${identityDomain} in the root compartment.`),
    );
    const { dynamicResourceGroups } = identity.getDomainsDynamicResourceGroupsOutput(
        { idcsEndpoint, dynamicResourceGroupFilter: `displayName eq "${name}"`, attributeSets: ["all"] },
        opts,
    );
    return { name, id: dynamicResourceGroups.apply(([group]) => orMissing(group?.ocid)) };
}

function orElse(found: string | undefined, problem: string): string {
    if (found === undefined) {
        throw new pulumi.RunError(problem);
    }
    return found;
}
