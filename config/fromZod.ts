import { z } from "zod";
import { nearest } from "./nearest";
import { dotted, listCommands, removeCommand, setCommand, type Problem } from "./problems";
import { alternatives, inner, keysAt, schemaAt, unwrap, valueAt, type Schema } from "./schemaPath";

type Issue = z.core.$ZodIssue;

/** Keys that are wrong for a reason other than their spelling. */
const MISUNDERSTOOD: Record<string, string> = {
    "cluster.virtualNodePools": "Istio cannot run on virtual nodes; use cluster.nodePools",
    "cluster.type": "the cluster is always an ENHANCED_CLUSTER, which add-ons and node cycling need",
    "cluster.region": "the region is oci:region",
    "istio.meshConfig.outboundTrafficPolicy": "what leaves the mesh is egress.mode",
    "gateway.tls.credentialName": "a Secret that exists is gateway.tls.certificate, of source existing",
};

/** What zod found in one section, as problems a user can act on. With `hide`, values stay out of the text. */
export function problemsOf(section: string, schema: Schema, input: unknown, issues: Issue[], hide = false): Problem[] {
    return issues.flatMap((issue) => {
        if (issue.code === "unrecognized_keys") {
            return issue.keys.map((unknown) => unknownKey(section, schema, input, issue.path, unknown));
        }
        return wrongValue(section, schema, input, issue, hide);
    });
}

/** A key nobody knows, and the one that was probably meant. */
export function unknownSetting(key: string, name: string, known: string[]): Problem {
    const near = nearest(name, known);
    const hint = near === undefined ? `there are ${known.join(", ")}` : `did you mean ${near}?`;
    return { key, message: `no such setting; ${hint}`, fix: [removeCommand(key)] };
}

function wrongValue(section: string, schema: Schema, input: unknown, issue: Issue, hide: boolean): Problem[] {
    const key = dotted([section, ...issue.path]);
    const found = valueAt(input, issue.path);
    const wanted = schemaAt(schema, input, issue.path);
    if (issue.code === "invalid_key") {
        const rule = issue.issues[0]?.message ?? "another one";
        return [{ key, message: `is not a name allowed here, it must be ${rule}`, fix: [removeCommand(key)] }];
    }
    if (found === undefined) {
        return missing(key, wanted, issue);
    }
    const example = meant(found, issue) ?? acceptable(wanted, issue);
    const fix = isScalar(example) ? [setCommand(key, example)] : [removeCommand(key)];
    const shown = hide ? "set to a secret that is not shown" : shorten(found);
    const message = `is ${shown}, must be ${describeAllowed(issue)}`;
    return [{ key, message, fix: unwrap(wanted) instanceof z.ZodArray ? listFix(key, wanted) : fix }];
}

/** A mapping that is missing is what is missing in it, all the way down. */
function missing(key: string, wanted: Schema | undefined, issue: Issue): Problem[] {
    const place = unwrap(wanted);
    if (place instanceof z.ZodDiscriminatedUnion) {
        const values = alternatives(place).map(({ value }) => value);
        const selector = `${key}.${place.def.discriminator}`;
        const message = `is missing, must be ${values.join(" or ")}`;
        return [{ key: selector, message, fix: [setCommand(selector, values[0] ?? "")] }];
    }
    if (place instanceof z.ZodObject) {
        return problemsOf(key, place, {}, place.safeParse({}).error?.issues ?? []);
    }
    const example = acceptable(wanted, issue);
    const list = listFix(key, wanted);
    // An entry that is a mapping is for the editor to write: what is missing cannot be removed.
    const entries = list.length > 1 ? list : [setCommand(`${key}[0]`, "<entry>")];
    const fix = place instanceof z.ZodArray ? entries : [setCommand(key, isScalar(example) ? example : "")];
    return [{ key, message: `is missing, must be ${formatOf(place) ?? describeAllowed(issue)}`, fix }];
}

/** What a text must look like: zod says so only of one that is there. */
function formatOf(place: Schema | undefined): string | undefined {
    const [issue] = place instanceof z.ZodString ? (place.safeParse("").error?.issues ?? []) : [];
    return issue?.code === "invalid_format" || issue?.code === "custom" ? issue.message : undefined;
}

/** Entries that are mappings themselves are for the editor, not for a command. */
function listFix(key: string, list: Schema | undefined): string[] {
    const place = unwrap(list);
    const entry = place instanceof z.ZodArray ? exampleFor(place.element) : undefined;
    return entry === undefined ? [removeCommand(key)] : listCommands(key, entry);
}

