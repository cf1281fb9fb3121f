import { inside } from "./logUploadPolicy";

/** Between how many nodes a pool grows and shrinks. */
export interface PoolRange {
    /** Nodes at least. */
    min: number;
    /** Nodes at most. */
    max: number;
}

/** What the add-on is given. https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/configuration-arguments-cluster-autoscaler.htm */
export function autoscalerConfigurations(pools: (PoolRange & { id: string })[]): { key: string; value: string }[] {
    return Object.entries({
        authType: "workload",
        nodes: pools.map(({ min, max, id }) => `${min}:${max}:${id}`).join(", "),
        // Nobody else brings a pool to a minimum that is raised later.
        enforceNodeGroupMinSize: "true",
        // Every sidecar has an emptyDir volume: with the default no node of the mesh would ever be removed.
        skipNodesWithLocalStorage: "false",
        // As in Oracle's example. Nodes of the mesh have more to do before they join than the default allows for.
        maxNodeProvisionTime: "25m",
    }).map(([key, value]) => ({ key, value }));
}

/** What Oracle documents for node pools; nothing narrower is known to be enough. */
const NEEDED = [
    "manage cluster-node-pools",
    "manage instance-family",
    "use subnets",
    "read virtual-network-family",
    "use vnics",
    "inspect compartments",
];

/**
 * Lets the autoscaler of this cluster, and nobody else, change nodes in a compartment.
 * https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/contengusingclusterautoscaler_topic-Working_with_Cluster_Autoscaler_as_Cluster_Add-on.htm
 */
export function autoscalerStatements(compartmentId: string, clusterId: string): string[] {
    const conditions = Object.entries({
        "request.principal.type": "workload",
        "request.principal.namespace": "kube-system",
        "request.principal.service_account": "cluster-autoscaler",
        "request.principal.cluster_id": clusterId,
    }).map(([name, value]) => `${name} = '${value}'`);
    return NEEDED.map(
        (what) => `allow any-user to ${what} ${inside(compartmentId)} where all {${conditions.join(", ")}}`,
    );
}
