import { z } from "zod";
import { describeAllowed, oneOf } from "./allowed";
import { nearest } from "./nearest";
import { dotted, removeCommand, setCommand, type Problem } from "./problems";
import { withoutSecrets } from "./redact";
import { renameCommands } from "./rename";
import { alternatives, keysAt, schemaAt, unwrap, valueAt, type Schema } from "./schemaPath";
import { isScalar, likely, placeholderFor, suggestion } from "./suggest";

type Issue = z.core.$ZodIssue;

/** Keys that are wrong for a reason other than their spelling, and what their value is set with instead. */
const MISUNDERSTOOD = new Map<string, { reason: string; instead?: (value: string) => string[] }>([
    ["cluster.virtualNodePools", { reason: "Istio cannot run on virtual nodes; use cluster.nodePools" }],
    ["cluster.region", { reason: "the region is oci:region", instead: (region) => [setCommand("oci:region", region)] }],
    [
        "istio.meshConfig.outboundTrafficPolicy",
        {
            reason: "what leaves the mesh is egress.mode",
            instead: (mode) => [setCommand("egress.mode", mode)],
        },
    ],
    [
        "gateway.tls.credentialName",
        {
            reason: "a Secret that exists is gateway.tls.certificate, of source existing",
            instead: (name) => [
                setCommand("gateway.tls.certificate.source", "existing"),
                setCommand("gateway.tls.certificate.secretName", name),
            ],
        },
    ],
]);

/** What zod found in one section, as problems a user can act on. With `hide`, values stay out of the text. */
export function problemsOf(section: string, schema: Schema, input: unknown, issues: Issue[], hide = false): Problem[] {
    return issues.flatMap((issue) => {
        if (issue.code === "unrecognized_keys") {
            return issue.keys.map((unknown) => unknownKey(section, schema, input, issue.path, unknown, hide));
        }
        return issue.code === "invalid_key"
            ? [wrongName(section, schema, input, issue, hide)]
            : wrongValue(section, schema, input, issue, hide);
    });
}

/** An unknown key, and the key that was probably meant, which gets the value. */
export function unknownSetting(key: string, name: string, known: string[], value?: unknown, taken = false): Problem {
    const near = nearest(name, known);
    const hint = near === undefined ? `there are ${known.join(", ")}` : `did you mean ${near}?`;
    const moved = near !== undefined && value !== undefined && !taken;
    const fix = moved ? renameCommands(key, `${key.slice(0, -name.length)}${near}`, value) : [removeCommand(key)];
    return { key, message: `no such setting; ${hint}`, fix };
}

function wrongValue(section: string, schema: Schema, input: unknown, issue: Issue, hide: boolean): Problem[] {
    const key = dotted([section, ...issue.path]);
    const found = valueAt(input, issue.path);
    const wanted = schemaAt(schema, input, issue.path);
    if (found === undefined) {
        return missing(key, wanted, issue);
    }
    const shown = hide ? "set to a secret that is not shown" : withoutSecrets(shorten(found));
    const fix = hide ? [setCommand(key, placeholderFor(wanted, issue))] : suggestion(key, wanted, found, issue);
    return [{ key, message: `is ${shown}, must be ${describeAllowed(issue)}${quoteIt(found, issue)}`, fix }];
}

/** YAML takes 1.20 and yes for something else than a text. */
function quoteIt(found: unknown, issue: Issue): string {
    const unquoted = issue.code === "invalid_type" && issue.expected === "string" && isScalar(found);
    return unquoted ? ": put it in quotes" : "";
}

/** A name of the user's choosing that cannot be one. */
function wrongName(section: string, schema: Schema, input: unknown, issue: Issue, hide: boolean): Problem {
    const name = String(issue.path.at(-1));
    const key = dotted([section, ...issue.path]);
    const owner = unwrap(schemaAt(schema, input, issue.path.slice(0, -1)));
    const names = owner instanceof z.ZodRecord ? owner.keyType : undefined;
    const [reason] = issue.code === "invalid_key" ? issue.issues : [];
    const rule = reason ? describeAllowed(reason) : "another one";
    const better = names && likely(name, names);
    const value = hide ? undefined : valueAt(input, issue.path);
    const to = dotted([section, ...issue.path.slice(0, -1), String(better ?? placeholderFor(names, reason))]);
    return { key, message: `is not a name allowed here, it must be ${rule}`, fix: renameCommands(key, to, value) };
}

/** A mapping that is missing is what is missing in it, all the way down. */
function missing(key: string, wanted: Schema | undefined, issue: Issue): Problem[] {
    const place = unwrap(wanted);
    if (place instanceof z.ZodDiscriminatedUnion) {
        const values = alternatives(place).map(({ value }) => value);
        const selector = `${key}.${place.def.discriminator}`;
        const fix = [setCommand(selector, placeholderFor(place))];
        return [{ key: selector, message: `is missing, must be ${oneOf(values)}`, fix }];
    }
    if (place instanceof z.ZodObject) {
        return problemsOf(key, place, {}, place.safeParse({}).error?.issues ?? []);
    }
    const format = formatOf(place);
    const message = `is missing, must be ${format ? describeAllowed(format) : describeAllowed(issue)}`;
    return [{ key, message, fix: suggestion(key, wanted, undefined, format ?? issue) }];
}

/** What a text must look like: zod says so only of one that is there. */
function formatOf(place: Schema | undefined): Issue | undefined {
    const [issue] = place instanceof z.ZodString ? (place.safeParse("").error?.issues ?? []) : [];
    return issue?.code === "invalid_format" || issue?.code === "custom" ? issue : undefined;
}

function unknownKey(
    section: string,
    schema: Schema,
    input: unknown,
    path: readonly PropertyKey[],
    unknown: string,
    hide: boolean,
): Problem {
    const key = dotted([section, ...path, unknown]);
    const value = hide ? undefined : valueAt(input, [...path, unknown]);
    const { reason, instead } = MISUNDERSTOOD.get(key) ?? {
        reason: otherAlternative(section, schema, input, path, unknown),
    };
    if (reason !== undefined) {
        // Istio has some of them as a mapping with a mode in it.
        const inside = typeof value === "string" ? value : valueAt(value, ["mode"]);
        const moved = typeof inside === "string" ? (instead?.(inside) ?? []) : [];
        return { key, message: reason, fix: [...moved, removeCommand(key)] };
    }
    const known = keysAt(schema, input, path);
    const taken = valueAt(input, [...path, nearest(unknown, known) ?? ""]) !== undefined;
    return unknownSetting(key, unknown, known, value, taken);
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
    const owners = alternatives(place).filter((alternative) => Object.hasOwn(alternative.schema.shape, unknown));
    const selector = dotted([section, ...path, place.def.discriminator]);
    const chosen = String(valueAt(input, [...path, place.def.discriminator]));
    const wanted = owners.map(({ value }) => value).join(" or ");
    return owners.length > 0 ? `goes with ${selector} ${wanted}, but ${selector} is ${chosen}` : undefined;
}

function shorten(value: unknown): string {
    const text = JSON.stringify(value);
    return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
