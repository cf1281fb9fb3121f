import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import type { input } from "@pulumi/kubernetes/types";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import type { Inputs } from "./inputs";

/**
 * Objects of Istio and of the Gateway API refer to each other and to workloads by name, so both are required:
 * a name made up by Pulumi (`reviews-1a2b3c`) or the provider's default namespace would break those references.
 */
export interface NamedMetadata extends input.meta.v1.ObjectMeta {
    /** Name of the object. */
    name: Input<string>;
    /** Its namespace. */
    namespace: Input<string>;
}

/** Arguments of an object of a custom kind. */
export interface CustomObjectArgs<Spec> {
    /** Name, namespace, labels and annotations of the object. */
    metadata: Input<NamedMetadata>;
    /** May be empty, `{}`: for some kinds that means something, and it is sent as such. */
    spec: Inputs<Spec>;
}

/** The class of one custom kind. */
export interface CustomKind<Spec> extends Pick<typeof CustomResource, "get" | "isInstance"> {
    new (name: string, args: CustomObjectArgs<Spec>, opts?: CustomResourceOptions): CustomResource;
    /** Such as `networking.istio.io/v1`. */
    readonly apiVersion: string;
    /** Such as `VirtualService`. */
    readonly kind: string;
}

/** The base class of one custom kind. */
export function customObject<Spec>(apiVersion: string, kind: string): CustomKind<Spec> {
    return class extends CustomResource {
        static readonly apiVersion = apiVersion;
        static readonly kind = kind;

        constructor(name: string, { metadata, spec }: CustomObjectArgs<Spec>, opts?: CustomResourceOptions) {
            super(name, { apiVersion, kind, metadata, spec }, opts);
        }
    };
}
