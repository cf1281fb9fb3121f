import type { Resources } from "../resources";

/** Where Grafana and Kiali, in the same namespace, find Prometheus. Named as in Istio's samples. */
export const PROMETHEUS = { service: "prometheus", port: 9090 } as const;

/** Scrape jobs of the chart. https://github.com/prometheus-community/helm-charts/pull/6429 made them a mapping. */
type ScrapeJob =
    | "prometheus"
    | "kubernetes-api-servers"
    | "kubernetes-nodes"
    | "kubernetes-nodes-cadvisor"
    | "kubernetes-service-endpoints"
    | "kubernetes-service-endpoints-slow"
    | "prometheus-pushgateway"
    | "kubernetes-services"
    | "kubernetes-pods"
    | "kubernetes-pods-slow";

/**
 * The values of Prometheus' chart that this program sets.
 * https://github.com/prometheus-community/helm-charts/blob/prometheus-28.13.0/charts/prometheus/values.yaml
 */
export interface PrometheusValues {
    server: {
        fullnameOverride: string;
        service: { servicePort: number };
        global: { scrape_interval: string };
        retention: string;
        retentionSize: string;
        persistentVolume: { enabled: boolean };
        emptyDir: { sizeLimit: string };
        resources: Resources;
    };
    scrapeConfigs: Record<ScrapeJob, { enabled: boolean; metric_relabel_configs?: MetricRule[] }>;
    alertmanager: { enabled: boolean };
    "prometheus-pushgateway": { enabled: boolean };
    "kube-state-metrics": { enabled: boolean };
    "prometheus-node-exporter": { enabled: boolean };
}

interface MetricRule {
    source_labels: string[];
    regex: string;
    action: "keep";
}

const DEFAULT_RESOURCES: Resources = {
    requests: { cpu: "200m", memory: "512Mi" },
    limits: { memory: "2Gi" },
};

/** Metrics of one day, in a volume that goes with the pod. */
export function prometheusValues(resources: Resources = DEFAULT_RESOURCES): PrometheusValues {
    const on = { enabled: true };
    const off = { enabled: false };
    return {
        server: {
            fullnameOverride: PROMETHEUS.service,
            service: { servicePort: PROMETHEUS.port },
            global: { scrape_interval: "15s" },
            retention: "24h",
            // Below the volume's limit, at which the pod would be evicted.
            retentionSize: "4GB",
            persistentVolume: off,
            emptyDir: { sizeLimit: "6Gi" },
            resources,
        },
        scrapeConfigs: {
            prometheus: on,
            // Pods that say where their metrics are: proxies, with those of their application, at 15020; istiod at 15014.
            "kubernetes-pods": on,
            // CPU and memory of proxies and istiod, which the performance and control plane dashboards show.
            "kubernetes-nodes-cadvisor": { enabled: true, metric_relabel_configs: [usedByIstiosDashboards] },
            // The rest watches the cluster, or waits for annotations that nothing here carries.
            "kubernetes-api-servers": off,
            "kubernetes-nodes": off,
            "kubernetes-service-endpoints": off,
            "kubernetes-service-endpoints-slow": off,
            "prometheus-pushgateway": off,
            "kubernetes-services": off,
            "kubernetes-pods-slow": off,
        },
        alertmanager: off,
        "prometheus-pushgateway": off,
        "kube-state-metrics": off,
        "prometheus-node-exporter": off,
    };
}

const usedByIstiosDashboards: MetricRule = {
    source_labels: ["__name__"],
    regex: "container_(cpu_usage_seconds_total|memory_working_set_bytes|fs_usage_bytes)",
    action: "keep",
};
