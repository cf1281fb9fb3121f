import type { Drift } from "./drift";

/** Differences as text, an object each: missing, foreign, or what was changed in it. */
export function renderDrift(drift: Drift[], planned: number, stack: string): string {
    if (drift.length === 0) {
        return `The cluster has the ${planned} planned objects of ${stack}, unchanged, and no others of their kinds.`;
    }
    const lines = drift.map((each) => {
        switch (each.finding) {
            case "missing":
                return `- ${each.object}: missing`;
            case "foreign":
                return `+ ${each.object}: not planned`;
            case "changed":
                return `~ ${each.object}\n    ${each.path}: planned ${shown(each.planned)}, is ${shown(each.live)}`;
        }
    });
    return [...lines, "", "Undo or adopt each of them: docs/operations.md#drift"].join("\n");
}

function shown(value: unknown): string {
    return value === undefined ? "nothing" : JSON.stringify(value);
}
