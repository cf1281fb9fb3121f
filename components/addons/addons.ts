import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { ISTIO_VERSION } from "../istio/versions";
import { accessTo, type AddonAccess } from "./access";
import { ADDONS, type All, type Installed, type WantedAddons } from "./catalogue";
import { ADDON_NAMES, type AddonName } from "./versions";
import { wrongArgument } from "../wrongArgument";

/** Arguments of `Addons`. */
export interface AddonsArgs extends WantedAddons {
    /** Namespace of the control plane: the add-ons find each other there. */
    namespace: pulumi.Input<string>;
    /** Istio release, for its dashboards. @default ISTIO_VERSION */
    istioVersion?: string;
}

/**
 * Observability add-ons, each from its own project's Helm chart. Those with a sign-in may be opened at the ingress gateway;
 * the others are reachable inside the cluster only.
 * Guide: "Prometheus", "Grafana", "Jaeger", "Zipkin", "Kiali".
 *
 * @example
 * ```ts
 * new Addons(
 *     "addons",
 *     { namespace: controlPlane.namespace, prometheus: {}, grafana: {}, kiali: {} },
 *     { provider, dependsOn: controlPlane },
 * );
 * ```
 */
export class Addons extends Component {
    /** How to open each add-on there is. */
    readonly access: Partial<Record<AddonName, AddonAccess>> = {};
    /** Password of Grafana's `admin`, a secret. @default none, without Grafana */
    readonly grafanaAdminPassword?: pulumi.Output<string>;

    constructor(name: string, args: AddonsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("addons:Addons", name, opts);
        if (args.jaeger && args.zipkin) {
            throw wrongArgument("zipkin", "is there beside jaeger, and both are the Service `tracing`: choose one");
        }
        const { namespace, istioVersion = ISTIO_VERSION, ...wanted } = args;
        const installed: Partial<Record<AddonName, Installed>> = {};
        const install = <Name extends AddonName>(addon: Name, settings: Partial<All>[Name]) => {
            if (settings) {
                const surroundings = { namespace, istioVersion, wanted, installed };
                installed[addon] = ADDONS[addon].install(`${name}-${addon}`, settings, surroundings, this.childOptions);
                this.access[addon] = accessTo(addon, settings);
            }
        };
        ADDON_NAMES.forEach((addon) => install(addon, wanted[addon]));

        this.grafanaAdminPassword = installed.grafana?.adminPassword;
        this.registerOutputs({ access: this.access, grafanaAdminPassword: this.grafanaAdminPassword });
    }
}
