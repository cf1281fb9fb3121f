import type { Resource } from "../../model";
import type { Change, Difference } from "../diff";
import type { Arrow, Box, Frame, Picture } from "./picture";

/**
 * A picture with marks for what became of it since an earlier one. What is gone stays in it, marked as removed.
 */
export function compared(before: Picture, after: Picture, difference: Difference): Picture {
    const changed = new Set(difference.changed.filter(({ changes }) => changes.some(isOfItself)).map(urnOf));
    const isTouched = (old: { urns: string[] }, now: { urns: string[] }) =>
        now.urns.some((urn) => changed.has(urn) || !old.urns.includes(urn)) || old.urns.length !== now.urns.length;
    return {
        about: after.about || before.about,
        boxes: marked(before.boxes, after.boxes, ({ id }) => id, withOldLines, isTouched),
        arrows: marked(before.arrows, after.arrows, arrowKey, withOldLines, isTouched).filter(isNews),
        frames: marked(
            before.frames,
            after.frames,
            ({ id }) => id,
            withOldTitle,
            () => false,
        ),
    };
}

/** Whether a change is more than another order of creation. */
function isOfItself({ path }: Change): boolean {
    return path !== "dependencies";
}

function urnOf({ resource }: { resource: Resource }): string {
    return resource.urn;
}

/** An arrow that stood for no traffic is nobody's loss. */
function isNews({ kind, mark }: Arrow): boolean {
    return kind !== "idle" || mark !== "removed";
}

/** What there is, as it became, then what is gone. `since` gives what changed, and undefined for what did not. */
function marked<Part extends Box | Arrow | Frame>(
    before: Part[],
    after: Part[],
    keyOf: (part: Part) => string,
    since: (old: Part, now: Part) => Part | undefined,
    isTouched: (old: Part, now: Part) => boolean,
): Part[] {
    const alike = (part: Part) => before.filter((old) => keyOf(old) === keyOf(part));
    const exact = new Map(after.map((part) => [part, alike(part).find((old) => since(old, part) === undefined)]));
    const taken = new Set(exact.values());
    const earlier = new Map(after.map((part) => [part, exact.get(part) ?? alike(part).find((old) => !taken.has(old))]));
    const kept = new Set(earlier.values());
    return [
        ...after.map((part): Part => {
            const old = earlier.get(part);
            if (!old) {
                return { ...part, mark: "added" };
            }
            const different = since(old, part);
            return different || isTouched(old, part) ? { ...(different ?? part), mark: "changed" } : part;
        }),
        ...before.filter((part) => !kept.has(part)).map((part): Part => ({ ...part, mark: "removed" })),
    ];
}

/** Copies of requests are another arrow than the requests. */
function arrowKey({ from, to, kind }: Arrow): string {
    return `${from} ${to} ${kind === "mirror" ? kind : ""}`;
}

function withOldLines<Part extends Box | Arrow>(old: Part, now: Part): Part | undefined {
    const gone = old.lines.filter((line) => !now.lines.includes(line));
    const same = gone.length === 0 && old.lines.length === now.lines.length && old.kind === now.kind;
    return same ? undefined : { ...now, lines: [...now.lines, ...(gone.length > 0 ? [`was ${gone.join(", ")}`] : [])] };
}

function withOldTitle(old: Frame, now: Frame): Frame | undefined {
    return old.title === now.title ? undefined : { ...now, title: `${now.title} (was ${old.title})` };
}
