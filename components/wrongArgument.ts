import { InputPropertyError } from "@pulumi/pulumi";

/** The error of an argument that cannot be right: its text begins with the argument, which Pulumi itself does not print. */
export function wrongArgument(propertyPath: string, problem: string): InputPropertyError {
    return new InputPropertyError({ propertyPath, reason: `${propertyPath} ${problem}` });
}

/** Refuses names of services that are none of the given: what is said of them would silently have no effect. */
export function knownServices(propertyPath: string, names: string[], services: { name: string }[]): void {
    const unknown = names.find((name) => !services.some((service) => service.name === name));
    if (unknown !== undefined) {
        throw wrongArgument(`${propertyPath}.${unknown}`, "is none of the services");
    }
}
