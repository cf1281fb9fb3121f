import { z } from "zod";
import { describeAllowed, oneOf, unionOptions } from "./allowed";
import { nearest } from "./nearest";
import { isPlaceholder, placeholder } from "./placeholders";
import { removeCommand, setCommand } from "./problems";
import { alternatives, inner, unwrap, type Schema } from "./schemaPath";

type Issue = z.core.$ZodIssue;
type Scalar = string | number | boolean;

/**
 * Commands that put right what was most likely meant: the nearest value that is allowed, or the same value in the right
 * form. Where that cannot be told, a placeholder: a guess may open what should be closed, or remove what should stay.
 */
export function suggestion(key: string, schema: Schema | undefined, found: unknown, issue: Issue): string[] {
    const place = unwrap(schema);
    const meant = isScalar(found) && schema ? likely(found, schema, issue) : undefined;
    if (meant !== undefined) {
        return [setCommand(key, meant)];
    }
    if (place instanceof z.ZodArray) {
        return listSuggestion(key, place, found);
    }
    if (place instanceof z.ZodObject || place instanceof z.ZodRecord || place instanceof z.ZodDiscriminatedUnion) {
        return mappingSuggestion(key, place, found);
    }
    if (issue.code === "invalid_union") {
        // What would choose an alternative is none of them, so there is no schema for it.
        const options = unionOptions(issue);
        return [setCommand(key, nearest(String(found), options) ?? placeholder(oneOf(options)))];
    }
    return [setCommand(key, placeholderFor(schema, issue))];
}

/** A placeholder that says what goes there. The settings refuse it. */
export function placeholderFor(schema: Schema | undefined, issue?: Issue): string {
    const own = exampleOf(schema);
    if (typeof own === "string" && isPlaceholder(own)) {
        return own;
    }
    const words = issue && issue.code !== "invalid_union" ? describeAllowed(issue) : choices(schema);
    return placeholder(words.split(/[:;,] /)[0] || "value");
}

function choices(schema: Schema | undefined): string {
    const place = unwrap(schema);
    if (place instanceof z.ZodEnum) {
        return oneOf(place.options.map(String));
    }
    return place instanceof z.ZodDiscriminatedUnion ? oneOf(alternatives(place).map(({ value }) => value)) : "value";
}

function listSuggestion(key: string, list: z.ZodArray, found: unknown): string[] {
    const entry = isScalar(found) ? likely(found, list.element) : undefined;
    if (entry !== undefined) {
        return [removeCommand(key), setCommand(`${key}[0]`, entry)];
    }
    if (Array.isArray(found) && found.length > 0) {
        return [removeCommand(`${key}[<which>]`)];
    }
    const [first] = list.element instanceof z.ZodObject ? ["<entry>"] : [placeholderFor(list.element)];
    return [
        ...(found === undefined || Array.isArray(found) ? [] : [removeCommand(key)]),
        setCommand(`${key}[0]`, first),
    ];
}

/** A value in place of a mapping, such as `mtls: STRICT`, is meant for the one setting in it that takes it. */
function mappingSuggestion(
    key: string,
    place: z.ZodObject | z.ZodRecord | z.ZodDiscriminatedUnion,
    found: unknown,
): string[] {
    const properties = place instanceof z.ZodObject ? Object.entries<Schema>(place.shape) : [];
    const takers = properties.flatMap(([name, schema]) => {
        const value = isScalar(found) && isChoice(schema) ? likely(found, schema) : undefined;
        return value === undefined ? [] : [{ name, value }];
    });
    const [only] = takers;
    // A mapping that is there keeps what it says.
    const clear = isScalar(found) || Array.isArray(found) ? [removeCommand(key)] : [];
    if (place instanceof z.ZodDiscriminatedUnion) {
        return [...clear, setCommand(`${key}.${place.def.discriminator}`, placeholder(choices(place)))];
    }
    return only && takers.length === 1
        ? [...clear, setCommand(`${key}.${only.name}`, only.value)]
        : [...clear, setCommand(`${key}.<setting>`, "<value>")];
}

function isChoice(schema: Schema): boolean {
    const place = unwrap(schema);
    return place instanceof z.ZodEnum || place instanceof z.ZodBoolean;
}

