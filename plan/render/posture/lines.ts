import type { Access } from "./access";
import type { Posture } from "./posture";

/** Lines of access, so that a mesh of hundreds of services stays readable. */
const mostLines = 40;

/** The posture for a terminal, a line each. */
export function postureLines(posture: Posture): string[] {
    const { encryption, refusals, exposure } = posture;
    return [
        ...encryption,
        ...accessLines(posture),
        ...refusals.map((policy) => `may refuse besides: ${policy}`),
        ...exposure.map((line) => `open outside: ${line}`),
    ];
}

/** Who may call each workload; those that the same callers may call share a line. */
export function accessLines({ callers, targets, access }: Posture): string[] {
    const groups = new Map<string, string[]>();
    targets.forEach((target, column) => {
        const who = whoMayCall(
            callers,
            access.map((row) => row[column]!),
        );
        groups.set(who, [...(groups.get(who) ?? []), target]);
    });
    const lines = [...groups].map(([who, names]) => `${who} may call ${names.join(", ")}`);
    const left = lines.length - mostLines;
    return left > 0 ? [...lines.slice(0, mostLines), `… and ${left} more lines`] : lines;
}

function whoMayCall(callers: string[], cells: Access[]): string {
    const connected = cells.filter((cell) => cell !== "cut off");
    const [first = "none"] = connected;
    const same = connected.every((cell) => JSON.stringify(cell) === JSON.stringify(first));
    if (same) {
        const everybody = connected.length < cells.length ? "everybody with a sidecar" : "everybody";
        return first === "none" ? "nobody" : withWords(everybody, first);
    }
    const some = cells.flatMap((cell, row) =>
        cell === "none" || cell === "cut off" ? [] : [withWords(callers[row] ?? "", cell)],
    );
    return some.join(", ");
}

function withWords(caller: string, cell: Access): string {
    return typeof cell === "object" ? `${caller} (${cell.only})` : caller;
}
