import { Namespace } from "@pulumi/kubernetes/core/v1";
import type { Release } from "@pulumi/kubernetes/helm/v3";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { podSecurityLabels } from "../podSecurity";
import { istioRelease } from "./chart";
import { CNI_NAMESPACE, cniValues } from "./cni";
import type { ControlPlaneArgs } from "./controlPlaneArgs";
import { istiodValues, type IstiodValues } from "./istiodValues";
import { authorizationSecret } from "./tracing/apm";
import type { BaseValues, CniValues } from "./values";
import { ISTIO_NAMESPACE } from "./versions";

/**
 * Istio's kinds and istiod, the control plane. Whatever is of an Istio kind, or is to be injected with a sidecar,
 * depends on this component.
 * Guide: "Installing Istio with istioctl".
 */
export class ControlPlane extends Component {
    /** Namespace of the control plane and the ingress gateway. */
    readonly namespace: pulumi.Output<string>;
    /** Version of the charts, once istiod runs. */
    readonly version: pulumi.Output<string>;

    constructor(name: string, args: ControlPlaneArgs, opts: pulumi.ComponentResourceOptions) {
        super("istio:ControlPlane", name, opts);

        const namespace = new Namespace(
            `${name}-namespace`,
            { metadata: { name: ISTIO_NAMESPACE, labels: podSecurityLabels(args.podSecurity ?? "baseline") } },
            this.childOptions,
        );
        const base = istioRelease<BaseValues>(
            `${name}-base`,
            {
                ...this.chart(args, namespace),
                chart: "base",
                // The kinds outlive the release; a later installation adopts them only under the same name (istio/istio#43204).
                releaseName: "istio-base",
                values: { defaultRevision: "default" },
                extraValues: args.extraValues.base,
            },
            this.childOptions,
        );
        // Before any pod that relies on it; its own pods reach into the nodes, so they stand apart from istio-system.
        const cni = args.cni?.enabled && this.addCni(`${name}-cni`, args, base);
        const authorization = args.tracing?.authorization;
        // istiod reads the key at its start, and does not start without the Secret.
        const key =
            authorization &&
            authorizationSecret(`${name}-apm-key`, authorization, namespace.metadata.name, this.childOptions);
        const istiod = istioRelease<IstiodValues>(
            `${name}-istiod`,
            {
                ...this.chart(args, namespace),
                chart: "istiod",
                releaseName: "istiod",
                values: istiodValues(args),
                extraValues: args.extraValues.istiod,
            },
            this.after(base, ...(cni ? [cni] : []), ...(key ? [key] : [])),
        );

        this.namespace = namespace.metadata.name;
        this.version = versionOf(istiod);
        this.registerOutputs({ namespace: this.namespace, version: this.version });
    }

    private addCni(name: string, args: ControlPlaneArgs, base: Release): Release {
        return istioRelease<CniValues>(
            name,
            {
                version: args.version,
                repository: args.chartRepository,
                namespace: CNI_NAMESPACE,
                chart: "cni",
                releaseName: "istio-cni",
                values: cniValues(args),
                extraValues: args.extraValues.cni ?? {},
            },
            this.after(base),
        );
    }

    private chart(args: ControlPlaneArgs, namespace: Namespace) {
        return { version: args.version, repository: args.chartRepository, namespace: namespace.metadata.name };
    }
}

function versionOf(release: Release): pulumi.Output<string> {
    return release.status.apply(({ version }) => version);
}
