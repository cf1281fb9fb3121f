import type { Release } from "@pulumi/kubernetes/helm/v3";
import * as pulumi from "@pulumi/pulumi";
import { ISTIO_NAMESPACE } from "../istio/versions";
import { addonRelease, type AddonArgs } from "./addon";
import { addonUrl, type AddonIngress } from "./addonIngress";
import { GRAFANA, grafana, type GrafanaArgs } from "./grafana";
import { JAEGER, jaeger } from "./jaeger";
import { DEFAULT_SIGN_IN, KIALI, kiali, type KialiArgs, type KialiSignIn } from "./kiali";
import { PROMETHEUS, prometheusValues } from "./prometheus";
import { TRACE_VIEWER } from "./traceViewer";
import type { AddonName } from "./versions";
import { ZIPKIN, zipkin } from "./zipkin";

/** The add-ons that are wanted. */
export interface WantedAddons {
    /** Metrics of proxies and istiod. @default none */
    prometheus?: AddonArgs;
    /** Istio's dashboards over Prometheus. @default none */
    grafana?: Omit<GrafanaArgs, "istioVersion">;
    /** Traces. Not with `zipkin`: both are the Service `tracing`. @default none */
    jaeger?: AddonArgs;
    /** Traces. @default none */
    zipkin?: AddonArgs;
    /** The mesh as a graph. @default none */
    kiali?: KialiArgs;
}

export type All = Required<WantedAddons>;

/** What an add-on finds where it is installed. */
interface Surroundings {
    namespace: pulumi.Input<string>;
    istioVersion: string;
    wanted: WantedAddons;
    /** Those that are there already, in the order of the table. */
    installed: Partial<Record<AddonName, Installed>>;
}

export interface Installed {
    release: Release;
    /** Password of its administrator, a secret. */
    adminPassword?: pulumi.Output<string>;
}

/** What the program knows of one add-on, besides its chart. */
interface Addon<Args> {
    /** The Service that its page is at, and a port of the user's machine for it. */
    page: { service: string; port: number; localPort: number; path: string };
    /** How to sign in there. */
    signIn: (args: Args) => string;
    /** Where the ingress gateway serves it. @default nowhere */
    ingress?: (args: Args) => AddonIngress | undefined;
    install: (name: string, args: Args, surroundings: Surroundings, opts: pulumi.CustomResourceOptions) => Installed;
}

const NONE = `none: whoever may forward ports in ${ISTIO_NAMESPACE}`;

/** Every add-on. One with a chart but without a row does not compile. */
export const ADDONS: { [Name in AddonName]: Addon<All[Name]> } = {
    prometheus: {
        page: { ...PROMETHEUS, localPort: PROMETHEUS.port, path: "" },
        signIn: () => NONE,
        install: (name, { resources, ...args }, { namespace }, opts) => {
            const values = prometheusValues(resources);
            return { release: addonRelease(name, "prometheus", { ...args, namespace, values }, opts) };
        },
    },
    grafana: {
        page: { ...GRAFANA, localPort: GRAFANA.port, path: "" },
        signIn: ({ anonymous }) => {
            const admin = "admin, with the password in the output grafanaAdminPassword";
            return anonymous ? `none to look; to edit: ${admin}` : admin;
        },
        ingress: ({ ingress }) => ingress,
        install: (name, args, { namespace, istioVersion }, opts) =>
            grafana(name, { ...args, istioVersion }, namespace, opts),
    },
    jaeger: {
        page: { ...TRACE_VIEWER, localPort: JAEGER.queryPort, path: "" },
        signIn: () => NONE,
        install: (name, args, { namespace }, opts) => ({ release: jaeger(name, args, namespace, opts) }),
    },
    zipkin: {
        page: { ...ZIPKIN, localPort: ZIPKIN.port, path: "/zipkin" },
        signIn: () => NONE,
        install: (name, args, { namespace }, opts) => ({ release: zipkin(name, args, namespace, opts) }),
    },
    kiali: {
        page: { ...KIALI, localPort: KIALI.port, path: "/kiali" },
        signIn: ({ signIn = DEFAULT_SIGN_IN }) => KIALI_SIGN_INS[signIn],
        ingress: ({ ingress }) => ingress,
        install: (name, args, { namespace, wanted, installed }, opts) => {
            const shown = [installed.prometheus, installed.grafana, installed.jaeger].filter((each) => !!each);
            const grafanaUrl = wanted.grafana?.ingress && addonUrl(wanted.grafana.ingress);
            const surroundings = { namespace, grafana: !!wanted.grafana, grafanaUrl, jaeger: !!wanted.jaeger };
            const onShown = pulumi.mergeOptions(opts, { dependsOn: shown.map(({ release }) => release) });
            return { release: kiali(name, args, surroundings, onShown) };
        },
    },
};

const KIALI_SIGN_INS: Record<KialiSignIn, string> = {
    token: `a token of Kubernetes: \`kubectl -n ${ISTIO_NAMESPACE} create token ${KIALI.service}\``,
    openid: "the identity provider's",
    anonymous: NONE,
};
