import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { accessTo, type AddonAccess } from "./access";
import { addonRelease, type AddonArgs } from "./addon";
import { addonUrl, type AddonIngress } from "./addonIngress";
import { grafana, type Grafana, type GrafanaArgs } from "./grafana";
import { jaeger } from "./jaeger";
import { kiali, type KialiArgs } from "./kiali";
import { prometheusValues } from "./prometheus";
import type { AddonName } from "./versions";
import { zipkin } from "./zipkin";

export interface AddonsArgs {
    /** Namespace of the control plane: the add-ons find each other there. */
    namespace: pulumi.Input<string>;
    /** Istio release, for its dashboards. */
    istioVersion: string;
    /** Metrics of proxies and istiod. @default none */
    prometheus?: AddonArgs;
    /** Istio's dashboards. @default none */
    grafana?: Omit<GrafanaArgs, "istioVersion">;
    /** Traces. Not with `zipkin`: both are the Service `tracing`. @default none */
    jaeger?: AddonArgs;
    /** Traces. @default none */
    zipkin?: AddonArgs;
    /** The mesh as a graph. @default none */
    kiali?: KialiArgs;
}

/**
 * Observability add-ons, each from its own project's Helm chart. Those with a sign-in may be opened at the ingress gateway;
 * the others are reachable inside the cluster only.
 * Guide: "Prometheus", "Grafana", "Jaeger", "Zipkin", "Kiali".
 */
export class Addons extends Component {
    /** How to open each add-on there is. */
    readonly access: Partial<Record<AddonName, AddonAccess>>;
    /** Password of Grafana's `admin`, a secret. Absent without Grafana. */
    readonly grafanaAdminPassword?: pulumi.Output<string>;

    constructor(name: string, args: AddonsArgs, opts: pulumi.ComponentResourceOptions) {
        super("addons:Addons", name, opts);
        if (args.jaeger && args.zipkin) {
            throw new pulumi.ResourceError("Jaeger and Zipkin claim the same Service: choose one", this);
        }
        const { namespace, istioVersion } = args;

        const prometheusRelease =
            args.prometheus &&
            addonRelease(
                `${name}-prometheus`,
                "prometheus",
                {
                    namespace,
                    values: prometheusValues(args.prometheus.resources),
                    extraValues: args.prometheus.extraValues,
                },
                this.childOptions,
            );
        const grafanaParts: Grafana | undefined =
            args.grafana && grafana(`${name}-grafana`, { ...args.grafana, istioVersion }, namespace, this.childOptions);
        const jaegerRelease = args.jaeger && jaeger(`${name}-jaeger`, args.jaeger, namespace, this.childOptions);
        if (args.zipkin) {
            zipkin(`${name}-zipkin`, args.zipkin, namespace, this.childOptions);
        }
        if (args.kiali) {
            const shown = [prometheusRelease, grafanaParts?.release, jaegerRelease].filter((each) => !!each);
            const grafanaUrl = args.grafana?.ingress && addonUrl(args.grafana.ingress);
            const surroundings = { namespace, grafana: !!grafanaParts, grafanaUrl, jaeger: !!jaegerRelease };
            kiali(`${name}-kiali`, args.kiali, surroundings, this.after(...shown));
        }

        this.access = accesses(args);
        this.grafanaAdminPassword = grafanaParts?.adminPassword;
        this.registerOutputs({ access: this.access, grafanaAdminPassword: this.grafanaAdminPassword });
    }
}

function accesses(args: AddonsArgs): Partial<Record<AddonName, AddonAccess>> {
    const signIns = { grafanaAnonymous: args.grafana?.anonymous ?? false, kiali: args.kiali?.signIn ?? "token" };
    const names: AddonName[] = ["prometheus", "grafana", "jaeger", "zipkin", "kiali"];
    const installed = names.filter((addon) => args[addon]);
    const ingresses: Partial<Record<AddonName, AddonIngress>> = {
        grafana: args.grafana?.ingress,
        kiali: args.kiali?.ingress,
    };
    return Object.fromEntries(installed.map((addon) => [addon, accessTo(addon, signIns, ingresses[addon])]));
}
