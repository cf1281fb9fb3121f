import { identifiers, label, shortened } from "./mermaid";
import { accessLines, furtherLines, postureLines } from "./postureLines";
import { isRefused, type Access } from "../mesh/posture/access";
import type { Posture } from "../mesh/posture/posture";

/** Workloads up to which a matrix can be read and a graph followed. */
const mostWorkloads = 20;

/** The posture's parts for Markdown; `graph` is a Mermaid diagram, empty if every caller may call everything. */
export interface PostureMarkdown {
    lines: string[];
    matrix: string[][];
    graph: string;
}

export function postureMarkdown(posture: Posture): PostureMarkdown {
    const { callers, targets, access, encryption } = posture;
    if (targets.length > mostWorkloads || targets.length === 0) {
        return { lines: postureLines(posture), matrix: [], graph: "" };
    }
    return {
        lines: [...encryption, ...furtherLines(posture)],
        matrix: [
            ["caller", ...targets],
            ...callers.map((caller, row) => [caller, ...(access[row] ?? []).map(cellWord)]),
        ],
        graph: accessLines(posture).every((line) => line.startsWith("everybody")) ? "" : graphOf(posture),
    };
}

function cellWord(cell: Access): string {
    return typeof cell === "object" ? cell.only : { all: "all", none: "—", "cut off": "cut off" }[cell];
}

/** Allowed callers. Workloads that all callers may call share one node, so that the rest stays readable. */
function graphOf({ callers, targets, access }: Posture): string {
    const id = identifiers();
    const edges = targets.flatMap((target, column): [string, string, Access][] => {
        const cells = access.map((row) => row[column] ?? "none");
        const [first = "none"] = cells;
        if (cells.every((cell) => !isRefused(cell))) {
            return [["everybody", target, first]];
        }
        return cells.flatMap((cell, row): [string, string, Access][] => {
            const caller = callers[row] ?? "";
            return isRefused(cell) || caller === target ? [] : [[caller, target, cell]];
        });
    });
    const nodes = [...new Set([...edges.map(([caller]) => caller), ...targets])];
    return [
        "flowchart LR",
        ...nodes.map((node) => `    ${id(node)}["${label(node)}"]`),
        ...edges.map(([caller, target, cell]) => {
            const words = typeof cell === "object" ? `|"${label(shortened(cell.only))}"|` : "";
            return `    ${id(caller)} -->${words} ${id(target)}`;
        }),
        "",
    ].join("\n");
}
