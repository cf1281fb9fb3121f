import { Namespace, NamespacePatch } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";

export interface EnrolledNamespacesArgs {
    /** By name; `existing` ones are labelled where they stand, and stay when this goes. */
    namespaces: Record<string, { source: "new" | "existing" }>;
}

/** Label that makes istiod inject sidecars into a namespace's pods, from their next start on. */
const INJECTED = { "istio-injection": "enabled" };

/**
 * Brings namespaces of other applications into the mesh.
 * Guide: "Running the Bookinfo Application", step 1, for any application.
 */
export class EnrolledNamespaces extends Component {
    readonly namespaces: pulumi.Resource[];

    constructor(name: string, { namespaces }: EnrolledNamespacesArgs, opts: pulumi.ComponentResourceOptions) {
        super("mesh:EnrolledNamespaces", name, opts);

        this.namespaces = Object.entries(namespaces).map(([namespace, { source }]) => {
            const args = { metadata: { name: namespace, labels: INJECTED } };
            return source === "new"
                ? new Namespace(`${name}-${namespace}`, args, this.childOptions)
                : new NamespacePatch(`${name}-${namespace}`, args, this.childOptions);
        });
        this.registerOutputs({});
    }
}
