import { isRefused, type Access } from "../mesh/posture/access";
import { atMost } from "../words";
import type { Posture } from "../mesh/posture/posture";

/** Lines of one subject. */
const mostLines = 40;

/** The posture as lines for a terminal. */
export function postureLines(posture: Posture): string[] {
    return [...posture.encryption, ...accessLines(posture), ...furtherLines(posture)];
}

/** Everything except encryption and allowed callers. */
export function furtherLines({ refusals, exposure, certificates, egress }: Posture): string[] {
    const titled = (title: string, lines: string[]) => atMost(mostLines, lines).map((line) => `${title}: ${line}`);
    return [
        ...titled("may also refuse", refusals),
        ...titled("exposed", exposure),
        ...titled("certificate", certificates),
        ...titled("external calls", egress),
    ];
}

/** Allowed callers of each workload; workloads with the same callers share a line. */
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
    return atMost(mostLines, lines);
}

function whoMayCall(callers: string[], cells: Access[]): string {
    const connected = cells.filter((cell) => cell !== "cut off");
    const [first = "none"] = connected;
    const same = connected.every((cell) => JSON.stringify(cell) === JSON.stringify(first));
    if (same) {
        const everybody = connected.length < cells.length ? "everybody with a sidecar" : "everybody";
        return first === "none" ? "nobody" : withWords(everybody, first);
    }
    const some = cells.flatMap((cell, row) => (isRefused(cell) ? [] : [withWords(callers[row] ?? "", cell)]));
    return some.join(", ");
}

function withWords(caller: string, cell: Access): string {
    return typeof cell === "object" ? `${caller} (${cell.only})` : caller;
}
