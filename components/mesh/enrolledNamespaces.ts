import { Namespace, NamespacePatch } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { injectionLabels } from "../istio/revisions";

/** A namespace of the mesh. */
export interface EnrolledNamespace {
    /** Whether it is made here, or labelled where it stands. */
    source: "new" | "existing";
    /** Tag or revision of the istiod that injects sidecars, from the next start of pods on. @default the default revision */
    injectedBy?: string;
}

/** Arguments of `EnrolledNamespaces`. */
export interface EnrolledNamespacesArgs {
    /** By name; `existing` ones are labelled where they stand, and stay when this goes. */
    namespaces: Record<string, EnrolledNamespace>;
}

/**
 * Brings namespaces of other applications into the mesh.
 * Guide: "Running the Bookinfo Application", step 1, for any application.
 *
 * @example
 * ```ts
 * new EnrolledNamespaces(
 *     "namespaces",
 *     { namespaces: { shop: { source: "new" } } },
 *     { provider, dependsOn: controlPlane },
 * );
 * ```
 */
export class EnrolledNamespaces extends Component {
    /** What objects in them wait for. */
    readonly namespaces: pulumi.Resource[];

    constructor(name: string, { namespaces }: EnrolledNamespacesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("mesh:EnrolledNamespaces", name, opts);

        this.namespaces = Object.entries(namespaces).map(([namespace, { source, injectedBy }]) => {
            const args = { metadata: { name: namespace, labels: injectionLabels(injectedBy) } };
            return source === "new"
                ? new Namespace(`${name}-${namespace}`, args, this.childOptions)
                : new NamespacePatch(`${name}-${namespace}`, args, this.childOptions);
        });
        this.registerOutputs({});
    }
}
