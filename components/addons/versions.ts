/** A Helm chart: where it is published, and the version this program is built for. */
export interface AddonChart {
    chart: string;
    repository: string;
    version: string;
    /** Whether it asks users to sign in: only then it may be opened at the ingress gateway. */
    hasSignIn: boolean;
}

/**
 * Every add-on, in the order of installation: its chart, which brings the versions of its images, and whether it has a sign-in.
 * docs/addons.md says where each was seen.
 * Prometheus and Kiali are those of Istio 1.31's own samples:
 * https://github.com/istio/istio/tree/release-1.31/samples/addons
 */
export const ADDON_CHARTS = {
    prometheus: {
        chart: "prometheus",
        repository: "https://prometheus-community.github.io/helm-charts",
        version: "28.13.0",
        hasSignIn: false,
    },
    // Istio's samples still take the chart from grafana.github.io, which its maintainers left for this one.
    grafana: {
        chart: "grafana",
        repository: "https://grafana-community.github.io/helm-charts",
        version: "12.11.1",
        hasSignIn: true,
    },
    jaeger: {
        chart: "jaeger",
        repository: "https://jaegertracing.github.io/helm-charts",
        version: "4.11.1",
        hasSignIn: false,
    },
    zipkin: {
        chart: "zipkin",
        repository: "https://zipkin.io/zipkin-helm",
        version: "0.4.0",
        hasSignIn: false,
    },
    kiali: {
        chart: "kiali-server",
        repository: "https://kiali.org/helm-charts",
        version: "2.31.0",
        hasSignIn: true,
    },
} as const satisfies Record<string, AddonChart>;

/** The add-ons. */
export type AddonName = keyof typeof ADDON_CHARTS;

export const ADDON_NAMES = Object.keys(ADDON_CHARTS) as AddonName[];
