import type * as pulumi from "@pulumi/pulumi";

/** Tags of a resource on OCI, free-form or defined (`Namespace.Key`). */
export type Tags = pulumi.Input<Record<string, pulumi.Input<string>>>;
