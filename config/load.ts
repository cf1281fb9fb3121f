import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { missingFiles } from "./files";
import { growingPool, guaranteed, type Guaranteed } from "./guaranteed";
import { problemsOf, unknownSetting } from "./fromZod";
import { readOciSettings, type OciSettings } from "./oci";
import { placeProblems } from "./places";
import { isPlaceholder, placeholdersIn } from "./placeholders";
import { dotted, removeCommand, setCommand, SettingsError, type Problem } from "./problems";
import { printable, withoutSecrets } from "./redact";
import { checkRules } from "./rules";
import { valueAt } from "./schemaPath";
import { isSecretKey } from "./secretKeys";
import { sections, type SectionName, type Settings } from "./schema";
import { warningsAbout } from "./warnings";

/** A stack's settings, what the rules guarantee of them, and how to sign in to OCI where the stack uses OCI. */
export type StackSettings = Settings & Guaranteed & { oci?: OciSettings };

/** The settings of the current stack, for index.ts. Warns of what is allowed but doubtful. */
export function loadSettings(): StackSettings {
    const settings = readSettings();
    warningsAbout(settings).forEach((text) => void pulumi.log.warn(withoutSecrets(text)));
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
    const invalid: string[] = [];
    for (const name of Object.keys(sections) as SectionName[]) {
        const section = readSection(name, `${project}:${name}`);
        problems.push(...section.problems);
        if ("value" in section) {
            Object.assign(valid, { [name]: section.value });
        } else {
            invalid.push(name);
        }
    }
    const oci = usesOci(project, valid) ? readOciSettings(tenancyFor(valid)) : { problems: [] };
    const files = missingFiles(valid);
    problems.unshift(...files);
    const absent = new Set(files.map(({ key }) => key));
    problems.push(
        ...oci.problems,
        ...ociPlaceholders(),
        ...checkRules(valid).filter(({ key }) => !absent.has(key)),
        ...(oci.settings ? placeProblems(valid, oci.settings) : []),
    );
    const sure = problems.length === 0 && guaranteed(valid as Settings, oci.settings);
    if (!sure) {
        throw new SettingsError(pulumi.getStack(), problems.map(printable), invalid);
    }
    return { ...(valid as Settings), ...sure, oci: oci.settings };
}

/** Sections whose components keep what is secret in them a secret: addresses of subscriptions may hold a token. */
const MAY_BE_SECRET: SectionName[] = ["alarms"];

/** One section, with its value if it can be checked against the others. */
function readSection(name: SectionName, key: string): { problems: Problem[]; value?: unknown } {
    const secret = isSecretKey(key);
    if (secret && !MAY_BE_SECRET.includes(name)) {
        const message = "is encrypted, but would be plain text in the state and in previews; store it unencrypted";
        return { problems: [{ key: name, message, fix: [removeCommand(name)] }] };
    }
    const schema = sections[name];
    const input = parse(pulumi.runtime.getConfig(key));
    const result = schema.safeParse(input);
    const swallowed = inheritedNames(name, input);
    if (result.success) {
        // What is a placeholder and accepted as it is would go to the cluster.
        const problems = [...swallowed, ...placeholdersIn(name, input)];
        return problems.length > 0 ? { problems } : { problems, value: result.data };
    }
    const problems = [...swallowed, ...problemsOf(name, schema, input, result.error.issues, secret)];
    // Misspelt keys alone do not keep the rest from being checked.
    const rest = schema.safeParse(withoutUnknownKeys(input, result.error.issues));
    return rest.success ? { problems, value: rest.data } : { problems };
}

/** `__proto__` is no name to JavaScript, and zod passes over it without a word. */
function inheritedNames(section: string, input: unknown, path: PropertyKey[] = []): Problem[] {
    if (typeof input !== "object" || input === null) {
        return [];
    }
    return Object.entries(input).flatMap(([name, value]) => {
        const here = [...path, Array.isArray(input) ? Number(name) : name];
        const key = dotted([section, ...here]);
        const message = "is not a name allowed here";
        return name === "__proto__"
            ? [{ key, message, fix: [removeCommand(key)] }]
            : inheritedNames(section, value, here);
    });
}

function withoutUnknownKeys(input: unknown, issues: z.core.$ZodIssue[]): unknown {
    const copy: unknown = structuredClone(input);
    for (const issue of issues) {
        const place = valueAt(copy, issue.path) as Record<string, unknown>;
        (issue.code === "unrecognized_keys" ? issue.keys : []).forEach((unknown) => delete place[unknown]);
    }
    return copy;
}

/** Placeholders of commands among the standard settings of OCI. */
function ociPlaceholders(): Problem[] {
    return Object.entries(pulumi.runtime.allConfig())
        .filter(([key, value]) => key.startsWith("oci:") && isPlaceholder(value))
        .map(([key, value]) => ({
            key,
            message: `is the placeholder ${value}: put your own value in its place`,
            fix: [setCommand(key, value)],
        }));
}

/** Why the tenancy has to be known; undefined if it does not. */
function tenancyFor({ logging, cluster }: Partial<Settings>): string | undefined {
    if (logging?.oci !== undefined) {
        return "logging.oci needs it, as dynamic groups live in the tenancy";
    }
    const growing = cluster?.source === "new" ? growingPool(cluster) : -1;
    return growing < 0
        ? undefined
        : `cluster.nodePools[${growing}].autoscaling needs it, as policies are written in the tenancy's home region`;
}

/** Judged by what was written, so that a missing region is reported beside other mistakes in `cluster`. */
function usesOci(project: string, { apm, alarms, logging, network, gateway }: Partial<Settings>): boolean {
    const cluster = parse(pulumi.runtime.getConfig(`${project}:cluster`)) as { source?: string } | undefined;
    const observed = apm !== undefined || alarms !== undefined || logging?.oci !== undefined;
    // Without a network these are refused for that.
    const addressed = network !== undefined && (gateway?.dns ?? gateway?.loadBalancer?.reservedIp) !== undefined;
    return cluster?.source === "new" || cluster?.source === "existing" || observed || addressed;
}

/** Pulumi hands structured settings over as JSON, plain ones as they stand in the stack file, and nothing as no text. */
function parse(raw: string | undefined): unknown {
    if (raw === undefined || raw === "") {
        return undefined;
    }
    try {
        return /^\s*[[{]/.test(raw) ? JSON.parse(raw) : raw;
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
        .map((name) => (/[.[]/.test(name) ? setWithoutPath(name) : unknownSetting(name, name, known)));
}

/** `pulumi config set cluster.source new` makes a setting of that very name; only with `--path` does it reach inside. */
function setWithoutPath(name: string): Problem {
    const fix = [`pulumi config rm ${name}`, setCommand(name, "<value>")];
    return { key: name, message: "was set without --path, as a separate setting that has no effect", fix };
}
