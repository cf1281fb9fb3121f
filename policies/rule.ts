import type { Resource } from "../plan/model";

/** Environments that differ in what they are held to. */
export const LEVELS = ["prod", "dev", "local"] as const;

export type Level = (typeof LEVELS)[number];

/** What Pulumi does about a violation: refuse the update, show it, or nothing. */
export type Enforcement = "mandatory" | "advisory" | "disabled";

/** What a rule may know of a resource: the plan and Pulumi's policy host both have it before anything is created. */
export type Checked = Pick<Resource, "urn" | "type" | "name" | "protect"> & { inputs: Record<string, unknown> };

/** A finding: what is wrong, and what to change. */
export type Finding = [resource: Checked, message: string];

interface Described {
    /** Name in exceptions and reports. */
    name: string;
    /** What must hold. */
    description: string;
    /** Why, for docs/policies.md. */
    reason: string;
    levels: Record<Level, Enforcement>;
}

/** Judges one resource at a time, so that Pulumi refuses it before it is created. */
export interface ResourceRule extends Described {
    check(resource: Checked): string[];
}

/** Judges what only several resources show together, at the end of a preview. */
export interface StackRule extends Described {
    checkStack(resources: Checked[]): Finding[];
}

export type Rule = ResourceRule | StackRule;

/** The same everywhere. */
export const ALWAYS: Record<Level, Enforcement> = { prod: "mandatory", dev: "mandatory", local: "mandatory" };

/** Required in production, shown where developers share an environment. */
export const IN_PROD: Record<Level, Enforcement> = { prod: "mandatory", dev: "advisory", local: "disabled" };

/** Of no use outside production. */
export const ONLY_IN_PROD: Record<Level, Enforcement> = { prod: "mandatory", dev: "disabled", local: "disabled" };

/** What a stack says about policies, in `oke-mesh:policies`. */
export interface PolicySettings {
    level: Level;
    exceptions: Exception[];
}

/** One resource that a rule does not apply to. */
export interface Exception {
    rule: string;
    /** Kind and logical name, as violations show them: `Cluster oke-cluster`. */
    resource: string;
    reason: string;
}
