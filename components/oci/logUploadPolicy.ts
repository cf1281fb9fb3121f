/** A dynamic group by the name that policies know it by. */
export interface DynamicGroupName {
    name: string;
    /** Identity domain it lives in; `Default` needs no mention. */
    identityDomain: string;
}

/** `agents` in the Default domain, `'Ops'/'agents'` in any other. */
export function subjectOf({ name, identityDomain }: DynamicGroupName): string {
    return identityDomain === DEFAULT_IDENTITY_DOMAIN ? name : `'${identityDomain}'/'${name}'`;
}

export const DEFAULT_IDENTITY_DOMAIN = "Default";

/**
 * What an agent on a node needs: to write to this log group, and to read its own configuration. The verb
 * for both would be `use log-content`, which reads logs as well; so these are its two permissions by name.
 * The second has no log group in its request, so a condition on one would never hold.
 * https://docs.oracle.com/en-us/iaas/Content/Identity/Reference/loggingpolicyreference.htm
 */
export function logUploadStatements(args: {
    group: DynamicGroupName;
    /** Owns the nodes and the agent configurations. */
    compartmentId: string;
    logGroup: { id: string; compartmentId: string };
}): string[] {
    const who = `allow dynamic-group ${subjectOf(args.group)}`;
    const { logGroup, compartmentId } = args;
    return [
        `${who} to {LOG_CONTENT_PUSH} ${inside(logGroup.compartmentId)} where target.loggroup.id = '${logGroup.id}'`,
        `${who} to {UNIFIED_AGENT_CONFIG_GENERATE} ${inside(compartmentId)}`,
    ];
}

/** Policies name the root compartment as the tenancy. */
export function inside(compartmentId: string): string {
    return compartmentId.startsWith("ocid1.tenancy.") ? "in tenancy" : `in compartment id ${compartmentId}`;
}
