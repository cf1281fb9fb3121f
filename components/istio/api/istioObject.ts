import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import type { input } from "@pulumi/kubernetes/types";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import type { Inputs } from "./inputs";

/**
 * Istio's objects refer to each other and to workloads by name, so both are required:
 * a name made up by Pulumi (`reviews-1a2b3c`) or the provider's default namespace would break those references.
 */
export interface IstioMetadata extends input.meta.v1.ObjectMeta {
    name: Input<string>;
    namespace: Input<string>;
}

export interface IstioObjectArgs<Spec> {
    metadata: Input<IstioMetadata>;
    /** May be empty, `{}`: for some kinds that means something, and it is sent as such. */
    spec: Inputs<Spec>;
}

/** The base class of one Istio kind. */
export function istioObject<Spec>(apiVersion: string, kind: string) {
    return class extends CustomResource {
        static readonly apiVersion = apiVersion;
        static readonly kind = kind;

        constructor(name: string, { metadata, spec }: IstioObjectArgs<Spec>, opts?: CustomResourceOptions) {
            super(name, { apiVersion, kind, metadata, spec }, opts);
        }
    };
}
