import { isHidden, isMap, isUnknown } from "./model";

/** A value as text on one line. */
export function text(value: unknown): string {
    if (isHidden(value)) {
        return "[secret]";
    }
    if (isUnknown(value)) {
        return value.$unknown.length > 0 ? "known after apply" : "looked up";
    }
    return typeof value === "string" ? value : JSON.stringify(value);
}

/** A value without the plan's marks: what is unknown or secret is a text that says so. */
export function inWords(value: unknown): unknown {
    if (isHidden(value) || isUnknown(value)) {
        return text(value);
    }
    if (Array.isArray(value)) {
        return value.map(inWords);
    }
    return isMap(value)
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inWords(inner)]))
        : value;
}

/** The array at a path; empty if it does not exist or is unknown. */
export function items<Item = unknown>(value: unknown): Item[] {
    return Array.isArray(value) ? (value as Item[]) : [];
}

export function list(value: unknown): string {
    return Array.isArray(value) ? value.map(text).join(", ") : value === undefined ? "" : text(value);
}

/** `2 rules`; undefined if there is no list. */
export function count(value: unknown, noun: string): string | undefined {
    return Array.isArray(value) ? plural(value.length, noun) : undefined;
}

/** `1 rule`, `2 rules`. */
export function plural(amount: number, noun: string): string {
    return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

export function prefixed(prefix: string, value: unknown): string | undefined {
    return value === undefined || value === "" ? undefined : prefix + text(value);
}

export function suffixed(value: unknown, suffix: string): string | undefined {
    return value === undefined ? undefined : text(value) + suffix;
}

export function lower(value: unknown): unknown {
    return typeof value === "string" ? value.toLowerCase().replaceAll("_", " ") : value;
}

export function withoutScheme(value: unknown): unknown {
    return typeof value === "string" ? value.replace(/^https:\/\//, "") : value;
}

export function basename(value: unknown): unknown {
    return typeof value === "string" ? value.slice(value.lastIndexOf("/") + 1) : value;
}

/** The first lines and the number of the others, so that a mesh of hundreds of services stays readable. */
export function atMost(most: number, lines: string[]): string[] {
    const left = lines.length - most;
    return left > 0 ? [...lines.slice(0, most), `… and ${left} more lines`] : lines;
}

/** The beginning of a text that is longer than there is room for, and that it goes on. */
export function cutTo(most: number, text: string): string {
    return text.length > most ? `${text.slice(0, most)}\n… cut` : text;
}
