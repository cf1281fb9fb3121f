/** A Helm chart: where it is published, and the version this program is built for. */
export interface AddonChart {
    chart: string;
    repository: string;
    version: string;
}

/**
 * The add-ons' charts, which bring the versions of their images. docs/addons.md says where each was seen.
 * Prometheus and Kiali are those of Istio 1.31's own samples:
 * https://github.com/istio/istio/tree/release-1.31/samples/addons
 */
export const ADDON_CHARTS = {
    prometheus: {
        chart: "prometheus",
        repository: "https://prometheus-community.github.io/helm-charts",
        version: "28.13.0",
    },
    // Istio's samples still take the chart from grafana.github.io, which its maintainers left for this one.
    grafana: {
        chart: "grafana",
        repository: "https://grafana-community.github.io/helm-charts",
        version: "12.11.1",
    },
    jaeger: {
        chart: "jaeger",
        repository: "https://jaegertracing.github.io/helm-charts",
        version: "4.11.1",
    },
    zipkin: {
        chart: "zipkin",
        repository: "https://zipkin.io/zipkin-helm",
        version: "0.4.0",
    },
    kiali: {
        chart: "kiali-server",
        repository: "https://kiali.org/helm-charts",
        version: "2.31.0",
    },
} as const satisfies Record<string, AddonChart>;

export type AddonName = keyof typeof ADDON_CHARTS;
