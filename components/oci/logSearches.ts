/** A log by what OCI's search language calls it: OCIDs of compartment, group and log. */
export interface SearchedLog {
    compartmentId: string;
    logGroupId: string;
    logId: string;
}

/**
 * Requests that the mesh or the application failed, newest first.
 * https://docs.oracle.com/en-us/iaas/Content/Logging/Reference/query_language_specification.htm
 */
export function failedRequests({ compartmentId, logGroupId, logId }: SearchedLog): string {
    return `search "${compartmentId}/${logGroupId}/${logId}" | where data.response_code >= 500 | sort by datetime desc`;
}
