import * as pulumi from "@pulumi/pulumi";

import { problemsOf, unknownSetting } from "./fromZod";
import { readOciSettings, type OciSettings } from "./oci";
import { SettingsError, type Problem } from "./problems";
import { checkRules } from "./rules";
import { isSecretKey } from "./secretKeys";
import { sections, type SectionName, type Settings } from "./schema";
import { warningsAbout } from "./warnings";

/** A stack's settings together with how to sign in to OCI, where the stack uses OCI. */
export type StackSettings = Settings & { oci?: OciSettings };

/** The settings of the current stack, for index.ts. Warns of what is allowed but doubtful. */
export function loadSettings(): StackSettings {
    const settings = readSettings();
    warningsAbout(settings).forEach((text) => void pulumi.log.warn(text));
    return settings;
}

/**
 * Reads and checks the settings: the only place that reads `pulumi.Config`.
 * Throws one SettingsError with every problem, before any resource is registered.
 */
export function readSettings(): StackSettings {
    const project = pulumi.getProject();
    const problems: Problem[] = [...unknownSections(project)];
    const valid: Partial<Settings> = {};
    for (const name of Object.keys(sections) as SectionName[]) {
        const key = `${project}:${name}`;
        const schema = sections[name];
        const input = parse(pulumi.runtime.getConfig(key));
        const result = schema.safeParse(input, { reportInput: true });
        if (result.success) {
            Object.assign(valid, { [name]: result.data });
        } else {
            problems.push(...problemsOf(name, schema, input, result.error.issues, isSecretKey(key)));
        }
    }
    const oci = usesOci(project) ? readOciSettings() : { problems: [] };
    problems.push(...oci.problems, ...checkRules(valid));
    if (problems.length > 0) {
        throw new SettingsError(pulumi.getStack(), problems);
    }
    return { ...(valid as Settings), oci: oci.settings };
}

/** Judged by what was written, so that a missing region is reported beside other mistakes in `cluster`. */
function usesOci(project: string): boolean {
    const cluster = parse(pulumi.runtime.getConfig(`${project}:cluster`)) as { source?: string } | undefined;
    return cluster !== undefined && cluster.source !== "kubeconfig";
}

/** Pulumi hands structured settings over as JSON and plain ones as they stand in the stack file. */
function parse(raw: string | undefined): unknown {
    if (raw === undefined || !/^\s*[[{]/.test(raw)) {
        return raw;
    }
    try {
        return JSON.parse(raw);
    } catch {
        return raw;
    }
}

function unknownSections(project: string): Problem[] {
    const known = Object.keys(sections);
    return Object.keys(pulumi.runtime.allConfig())
        .filter((key) => key.startsWith(`${project}:`))
        .map((key) => key.slice(project.length + 1))
        .filter((name) => !known.includes(name))
        .sort()
        .map((name) => unknownSetting(name, name, known));
}
