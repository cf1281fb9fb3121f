/**
 * A recording of the program: plain JSON, in an order that does not depend on timing.
 * The JSON of `--json` is this model with a `schemaVersion` in front; docs/plan.md describes it for readers.
 */
export interface Plan {
    project: string;
    stack: string;
    /** The traffic scenario of the settings, null without one. */
    scenario: string | null;
    /** Every registered resource except the stack itself, each after its dependencies. */
    resources: Resource[];
    /** Existing resources that the program reads but does not manage (`Vcn.get(...)`). */
    reads: Read[];
    /** Provider functions that the program calls; only the cloud knows their results. */
    lookups: Lookup[];
    /** Stack outputs by name. */
    outputs: Record<string, StackOutput>;
    warnings: string[];
}

/** A registration, as the engine would receive it. */
export interface Resource {
    urn: string;
    /** Type token, such as `oci:Core/vcn:Vcn`. */
    type: string;
    /** Pulumi's logical name. */
    name: string;
    /** URN of the parent, null directly under the stack. */
    parent: string | null;
    /** URN of the explicit provider, null for a package's default provider and for components. */
    provider: string | null;
    /** False for a component. */
    custom: boolean;
    inputs: Record<string, Value>;
    /** URNs of all direct dependencies; a component is replaced by its children, as the SDK sends it. Sorted. */
    dependencies: string[];
    /** For each input that comes from other resources, their URNs. */
    propertyDependencies: Record<string, string[]>;
    protect: boolean;
    retainOnDelete: boolean;
    deleteBeforeReplace: boolean;
    /** URN of the resource whose deletion also deletes this one, as sent; `effectiveDeletedWith` adds the parents'. */
    deletedWith: string | null;
    ignoreChanges: string[];
    replaceOnChanges: string[];
    /** Former identities: URNs, or the parts that differ. */
    aliases: (string | Record<string, string | boolean>)[];
    /** Such as `{ create: "40m" }`. */
    customTimeouts: Record<string, string>;
    /** Cloud id of an existing resource that the first `pulumi up` imports. */
    importId: string | null;
    /** Components: whether the class itself called `registerOutputs`. */
    registeredOutputs: boolean;
    /** Components: what it registered. */
    outputs: Record<string, Value>;
}

export interface Read {
    urn: string;
    type: string;
    name: string;
    parent: string | null;
    provider: string | null;
    /** Cloud id, which may itself be unknown. */
    id: Value;
    inputs: Record<string, Value>;
    dependencies: string[];
}

export interface Lookup {
    /** Function token, such as `oci:Core/getServices:getServices`. */
    token: string;
    /** What it returns, as text. */
    finds: string;
    inputs: Record<string, Value>;
    /** URNs its inputs and `dependsOn` come from. */
    dependencies: string[];
}

export interface StackOutput {
    value: Value;
    /** Whether Pulumi encrypts it; an unknown value does not show this. */
    secret: boolean;
    /** URNs of the resources it comes from. */
    from: string[];
}

/** JSON, except that a value may be unknown before `pulumi up` or hidden. */
export type Value = null | boolean | number | string | Unknown | Hidden | Value[] | { [key: string]: Value };

/** Known after apply. Holds the URNs of the resources its input property comes from; none: it is looked up. */
export interface Unknown {
    $unknown: string[];
}

/** A secret. The recorder drops the value, so no report can leak it. */
export interface Hidden {
    $secret: true;
}

export const hidden: Hidden = { $secret: true };

export function isUnknown(value: unknown): value is Unknown {
    return isMap(value) && Array.isArray(value.$unknown);
}

/** URNs of the resources that an unknown value comes from; none of a value that is known. */
export function sourcesOf(value: unknown): string[] {
    return isUnknown(value) ? value.$unknown : [];
}

export function isHidden(value: unknown): value is Hidden {
    return isMap(value) && value.$secret === true;
}

/** Whether a value is a JSON object, so neither an array nor null. */
export function isMap(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path of keys and indexes, undefined if the path does not exist. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
    return path.reduce<unknown>(
        (inner, key) =>
            typeof inner === "object" && inner !== null && Object.hasOwn(inner, key)
                ? (inner as Record<string | number, unknown>)[key]
                : undefined,
        value,
    );
}
