import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "./tags";

/** Where in a VCN something goes: what the parts of one network have in common. */
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
