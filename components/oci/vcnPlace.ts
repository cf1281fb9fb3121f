import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "./tags";

/** VCN, compartment and tags that all parts of a network share. */
export interface VcnPlace {
    /** Start of logical names. */
    name: string;
    /** Start of the names shown in the console. */
    displayName: string;
    inputs: {
        compartmentId: pulumi.Input<string>;
        vcnId: pulumi.Input<string>;
        freeformTags: Tags | undefined;
        definedTags: Tags | undefined;
    };
    opts: pulumi.CustomResourceOptions;
}
