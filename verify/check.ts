import type { StackSettings } from "../config/load";
import type { Mesh } from "../mesh/mesh";
import type { Plan } from "../plan/model";
import type { Cluster } from "./cluster";
import type { Gateway } from "./gateway";
import type { Pair } from "./http";
import type { Oci } from "./oci";

/** Groups of checks, in the order of the guide. `traffic` sends load; all others only look. */
export const GROUPS = [
    "install",
    "services",
    "gateway",
    "traffic",
    "egress",
    "security",
    "addons",
    "tracing",
    "logging",
    "alarms",
    "objects",
] as const;
export type Group = (typeof GROUPS)[number];

/** What checks know of a stack. */
export interface Subject {
    settings: StackSettings;
    mesh: Mesh;
    plan: Plan;
    cluster: Cluster;
    gateway: Gateway;
    oci: Oci;
    /** The stack's outputs, as far as Pulumi knows them here. */
    outputs: Record<string, unknown>;
    /** What to show where the gateway asks clients for a certificate. @default nothing: such hosts are left out */
    client?: Pair;
}

/** Why something most likely failed, and what to do about it. */
export interface Cause {
    /** What is wrong, as far as the check can see. */
    what: string;
    /** What to do. */
    fix: string;
    /** A command that shows more, or fixes it. */
    command?: string;
}

export type Finding =
    | { verdict: "passed"; seen: string }
    | { verdict: "failed"; seen: string; causes: Cause[] }
    /** The check could not be made: nothing is known. */
    | { verdict: "unknown"; seen: string; causes: Cause[] }
    /** Not checked: the check needs something that this stack or machine does not have. */
    | { verdict: "skipped"; seen: string; causes?: Cause[] };

export interface Check {
    group: Group;
    /** What is checked, in a few words. */
    name: string;
    /** What the settings say. */
    expected: string;
    /** Section of the guide that does it by hand. */
    guide?: string;
    run: () => Promise<Finding>;
}

export const passed = (seen: string): Finding => ({ verdict: "passed", seen });
/** @param instead How to check it otherwise. @default not at all */
export const skipped = (seen: string, instead?: Cause[]): Finding => ({
    verdict: "skipped",
    seen,
    ...(instead && { causes: instead }),
});
export const failed = (seen: string, causes: Cause[]): Finding => ({ verdict: "failed", seen, causes });

/** The causes of a finding, or what else there is to do about it. */
export const causesIn = (finding: Finding): Cause[] => ("causes" in finding ? finding.causes : undefined) ?? [];
