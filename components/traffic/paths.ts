import { RE2JS } from "re2js";
import type { PathMatch } from "../mesh/meshService";
import type { TextMatch } from "./serviceTraffic";

/** Every path. */
const EVERYTHING = { prefix: "/" };

/** A path as matches of its text, where its prefix ends at a slash: `/a` stands for `/a` and `/a/b`, not for `/ab`. */
export function endingAtSlash(path: PathMatch): PathMatch[] {
    if ("exact" in path) {
        return [{ exact: path.exact }];
    }
    const prefix = withoutSlash(path.prefix);
    return prefix === "/" ? [{ prefix }] : [{ exact: prefix }, { prefix: `${prefix}/` }];
}

/** A prefix that ends at a slash, without it: it does not count. */
export function withoutSlash(prefix: string): string {
    return prefix.length > 1 ? prefix.replace(/\/$/, "") : prefix;
}

/** Whether `regex` fits the whole text, by the same rules as Envoy's RE2. */
function fits(regex: string, text: string): boolean {
    return RE2JS.compile(regex).matches(text);
}

/** The text that everything a regular expression fits begins with. */
function literalStart(regex: string): string {
    // A letter before `?`, `*` or `{` may be missing, and beside a bar any start is one of several.
    const [start = ""] = /^[\w/ ~%-]*/.exec(regex) ?? [];
    const optional = /^[?*{]/.test(regex.slice(start.length));
    return hasAlternatives(regex) ? "" : start.slice(0, optional ? -1 : undefined);
}

/** Whether a bar divides the whole of a regular expression, not a group of it. */
function hasAlternatives(regex: string): boolean {
    let outside = regex.replace(/\\./g, "").replace(/\[[^\]]*\]/g, "");
    while (/\([^()]*\)/.test(outside)) {
        outside = outside.replace(/\([^()]*\)/g, "");
    }
    return outside.includes("|");
}

/** Whether everything that fits `inner` fits `outer` as well. For two regular expressions only where that is plain to see. */
export function covers(outer: TextMatch, inner: TextMatch): boolean {
    if ("exact" in inner) {
        return matches(outer, inner.exact);
    }
    if ("prefix" in outer) {
        return ("prefix" in inner ? inner.prefix : literalStart(inner.regex)).startsWith(outer.prefix);
    }
    return "regex" in outer && (outer.regex === ".*" || ("regex" in inner && inner.regex === outer.regex));
}

export function matches(match: TextMatch, text: string): boolean {
    if ("exact" in match) {
        return match.exact === text;
    }
    return "prefix" in match ? text.startsWith(match.prefix) : fits(match.regex, text);
}

/**
 * What fits both, as one match; undefined if nothing does. A regular expression is kept where all it fits lies within the
 * other; where only a part does, no single match could say which, and it counts as nothing.
 */
export function both(one: TextMatch, other: TextMatch): TextMatch | undefined {
    if (covers(other, one)) {
        return one;
    }
    return covers(one, other) ? other : undefined;
}

/** What of `paths` lies within `open`; all of `open` without `paths`. */
export function within(open: TextMatch[], paths: TextMatch[] = [EVERYTHING]): TextMatch[] {
    const found = paths.flatMap((path) => open.map((allowed) => both(path, allowed)));
    return distinct(found.filter((path) => path !== undefined));
}

/** Whether a regular expression may match both exposed paths and others. */
export function straddles(path: TextMatch, open: TextMatch[]): boolean {
    if (!("regex" in path) || open.some((allowed) => covers(allowed, path))) {
        return false;
    }
    const start = literalStart(path.regex);
    return open.some(
        (allowed) =>
            "prefix" in allowed &&
            !covers(path, allowed) &&
            (allowed.prefix.startsWith(start) || start.startsWith(allowed.prefix)),
    );
}

function distinct(paths: TextMatch[]): TextMatch[] {
    return paths.filter((path, index) => !paths.slice(0, index).some((earlier) => covers(earlier, path)));
}
