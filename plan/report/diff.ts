import { isHidden, isMap, isUnknown, type Plan, type Resource } from "../model";
import { compare } from "../order";
import { shortType } from "../query";
import { inWords, items, text } from "../words";

export interface Difference {
    added: Resource[];
    removed: Resource[];
    changed: { resource: Resource; changes: Change[] }[];
    /** Of the stack's outputs. */
    outputs: Change[];
}

/** One property: undefined where it does not exist. */
export interface Change {
    path: string;
    before: unknown;
    after: unknown;
}

/** Differences from an earlier plan, by URN. Plans of two stacks are compared as if they had the same name. */
export function diff(before: Plan, after: Plan): Difference {
    const earlier = asStack(before, after.stack);
    const old = new Map(earlier.resources.map((resource) => [resource.urn, resource]));
    const now = new Set(after.resources.map(({ urn }) => urn));
    return {
        added: after.resources.filter(({ urn }) => !old.has(urn)),
        removed: earlier.resources.filter(({ urn }) => !now.has(urn)),
        changed: after.resources
            .map((resource) => ({ resource, changes: changesOf(old.get(resource.urn), resource) }))
            .filter(({ resource, changes }) => old.has(resource.urn) && changes.length > 0),
        outputs: compareValues("", valuesOf(earlier), valuesOf(after)),
    };
}

/** Whether two plans are equal except for the stack's name. */
export function isEmpty({ added, removed, changed, outputs }: Difference): boolean {
    return added.length + removed.length + changed.length + outputs.length === 0;
}

/** The difference as lines: `+` added, `-` removed, `~` changed with each property's old and new value. */
export function renderDiff(difference: Difference, origin: string): string {
    if (isEmpty(difference)) {
        return `No difference from ${origin}.\n`;
    }
    const { added, removed, changed, outputs } = difference;
    const summary = `${added.length} added, ${removed.length} removed, ${changed.length} changed`;
    return [
        `Difference from ${origin}: ${summary}${outputs.length > 0 ? ", and the outputs differ" : ""}`,
        ...added.map((resource) => `+ ${label(resource.urn)}`),
        ...removed.map((resource) => `- ${label(resource.urn)}`),
        ...changedLines(changed),
        ...(outputs.length > 0 ? ["~ stack outputs", ...outputs.map(changeLine)] : []),
        "",
    ].join("\n");
}

/** Resources to which nothing happens but that they wait for others than before are one, where they wait for the same. */
function changedLines(changed: Difference["changed"]): string[] {
    const groups = new Map<string, Difference["changed"]>();
    for (const each of changed) {
        const [first, ...more] = each.changes;
        const key = first?.path === DEPENDENCIES && more.length === 0 ? changeLine(first) : each.resource.urn;
        groups.set(key, [...(groups.get(key) ?? []), each]);
    }
    return [...groups.values()].flatMap(([first, ...others]) => [
        others.length > 0 ? `~ ${others.length + 1} resources` : `~ ${label(first!.resource.urn)}`,
        ...first!.changes.map(changeLine),
    ]);
}

/** A changed property as one line. */
export function changeLine({ path, before, after }: Change): string {
    if (path === DEPENDENCIES) {
        const signed = (sign: string, urns: unknown) => items(urns).map((urn) => `${sign} ${shortLabel(text(urn))}`);
        return `    ${path}: ${cut([...signed("+", after), ...signed("-", before)].join(", "))}`;
    }
    const [old, now] = [shown(before), shown(after)];
    return `    ${path}: ${old === now ? `${now}, from other sources` : `${old} -> ${now}`}`;
}

function shown(value: unknown): string {
    if (value === undefined) {
        return "(none)";
    }
    const words = inWords(value);
    const line = words === value || typeof words !== "string" ? JSON.stringify(words) : words;
    return cut(line);
}

function cut(line: string): string {
    return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** Longer values are truncated: the JSON files have them in full. */
const longest = 160;

/** Type and name of a resource by its URN. */
function label(urn: string): string {
    const [, , type, name] = urn.split("::");
    return `${type} ${name}`;
}

function shortLabel(urn: string): string {
    const [, , type = "", name] = urn.split("::");
    return `${shortType(type)} ${name}`;
}

function valuesOf({ outputs }: Plan): Record<string, unknown> {
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

/** Everything of a registration but its identity and what the SDK derives from other fields. */
function changesOf(before: Resource | undefined, after: Resource): Change[] {
    if (!before) {
        return [];
    }
    const others = { urn: "", type: "", name: "", propertyDependencies: {}, dependencies: [] };
    return [
        ...compareDependencies(before.dependencies, after.dependencies),
        ...compareValues("", { ...before, ...others }, { ...after, ...others }),
    ];
}

/** A set, whatever its order: those that are gone as the value before, those that are new as the one after. */
const DEPENDENCIES = "dependencies";

function compareDependencies(before: string[], after: string[]): Change[] {
    const gone = before.filter((urn) => !after.includes(urn));
    const added = after.filter((urn) => !before.includes(urn));
    return gone.length + added.length > 0 ? [{ path: DEPENDENCIES, before: gone, after: added }] : [];
}

function compareValues(path: string, before: unknown, after: unknown): Change[] {
    const deeper = (Array.isArray(before) && Array.isArray(after)) || (isPlainMap(before) && isPlainMap(after));
    if (!deeper) {
        return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
    }
    const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    return (Array.isArray(after) ? keys : keys.sort(compare)).flatMap((key) =>
        compareValues(join(path, key, Array.isArray(after)), old[key], now[key]),
    );
}

function isPlainMap(value: unknown): boolean {
    return isMap(value) && !isHidden(value) && !isUnknown(value);
}

function join(path: string, key: string, isIndex: boolean): string {
    if (isIndex) {
        return `${path}[${key}]`;
    }
    if (!/^[\w$-]+$/.test(key)) {
        return `${path}["${key}"]`;
    }
    return path ? `${path}.${key}` : key;
}

/** A plan with the URNs that it would have as another stack. */
export function asStack(plan: Plan, stack: string): Plan {
    if (plan.stack === stack) {
        return plan;
    }
    const from = JSON.stringify(`urn:pulumi:${plan.stack}::`).slice(1, -1);
    const to = JSON.stringify(`urn:pulumi:${stack}::`).slice(1, -1);
    return { ...(JSON.parse(JSON.stringify(plan).replaceAll(from, to)) as Plan), stack };
}
