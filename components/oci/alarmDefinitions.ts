import { SPAN_METRICS } from "./apmMetrics";
import { MONITOR_METRICS } from "./apmMonitor";

/** An alarm: its condition and its runbook. */
export interface AlarmDefinition {
    /** Part of its name. */
    name: string;
    title: string;
    /** Metric namespace. */
    namespace: string;
    /**
     * In OCI's Monitoring Query Language, given the OCID of what is watched: cluster or monitor.
     * https://docs.oracle.com/en-us/iaas/Content/Monitoring/Reference/mql.htm
     */
    query: (ocid: string) => string;
    /** Runbook, which is part of the message. */
    body: string;
}

export const API_SERVER_ERRORS = 10;

/** When the cluster's alarms fire, and what they tell. */
export interface ClusterThresholds {
    /** API server errors (5xx) per minute. @default 10 */
    apiServerErrorsPerMinute?: number;
    /** Where sizes and shapes of node pools are set, for the runbooks. @default the arguments of the node pools */
    nodePools?: string;
    /** What in them says how many nodes there may be, likewise. @default "size" */
    nodeCount?: string;
}

/** Metrics: https://docs.oracle.com/en-us/iaas/Content/ContEng/Reference/contengmetrics.htm */
export function clusterAlarms({
    apiServerErrorsPerMinute = API_SERVER_ERRORS,
    nodePools = "the arguments of the node pools",
    nodeCount = "size",
}: ClusterThresholds): AlarmDefinition[] {
    const namespace = "oci_oke";
    return [
        {
            name: "unschedulable-pods",
            title: "Pods find no node",
            namespace,
            query: (clusterId) => `UnschedulablePods[1m]{resourceId = "${clusterId}"}.max() > 0`,
            body: [
                "Pods wait because no node has room for them, or none that they accept.",
                "1. kubectl get pods -A --field-selector=status.phase=Pending",
                "2. kubectl describe pod: its last event says what is missing.",
                `3. CPU or memory: raise ${nodeCount} in ${nodePools} and run pulumi up. A taint, a label or a volume's zone: fix the pod.`,
            ].join("\n"),
        },
        {
            name: "nodes",
            title: "Nodes failed or stopped",
            namespace,
            query: (clusterId) => `NodeState[1m]{clusterId = "${clusterId}", nodeState =~ "FAILED|INACTIVE"}.max() > 0`,
            body: [
                "Instances of the cluster's nodes have failed or do not run. Their pods move to other nodes if there is room.",
                "1. kubectl get nodes: which are missing or NotReady.",
                "2. Console, Kubernetes clusters, node pool, node: its state, and its work requests for the reason.",
                `3. Capacity or quota: another availability domain or shape in ${nodePools}. Else delete the node: the pool makes a new one.`,
            ].join("\n"),
        },
        {
            name: "api-server",
            title: "Kubernetes API server answers with errors",
            namespace,
            query: (clusterId) =>
                `APIServerResponseCount[1m]{resourceId = "${clusterId}", responseGroup = "5xx"}.sum() > ${apiServerErrorsPerMinute}`,
            body: [
                "The API server answers with 5xx. What runs goes on running; changes fail.",
                "1. kubectl get --raw '/readyz?verbose'",
                "2. Webhooks that do not answer show as 500: kubectl -n istio-system get pods -l app=istiod",
                "3. The control plane's log in OCI Logging. Without a cause in the cluster: a service request to Oracle.",
            ].join("\n"),
        },
    ];
}

/**
 * Share of failed spans. SpanErrorCount is 1 for a span with an error and 0 for any other, so its mean is the share.
 * https://docs.oracle.com/en-us/iaas/application-performance-monitoring/doc/configure-custom-metric.html
 */
export function errorAlarm(errorPercent: number): AlarmDefinition {
    return {
        name: "errors",
        title: "The application fails requests",
        namespace: SPAN_METRICS,
        query: () => `SpanErrorCount[5m].mean() > ${Number((errorPercent / 100).toFixed(6))}`,
        body: [
            `More than ${errorPercent} % of the traced requests to services fail.`,
            "1. APM trace explorer, traces with errors: the first span with an error names the service.",
            "2. The access log of that service in OCI Logging: response_code, response_flags (https://istio.io/latest/docs/tasks/observability/logs/access-log/).",
            "3. A rollout or a routing change just before: take it back. Flags UH, UF: its pods. Flag UO: a circuit breaker. Flag FI: an injected fault.",
        ].join("\n"),
    };
}

/** Minutes that a value of a monitor's alarm covers: more than the interval between two runs, so that none is empty. */
const MONITOR_WINDOW = "10m";

/** From a monitor that probes the page: `Availability` is 1 or 0 a run, `MonitorExecutionTime` is in milliseconds. */
export function monitorAlarms({ latencyMs }: { latencyMs: number }): AlarmDefinition[] {
    const namespace = MONITOR_METRICS;
    const runs = (monitorId: string) => `[${MONITOR_WINDOW}]{MonitorId = "${monitorId}"}`;
    return [
        {
            name: "availability",
            title: "The application does not answer",
            namespace,
            query: (monitorId) => `Availability${runs(monitorId)}.mean() < 0.5`,
            body: [
                "Most questions for the page from outside fail.",
                "1. curl -v on the page: no connection, a certificate, or a status?",
                "2. No connection: kubectl -n istio-system get svc,pods -l istio=ingressgateway; the load balancer's backends in the console.",
                "3. A status: the gateway's access log says whether the gateway (404 NR: no route; 503 UH: no healthy pod) or the application answered it.",
            ].join("\n"),
        },
        {
            name: "latency",
            title: "The application is slow",
            namespace,
            query: (monitorId) => `MonitorExecutionTime${runs(monitorId)}.mean() > ${latencyMs}`,
            body: [
                `The page takes more than ${latencyMs} ms, asked for from outside.`,
                "1. APM trace explorer, slowest traces: which span takes the time.",
                "2. kubectl top pods, kubectl top nodes: CPU at its limit?",
                "3. A delay that somebody injected: kubectl get virtualservices -A -o yaml | grep -A3 fault:",
            ].join("\n"),
        },
    ];
}
