import type { StackSettings } from "../config/load";
import type { Mesh } from "../mesh/mesh";
import type { Plan } from "../plan/model";
import type { Cluster } from "./cluster";
import type { Gateway } from "./gateway";

/** Groups of checks, in the order of the guide. `traffic` sends load; all others only look. */
export const GROUPS = ["install", "services", "gateway", "traffic", "egress", "security", "objects"] as const;
export type Group = (typeof GROUPS)[number];

/** What checks know of a stack. */
export interface Subject {
    settings: StackSettings;
    mesh: Mesh;
    plan: Plan;
    cluster: Cluster;
    gateway: Gateway;
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
    /** The check needs something that this stack or machine does not have. */
    | { verdict: "skipped"; seen: string };

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
export const skipped = (seen: string): Finding => ({ verdict: "skipped", seen });
export const failed = (seen: string, causes: Cause[]): Finding => ({ verdict: "failed", seen, causes });