/** The accepted value that was most likely meant by a scalar; undefined if that cannot be told. */
export function likely(found: Scalar, schema: Schema, issue?: Issue): Scalar | undefined {
    const accepted = (value: Scalar | undefined) =>
        value !== undefined && z.safeParse(schema, value).success ? value : undefined;
    // What the setting itself accepts was refused for what stands around it, which no other form changes.
    if (issue === undefined && accepted(found) !== undefined) {
        return found;
    }
    const given = accepted(found) === undefined ? candidates(found, schema, issue) : [insteadOf(issue)];
    return given.map(accepted).find((value) => value !== undefined);
}

function candidates(found: Scalar, schema: Schema, issue: Issue | undefined): (Scalar | undefined)[] {
    const place = unwrap(schema);
    const text = String(found).trim();
    if (place instanceof z.ZodBoolean) {
        return [TRUTHS[text.toLowerCase()]];
    }
    if (place instanceof z.ZodNumber) {
        return [...numbers(text), ...bound(issue)];
    }
    if (place instanceof z.ZodEnum) {
        const off = found === false ? ["off", "none"].find((word) => place.options.includes(word)) : undefined;
        return [off ?? nearest(text, place.options.map(String))];
    }
    if (place instanceof z.ZodDiscriminatedUnion || issue?.code === "invalid_union") {
        const options = issue?.code === "invalid_union" ? unionOptions(issue) : [];
        return [...numbers(text), nearest(text, options)];
    }
    if (place instanceof z.ZodLiteral) {
        return nearestLiteral(text, [...place.values]);
    }
    const isName = exampleOf(place) === "<name>";
    return [insteadOf(issue), ...textForms(text), ...(isName ? [text.toLowerCase().replace(/[\s_.]+/g, "-")] : [])];
}

/** What a check of ours would have in place of what it found. */
function insteadOf(issue: Issue | undefined): string | undefined {
    const instead: unknown = issue?.code === "custom" ? issue.params?.instead : undefined;
    return typeof instead === "string" ? instead : undefined;
}

const TRUTHS: Record<string, boolean> = {
    ...Object.fromEntries(["true", "yes", "y", "on", "1", "enabled"].map((word) => [word, true])),
    ...Object.fromEntries(["false", "no", "n", "off", "0", "disabled"].map((word) => [word, false])),
};

function numbers(text: string): number[] {
    const value = Number(text.replace(/%$/, ""));
    return text === "" || Number.isNaN(value) ? [] : [value, Math.round(value)];
}

/** The limit that was missed. Of ports, none is more likely than another. */
function bound(issue: Issue | undefined): number[] {
    const limit = issue?.code === "too_big" ? issue.maximum : issue?.code === "too_small" ? issue.minimum : undefined;
    return limit === undefined || Number(limit) === 65535 || Number(issue?.input) === 0 ? [] : [Number(limit)];
}

function nearestLiteral(text: string, values: unknown[]): Scalar[] {
    const [wanted] = numbers(text);
    const known = values.filter((value) => typeof value === "number");
    return wanted === undefined
        ? [nearest(text, values.map(String)) ?? ""]
        : known.sort((one, other) => Math.abs(one - wanted) - Math.abs(other - wanted)).slice(0, 1);
}

/** The same text in forms that settings take: none of them says anything else. */
function textForms(text: string): string[] {
    if (text === "") {
        return [];
    }
    const bare = text.replace(/^[a-z]+:\/\//i, "");
    const [host = ""] = bare.split(/[/?#]/);
    return [
        text,
        bare,
        host,
        host.replace(/:\d+$/, ""),
        host.replace(/\.$/, "").toLowerCase(),
        text.toLowerCase(),
        text.toUpperCase(),
        `/${text}`,
        text.replace(/^\d+(\.\d+)?$/, "$&s"),
        text.replace(/^(\d[\d.]*)\s+(?=[a-z%])/i, "$1"),
        text.replace(/^(\d+(?:\.\d+)?)\s*([KMGT]i?)B$/i, "$1$2"),
        `sha256:${text}`,
        text.replace(/^v(?=\d)/i, ""),
    ];
}

function exampleOf(schema: Schema | undefined): unknown {
    for (let current = schema; current; current = inner(current)) {
        const examples = z.globalRegistry.get(current)?.examples as unknown[] | undefined;
        if (examples?.[0] !== undefined) {
            return examples[0];
        }
    }
    return undefined;
}

export function isScalar(value: unknown): value is Scalar {
    return ["string", "number", "boolean"].includes(typeof value);
}
