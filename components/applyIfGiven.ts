import type * as pulumi from "@pulumi/pulumi";

/**
 * `apply` on what a provider returns. In tests of users (`pulumi.runtime.setMocks`) providers often return nothing but what
 * they are given: what is made of a missing value is missing too then, instead of an error.
 */
export function applyIfGiven<T, U>(
    output: pulumi.Output<T>,
    transform: (value: T) => pulumi.Input<U>,
): pulumi.Output<U> {
    const missing = (value: T | undefined): value is undefined => value === undefined;
    return output.apply((value) => (missing(value) ? undefined : transform(value))) as pulumi.Output<U>;
}
