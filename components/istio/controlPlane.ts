import { Namespace } from "@pulumi/kubernetes/core/v1";
import type { Release } from "@pulumi/kubernetes/helm/v3";
import type * as pulumi from "@pulumi/pulumi";
import { applyIfGiven } from "../applyIfGiven";
import { Component } from "../component";
import { withDefaults } from "../defaults";
import { podSecurityLabels } from "../podSecurity";
import { istioRelease } from "./chart";
import { CNI_NAMESPACE, cniValues } from "./cni";
import { CONTROL_PLANE_DEFAULTS, type ControlPlaneArgs, type ResolvedControlPlaneArgs } from "./controlPlaneArgs";
import { istiodValues, type IstiodValues } from "./istiodValues";
import {
    CANARY_TAG,
    canaryRevision,
    DEFAULT_TAG,
    defaultRevision,
    IN_PLACE,
    istiodName,
    newestVersion,
    runningRevisions,
    type Revision,
} from "./revisions";
import { revisionTag } from "./revisionTag";
import { authorizationSecret } from "./tracing/apm";
import type { BaseValues, CniValues } from "./values";
import { ISTIO_NAMESPACE } from "./versions";

/**
 * Istio's kinds and istiod, the control plane, of one revision or several. Whatever is of an Istio kind, or is to be injected with a sidecar,
 * depends on this component.
 * Guide: "Installing Istio with istioctl".
 *
 * @example
 * ```ts
 * const controlPlane = new ControlPlane("istio", { replicas: { min: 2, max: 5 } }, { provider });
 * ```
 */
export class ControlPlane extends Component {
    /** Namespace of the control plane and the ingress gateway. */
    readonly namespace: pulumi.Output<string>;
    /** Version of the default revision, once its istiod runs. */
    readonly version: pulumi.Output<string>;

    constructor(name: string, given: ControlPlaneArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("istio:ControlPlane", name, opts);

        const args = withDefaults(given, CONTROL_PLANE_DEFAULTS);
        const byDefault = defaultRevision(args);
        const namespace = new Namespace(
            `${name}-namespace`,
            { metadata: { name: ISTIO_NAMESPACE, labels: podSecurityLabels(args.podSecurity) } },
            this.childOptions,
        );
        const base = istioRelease<BaseValues>(
            `${name}-base`,
            {
                ...this.chart(args, namespace, newestVersion(args)),
                chart: "base",
                // The kinds outlive the release; a later installation adopts them only under the same name (istio/istio#43204).
                releaseName: "istio-base",
                values: { defaultRevision: byDefault.name },
                extraValues: args.extraValues.base,
            },
            this.childOptions,
        );
        // Before any pod that relies on it; its own pods reach into the nodes, so they stand apart from istio-system.
        const cni = args.cni?.enabled && this.addCni(`${name}-cni`, args, byDefault, base);
        const authorization = args.tracing?.authorization;
        // istiod reads the key at its start, and does not start without the Secret.
        const key =
            authorization &&
            authorizationSecret(`${name}-apm-key`, authorization, namespace.metadata.name, this.childOptions);
        const istiods = this.addIstiods(name, args, namespace, [base, ...(cni ? [cni] : []), ...(key ? [key] : [])]);

        this.namespace = namespace.metadata.name;
        this.version = applyIfGiven(istiods.get(byDefault.name)!.status, ({ version }) => version);
        this.registerOutputs({ namespace: this.namespace, version: this.version });
    }

    /** An istiod of each revision, and the tags that stand for them. */
    private addIstiods(name: string, args: ResolvedControlPlaneArgs, namespace: Namespace, before: pulumi.Resource[]) {
        const istiods = new Map<string, Release>();
        const addIstiod = (revision: Revision, ...others: pulumi.Resource[]) => {
            const release = istioRelease<IstiodValues>(
                `${name}-${istiodName(revision.name)}`,
                {
                    ...this.chart(args, namespace, revision.version),
                    chart: "istiod",
                    releaseName: istiodName(revision.name),
                    values: istiodValues(args, revision),
                    extraValues: args.extraValues.istiod,
                },
                this.after(...before, ...others),
            );
            istiods.set(revision.name, release);
        };
        const addTag = (tag: string, { name: revision }: Revision) =>
            revisionTag(`${name}-tag-${tag}`, tag, revision, this.after(istiods.get(revision)!));

        const inPlace = runningRevisions(args).find((revision) => revision.name === IN_PLACE);
        const others = runningRevisions(args).filter((revision) => revision.name !== IN_PLACE);
        others.forEach((revision) => addIstiod(revision));
        const byDefault = defaultRevision(args);
        // The istiod that is upgraded in place injects by default until a tag does, and stops it only then.
        const tags = byDefault.name === IN_PLACE ? [] : [addTag(DEFAULT_TAG, byDefault)];
        if (inPlace) {
            addIstiod(inPlace, ...tags);
        }
        if (others.length > 0 || args.canary) {
            addTag(CANARY_TAG, canaryRevision(args));
        }
        return istiods;
    }

    private addCni(name: string, args: ResolvedControlPlaneArgs, revision: Revision, base: Release): Release {
        return istioRelease<CniValues>(
            name,
            {
                version: revision.version,
                repository: args.chartRepository,
                namespace: CNI_NAMESPACE,
                chart: "cni",
                releaseName: "istio-cni",
                values: cniValues({ ...args, digests: revision.digests }),
                extraValues: args.extraValues.cni,
            },
            this.after(base),
        );
    }

    private chart(args: ResolvedControlPlaneArgs, namespace: Namespace, version: string) {
        return { version, repository: args.chartRepository, namespace: namespace.metadata.name };
    }
}
