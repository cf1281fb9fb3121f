import { ANNOTATIONS } from "../../annotations";
import type { Release } from "@pulumi/kubernetes/helm/v3";
import * as pulumi from "@pulumi/pulumi";
import { helmRelease } from "../../helmRelease";
import type { Resources } from "../../resources";
import {
    authorizationSecret,
    authorizationVariable,
    OTLP_METRICS_PATH,
    OTLP_TRACES_PATH,
    type Authorization,
} from "./apm";

/**
 * The OpenTelemetry Collector this program is built for: chart, image, and the Service the chart makes.
 * https://github.com/open-telemetry/opentelemetry-helm-charts/tree/main/charts/opentelemetry-collector
 */
export const COLLECTOR = {
    chart: "opentelemetry-collector",
    version: "0.170.0",
    repository: "https://open-telemetry.github.io/opentelemetry-helm-charts",
    image: "ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s",
    /** Name of the release and, by `fullnameOverride`, of the Service. */
    name: "opentelemetry-collector",
    /** OTLP over gRPC. */
    port: 4317,
} as const;

/** The OpenTelemetry Collector: where it comes from, and where it sends to. */
export interface CollectorArgs {
    /** Host of APM's data upload endpoint, without scheme. */
    uploadHost: pulumi.Input<string>;
    /** Key that the collector alone holds. */
    authorization: Authorization;
    /** Helm repository, OCI registry path, or folder with the chart. @default the project's own */
    chartRepository?: string;
    /** Image without tag; it has to have the Prometheus receiver. @default the project's own */
    image?: string;
}

/** The values of the collector's chart that this program sets. */
interface CollectorValues {
    mode: "deployment";
    fullnameOverride: string;
    image: { repository: string };
    command: { name: string };
    resources: Resources;
    podAnnotations: Record<string, pulumi.Input<string>>;
    extraEnvs: object[];
    ports: Record<string, { enabled: boolean }>;
    clusterRole: { create: boolean; rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[] };
    /** The whole configuration; `config` would be laid over the chart's, which opens ports for Jaeger and Zipkin. */
    alternateConfig: object;
}

/** The collector in the control plane's namespace: it takes spans from proxies, scrapes their metrics, and sends both to APM. */
export function collectorRelease(
    name: string,
    args: CollectorArgs,
    namespace: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
): Release {
    const secret = authorizationSecret(`${name}-key`, args.authorization, namespace, opts);
    const { chart, version, name: releaseName } = COLLECTOR;
    return helmRelease(
        name,
        {
            ...{ chart, version, releaseName, namespace },
            repository: args.chartRepository ?? COLLECTOR.repository,
            values: collectorValues(args),
            extraValues: {},
        },
        pulumi.mergeOptions(opts, { dependsOn: secret }),
    );
}

function collectorValues({ uploadHost, authorization, image }: CollectorArgs): CollectorValues {
    return {
        mode: "deployment",
        fullnameOverride: COLLECTOR.name,
        image: { repository: image ?? COLLECTOR.image },
        command: { name: "otelcol-k8s" },
        // The memory limiter works in percent of the limit, so there has to be one.
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
        podAnnotations: { [ANNOTATIONS.apmKey]: authorization.fingerprint },
        extraEnvs: [authorizationVariable(authorization)],
        ports: Object.fromEntries(
            ["otlp-http", "jaeger-compact", "jaeger-thrift", "jaeger-grpc", "zipkin"].map((port) => [
                port,
                { enabled: false },
            ]),
        ),
        clusterRole: {
            create: true,
            rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }],
        },
        alternateConfig: collectorConfig(uploadHost, authorization.envName),
    };
}

function collectorConfig(uploadHost: pulumi.Input<string>, envName: string) {
    const ownAddress = "${env:MY_POD_IP}";
    const pipeline = { processors: ["memory_limiter", "batch"], exporters: ["otlp_http"] };
    return {
        extensions: { health_check: { endpoint: `${ownAddress}:13133` } },
        receivers: {
            otlp: { protocols: { grpc: { endpoint: `${ownAddress}:${COLLECTOR.port}` } } },
            prometheus: { config: { scrape_configs: [proxyMetrics] } },
        },
        processors: {
            memory_limiter: { check_interval: "5s", limit_percentage: 80, spike_limit_percentage: 25 },
            batch: {},
        },
        exporters: {
            // One `endpoint` would not do: APM has traces and metrics under different roots.
            otlp_http: {
                traces_endpoint: pulumi.interpolate`https://${uploadHost}${OTLP_TRACES_PATH}`,
                metrics_endpoint: pulumi.interpolate`https://${uploadHost}${OTLP_METRICS_PATH}`,
                headers: { Authorization: `\${env:${envName}}` },
            },
        },
        service: {
            extensions: ["health_check"],
            pipelines: {
                traces: { receivers: ["otlp"], ...pipeline },
                metrics: { receivers: ["prometheus"], ...pipeline },
            },
        },
    };
}

/** Requests and response times as each proxy counts them. All its other metrics would only cost. */
const proxyMetrics = {
    job_name: "envoy-stats",
    scrape_interval: "30s",
    metrics_path: "/stats/prometheus",
    kubernetes_sd_configs: [{ role: "pod" }],
    relabel_configs: [
        { source_labels: ["__meta_kubernetes_pod_container_port_name"], action: "keep", regex: ".*-envoy-prom" },
    ],
    metric_relabel_configs: [
        {
            source_labels: ["__name__"],
            action: "keep",
            regex: "istio_requests_total|istio_request_duration_milliseconds.*",
        },
    ],
};
