import { InputPropertyError } from "@pulumi/pulumi";

/** The error of an argument that cannot be right: its text begins with the argument, which Pulumi itself does not print. */
export function wrongArgument(propertyPath: string, problem: string): InputPropertyError {
    return new InputPropertyError({ propertyPath, reason: `${propertyPath} ${problem}` });
}
