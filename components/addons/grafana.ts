import { Secret } from "@pulumi/kubernetes/core/v1";
import type { Release } from "@pulumi/kubernetes/helm/v3";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import type { Resources } from "../resources";
import { addonRelease, type AddonArgs } from "./addon";
import { addonIngress, addonUrl, type AddonIngress } from "./addonIngress";
import { PROMETHEUS } from "./prometheus";

/** Where Kiali finds Grafana, its data source and its administrator. Service and port as in Istio's samples. */
export const GRAFANA = {
    service: "grafana",
    port: 3000,
    dataSourceUid: "prometheus",
    admin: { secret: "grafana-admin", userKey: "admin-user", passwordKey: "admin-password" },
} as const;

/**
 * The dashboards of the guide, by their file in Istio's repository: Istio's own, for exactly the version that runs. The
 * same dashboards are on grafana.com, under revisions that say nothing of versions.
 * https://istio.io/latest/docs/ops/integrations/grafana/
 */
const DASHBOARDS = {
    mesh: "istio-mesh-dashboard.gen.json",
    service: "istio-service-dashboard.json",
    workload: "istio-workload-dashboard.json",
    performance: "istio-performance-dashboard.json",
    "control-plane": "pilot-dashboard.gen.json",
    "wasm-extension": "istio-extension-dashboard.json",
} as const;

/** Arguments of Grafana. */
export interface GrafanaArgs extends AddonArgs {
    /** Istio release whose dashboards are provisioned. */
    istioVersion: string;
    /** Show dashboards to everyone who can reach Grafana, without a sign-in. For local clusters only. @default false */
    anonymous?: boolean;
    /** Where the ingress gateway serves it. @default nowhere */
    ingress?: AddonIngress;
}

/**
 * The values of Grafana's chart that this program sets.
 * https://github.com/grafana-community/helm-charts/blob/grafana-12.11.1/charts/grafana/values.yaml
 */
export interface GrafanaValues {
    service: { port: number; portName: string };
    admin: { existingSecret: string; userKey: string; passwordKey: string };
    resources: Resources;
    rbac: { create: boolean };
    automountServiceAccountToken: boolean;
    datasources: { "datasources.yaml": { apiVersion: 1; datasources: DataSource[] } };
    dashboardProviders: { "dashboardproviders.yaml": { apiVersion: 1; providers: DashboardProvider[] } };
    dashboards: { istio: Record<string, { url: string; curlOptions: string }> };
    "grafana.ini"?: GrafanaIni;
}

/** https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/ */
interface GrafanaIni {
    "auth.anonymous"?: { enabled: boolean; org_role: "Viewer" };
    server?: { domain: string; root_url: string };
    security?: { cookie_secure: boolean };
}

interface DataSource {
    name: string;
    uid: string;
    type: "prometheus";
    access: "proxy";
    url: string;
    isDefault: boolean;
    jsonData: { timeInterval: string };
}

interface DashboardProvider {
    name: "istio";
    folder: string;
    type: "file";
    disableDeletion: boolean;
    options: { path: string };
}

const DEFAULT_RESOURCES: Resources = {
    requests: { cpu: "100m", memory: "256Mi" },
    limits: { memory: "512Mi" },
};

export interface Grafana {
    release: Release;
    /** Password of `admin`, a secret. */
    adminPassword: pulumi.Output<string>;
    /** The Secret that holds it. */
    adminSecret: Secret;
}

/** Grafana, its generated administrator, Prometheus as its data source, and Istio's dashboards. */
export function grafana(
    name: string,
    args: GrafanaArgs,
    namespace: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
): Grafana {
    const { secret, userKey, passwordKey } = GRAFANA.admin;
    const password = new RandomPassword(`${name}-admin-password`, { length: 32, special: false }, opts);
    const adminSecret = new Secret(
        `${name}-admin`,
        {
            metadata: { name: secret, namespace },
            type: "Opaque",
            stringData: { [userKey]: "admin", [passwordKey]: password.result },
        },
        opts,
    );
    const release = addonRelease(
        name,
        "grafana",
        { namespace, version: args.version, values: grafanaValues(args), extraValues: args.extraValues },
        pulumi.mergeOptions(opts, { dependsOn: adminSecret }),
    );
    if (args.ingress) {
        addonIngress(name, { ...args.ingress, namespace, destination: GRAFANA }, release, opts);
    }
    return { release, adminPassword: pulumi.secret(password.result), adminSecret };
}

function grafanaValues(args: Omit<GrafanaArgs, "extraValues">): GrafanaValues {
    const { secret: existingSecret, userKey, passwordKey } = GRAFANA.admin;
    return {
        service: { port: GRAFANA.port, portName: "http" },
        admin: { existingSecret, userKey, passwordKey },
        resources: args.resources ?? DEFAULT_RESOURCES,
        // Grafana reads nothing from Kubernetes here: its configuration is mounted.
        rbac: { create: false },
        automountServiceAccountToken: false,
        datasources: { "datasources.yaml": { apiVersion: 1, datasources: [prometheusSource] } },
        dashboardProviders: { "dashboardproviders.yaml": { apiVersion: 1, providers: [istioFolder] } },
        dashboards: { istio: istioDashboards(args.istioVersion) },
        ...((args.anonymous || args.ingress) && { "grafana.ini": grafanaIni(args) }),
    };
}

function grafanaIni({ anonymous, ingress }: Pick<GrafanaArgs, "anonymous" | "ingress">): GrafanaIni {
    return {
        ...(anonymous && { "auth.anonymous": { enabled: true, org_role: "Viewer" } }),
        // Redirects after the sign-in, and links, lead to this address; the session's cookie only goes over HTTPS.
        ...(ingress && {
            server: { domain: ingress.host, root_url: addonUrl(ingress) },
            security: { cookie_secure: true },
        }),
    };
}

const prometheusSource: DataSource = {
    name: "Prometheus",
    uid: GRAFANA.dataSourceUid,
    type: "prometheus",
    access: "proxy",
    url: `http://${PROMETHEUS.service}:${PROMETHEUS.port}`,
    // The dashboards take whichever Prometheus is the default one.
    isDefault: true,
    jsonData: { timeInterval: "15s" },
};

const istioFolder: DashboardProvider = {
    name: "istio",
    folder: "Istio",
    type: "file",
    disableDeletion: true,
    options: { path: "/var/lib/grafana/dashboards/istio" },
};

/** An init container downloads them at each start of the pod. The chart's own curl options skip checking certificates. */
export function istioDashboards(istioVersion: string): GrafanaValues["dashboards"]["istio"] {
    const folder = `https://raw.githubusercontent.com/istio/istio/${istioVersion}/manifests/addons/dashboards`;
    return Object.fromEntries(
        Object.entries(DASHBOARDS).map(([dashboard, file]) => [
            dashboard,
            { url: `${folder}/${file}`, curlOptions: "-sSfL --retry 5" },
        ]),
    );
}