function unknownKey(
    section: string,
    schema: Schema,
    input: unknown,
    path: readonly PropertyKey[],
    unknown: string,
): Problem {
    const key = dotted([section, ...path, unknown]);
    const reason = MISUNDERSTOOD[key] ?? otherAlternative(section, schema, input, path, unknown);
    return reason
        ? { key, message: reason, fix: [removeCommand(key)] }
        : unknownSetting(key, unknown, keysAt(schema, input, path));
}

/** `nodePools` beside `source: existing`: the key exists, but not for what was chosen. */
function otherAlternative(
    section: string,
    schema: Schema,
    input: unknown,
    path: readonly PropertyKey[],
    unknown: string,
): string | undefined {
    const place = unwrap(schemaAt(schema, input, path));
    if (!(place instanceof z.ZodDiscriminatedUnion)) {
        return undefined;
    }
    const owners = alternatives(place).filter((alternative) => unknown in alternative.schema.shape);
    const selector = dotted([section, ...path, place.def.discriminator]);
    const chosen = String(valueAt(input, [...path, place.def.discriminator]));
    const wanted = owners.map(({ value }) => value).join(" or ");
    return owners.length > 0 ? `goes with ${selector} ${wanted}, but ${selector} is ${chosen}` : undefined;
}

const TYPES: Record<string, string> = {
    array: "a list",
    boolean: "true or false",
    int: "a whole number",
    number: "a number",
    object: "a mapping of settings",
    record: "a mapping",
    string: "a text",
};

function describeAllowed(issue: Issue): string {
    switch (issue.code) {
        case "invalid_type":
            return TYPES[issue.expected] ?? issue.expected;
        case "invalid_value":
            return issue.values.map(String).join(" or ");
        case "invalid_union":
            return unionOptions(issue).join(" or ");
        case "too_small":
            return lowerLimit(issue);
        case "too_big":
            return sizeLimit(issue.origin, issue.maximum);
        default:
            return issue.message;
    }
}

function lowerLimit({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall): string {
    if (origin === "array") {
        return `a list of at least ${minimum}`;
    }
    if (origin === "string") {
        return "a text that is not empty";
    }
    return inclusive === false ? `more than ${minimum}` : `at least ${minimum}`;
}

function sizeLimit(origin: string, maximum: number | bigint): string {
    if (origin === "array") {
        return `a list of at most ${maximum}`;
    }
    return origin === "string" ? `at most ${maximum} characters long` : `at most ${maximum}`;
}

function unionOptions(issue: z.core.$ZodIssueInvalidUnion): string[] {
    return "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [issue.message];
}

/** The choice that was misspelt, or the number that was written as a text; undefined if nobody could tell. */
function meant(found: unknown, issue: Issue): string | number | undefined {
    if (typeof found !== "string") {
        return undefined;
    }
    if (issue.code === "invalid_value") {
        return nearest(found, issue.values.map(String));
    }
    const isNumber = issue.code === "invalid_type" && ["number", "int"].includes(issue.expected);
    return isNumber && /^\d+$/.test(found) ? Number(found) : undefined;
}

/** A value that would be accepted: what the check says, the schema's example or default, or the bound that was missed. */
function acceptable(schema: Schema | undefined, issue: Issue): unknown {
    const example = insteadOf(issue) ?? exampleFor(schema);
    if (example !== undefined) {
        return example;
    }
    switch (issue.code) {
        case "too_small":
            return issue.origin === "number" || issue.origin === "int" ? Number(issue.minimum) : "<value>";
        case "too_big":
            return issue.origin === "number" || issue.origin === "int" ? Number(issue.maximum) : "<value>";
        case "invalid_union":
            return unionOptions(issue)[0];
        default:
            return unwrap(schema) instanceof z.ZodObject || unwrap(schema) instanceof z.ZodRecord ? {} : "<value>";
    }
}

/** What a check of ours would have in place of what it found. */
function insteadOf(issue: Issue): string | undefined {
    const instead: unknown = issue.code === "custom" ? issue.params?.instead : undefined;
    return typeof instead === "string" ? instead : undefined;
}

/** The schema's own example, default or first choice, if that is a single value. */
function exampleFor(schema: Schema | undefined): string | number | boolean | undefined {
    for (let current = schema; current; current = inner(current)) {
        const examples = z.globalRegistry.get(current)?.examples as unknown[] | undefined;
        const value =
            examples?.[0] ??
            (current instanceof z.ZodDefault ? current.def.defaultValue : undefined) ??
            (current instanceof z.ZodEnum ? current.options[0] : undefined);
        if (isScalar(value)) {
            return value;
        }
    }
    return undefined;
}

function isScalar(value: unknown): value is string | number | boolean {
    return ["string", "number", "boolean"].includes(typeof value);
}

function shorten(value: unknown): string {
    const text = JSON.stringify(value);
    return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
