import type * as pulumi from "@pulumi/pulumi";
import { MeshTelemetry } from "../components/istio/meshTelemetry";
import { dataKeyType, type TracingPlan } from "../components/istio/tracing/tracingPlan";
import { Alarms } from "../components/oci/alarms";
import { ApmDashboard } from "../components/oci/apmDashboard";
import { ApmDomain, existingApmDomain, type ApmBackend } from "../components/oci/apmDomain";
import { ApmMetrics } from "../components/oci/apmMetrics";
import { ApmMonitor } from "../components/oci/apmMonitor";
import { ContainerLogging } from "../components/oci/containerLogging";
import { BOOKINFO_NAMES } from "../components/workloads/bookinfoServices";
import { growingPool } from "../config/guaranteed";
import type { StackSettings } from "../config/load";
import { homeProvider, onOci, type ClusterFoundation } from "./cluster";
import { reported } from "./gateway";

/** The APM domain, made or found as the settings say. Guide: "Application Performance Monitoring (APM)". */
export function provideApm(settings: StackSettings, { oci }: ClusterFoundation): ApmBackend | undefined {
    const { apm, signIn } = settings.observability ?? {};
    if (!apm || !signIn) {
        return undefined;
    }
    const shared = { region: signIn.region, dataKeyType: dataKeyType(settings.tracing) };
    if (apm.source === "existing") {
        return existingApmDomain({ domainId: apm.domainId, ...shared }, oci);
    }
    const { compartmentId, isFreeTier } = apm;
    return new ApmDomain("apm", { compartmentId, isFreeTier, ...shared, ...onOci(settings) }, oci);
}

/** What proxies trace and log beyond their own way. Guide: "Configuring Istio to Send Traces to APM". */
export function observeMesh(
    { logging }: StackSettings,
    tracing: TracingPlan,
    namespace: pulumi.Input<string>,
    onMesh: pulumi.ComponentResourceOptions,
): void {
    const { accessLogFilter } = logging;
    if (tracing.telemetry || accessLogFilter) {
        new MeshTelemetry("telemetry", { namespace, tracing, accessLogFilter }, onMesh);
    }
}

/** Collects the containers' logs in OCI Logging. Guide: "Observing Logs with OCI Logging". */
export function collectLogs(
    settings: StackSettings,
    { cluster, oci, home }: ClusterFoundation,
): ContainerLogging | undefined {
    const { bookinfo, istio, observability } = settings;
    const { logs, signIn } = observability ?? {};
    if (!logs || !signIn) {
        return undefined;
    }
    return new ContainerLogging(
        "logging",
        {
            ...logs,
            ...onOci(settings),
            homeProvider: home ?? homeProvider(signIn, logs.tenancyId, oci),
            accessLogEncoding: istio.meshConfig.accessLogEncoding,
            applications: bookinfo.enabled ? [{ namespace: bookinfo.namespace, containers: [...BOOKINFO_NAMES] }] : [],
            controlPlaneOf: logs.controlPlaneLogs ? cluster.clusterId : undefined,
        },
        oci,
    );
}

/**
 * Metrics of the application where APM sees it, a monitor that probes its page, and a dashboard with both.
 * Guide: "Zipkin App Dashboard".
 */
export function watchApplication(
    settings: StackSettings,
    { oci }: ClusterFoundation,
    backend: ApmBackend | undefined,
    page: pulumi.Input<string | undefined> | undefined,
): ApmMonitor | undefined {
    const { alarms, apm, signIn } = settings.observability ?? {};
    if (backend === undefined || signIn === undefined || (alarms === undefined && !apm?.dashboard)) {
        return undefined;
    }
    const named = onOci(settings);
    const domain = { domainId: backend.domainId, ...named };
    new ApmMetrics("apm-metrics", domain, oci);
    const monitor =
        page === undefined
            ? undefined
            : new ApmMonitor("apm-monitor", { ...domain, target: reported(page), region: signIn.region }, oci);
    if (apm?.dashboard) {
        const { compartmentId } = backend;
        const monitored = monitor !== undefined;
        new ApmDashboard("apm-dashboard", { compartmentId, monitored, displayName: named.displayName }, oci);
    }
    return monitor;
}

/** What the runbooks say of node pools. */
function ofNodePools({ cluster }: StackSettings) {
    const grow = cluster.source === "new" && growingPool(cluster) >= 0;
    return {
        nodePools: "cluster.nodePools",
        nodeCount: grow ? "autoscaling.max, or size of a pool without it," : undefined,
    };
}

/** Alarms on the cluster, and on the application where APM sees it. Guide: "Zipkin Metrics Explorer". */
export function raiseAlarms(
    settings: StackSettings,
    { cluster, oci }: ClusterFoundation,
    apm: ApmBackend | undefined,
    monitor: ApmMonitor | undefined,
): void {
    const { alarms } = settings.observability ?? {};
    if (alarms === undefined) {
        return;
    }
    const { compartmentId, topicId, subscriptions, severity, pendingMinutes, ...thresholds } = alarms;
    new Alarms(
        "alarms",
        {
            ...{ compartmentId, topicId, subscriptions, severity, pendingMinutes },
            ...onOci(settings),
            cluster:
                cluster.clusterId === undefined
                    ? undefined
                    : { clusterId: cluster.clusterId, ...ofNodePools(settings), ...thresholds },
            application: apm && {
                compartmentId: apm.compartmentId,
                errorPercent: thresholds.errorPercent,
                monitor: monitor && { monitorId: monitor.monitorId, latencyMs: thresholds.latencyMs },
            },
        },
        oci,
    );
}
