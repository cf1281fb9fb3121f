import type { Arrow, ArrowKind, Box, BoxKind, Frame, Picture } from "./pictures/picture";

interface MermaidOptions {
    /** Whether arrows get names that say what they stand for: pictures.css reads them. Needs Mermaid 11.5. @default false */
    named?: boolean;
}

/** A picture as text for Mermaid. Empty without boxes. */
export function renderMermaid({ boxes, arrows, frames }: Picture, { named = false }: MermaidOptions = {}): string {
    if (boxes.length === 0) {
        return "";
    }
    const id = identifiers();
    const names = new Set(frames.map((frame) => frame.id));
    const inside = (frame: string | undefined): string[] => [
        ...boxes.filter((each) => each.frame === frame).map((each) => boxLine(each, id)),
        ...frames.filter((each) => each.frame === frame).flatMap((each) => frameLines(each, inside(each.id), id)),
    ];
    const marked = [...boxes, ...frames].filter(({ mark }) => mark !== undefined);
    return [
        "flowchart TB",
        ...[
            ...inside(undefined),
            ...stacks(boxes, arrows).map(([above, below]) => `${id(above)} ~~~ ${id(below)}`),
            ...arrows.map((each, index) => arrowLine(each, id, named ? `e${index}${nameOf(each, names)}@` : "")),
            ...marked.map((each) => `class ${id(each.id)} ${each.mark}`),
        ].map((line) => `    ${line}`),
        "",
    ].join("\n");
}

/** Boxes of a frame that no arrow touches stand side by side otherwise, and make pictures wide. */
const inAStack = 3;

/** Pairs of such boxes, one above the other. */
function stacks(boxes: Box[], arrows: Arrow[]): [above: string, below: string][] {
    const touched = new Set(arrows.flatMap(({ from, to }) => [from, to]));
    const lonely = boxes.filter(({ id, frame }) => frame !== undefined && !touched.has(id) && touched.size > 0);
    return lonely.flatMap(({ id, frame }, index): [string, string][] => {
        const before = lonely[index - 1];
        return before && before.frame === frame && index % inAStack !== 0 ? [[before.id, id]] : [];
    });
}

/** Mermaid breaks longer lines itself, less well. */
const besideArrows = 26;

/** Line and head; the line grows with the columns that it passes. */
const ARROWS: Record<ArrowKind, (length: number) => string> = {
    flow: (length) => `--${"-".repeat(length - 1)}>`,
    allowed: (length) => `--${"-".repeat(length - 1)}>`,
    idle: (length) => `-${".".repeat(length)}->`,
    refused: (length) => `--${"-".repeat(length - 1)}x`,
    mirror: (length) => `-${".".repeat(length)}->`,
    plain: (length) => `--${"-".repeat(length - 1)}>`,
};

function arrowLine({ from, to, kind, lines, length = 1, both }: Arrow, id: Identify, name: string): string {
    const words = lines.length > 0 ? `|"${labelOf(lines, besideArrows)}"|` : "";
    return `${id(from)} ${name}${both ? "<" : ""}${ARROWS[kind](length)}${words} ${id(to)}`;
}

/** What an arrow stands for, as part of its name: Mermaid drops classes of arrows. */
function nameOf({ from, to, kind, mark }: Arrow, frames: Set<string>): string {
    const ends = [frames.has(from) ? "leaves" : undefined, frames.has(to) ? "enters" : undefined];
    return [kind, mark, ...ends].map((part) => (part === undefined ? "" : `_${part}`)).join("");
}

/** Around the label, by what a box stands for. */
const SHAPES: Record<BoxKind, [open: string, close: string]> = {
    outside: ["(", ")"],
    gateway: ["{{", "}}"],
    service: ["[", "]"],
    troubled: ["[", "]"],
    version: ["(", ")"],
    account: ["[", "]"],
    external: ["(", ")"],
    plain: ["[", "]"],
    subnet: ["[", "]"],
    public: ["[", "]"],
    exit: ["{{", "}}"],
};

function boxLine({ id: name, kind, lines }: Box, id: Identify): string {
    const [open, close] = SHAPES[kind];
    return `${id(name)}${open}"${label(...lines)}"${close}:::${kind}`;
}

function frameLines(frame: Frame, content: string[], id: Identify): string[] {
    return [`subgraph ${id(frame.id)}["${escaped(frame.title)}"]`, ...content.map((line) => `    ${line}`), "end"];
}

type Identify = (name: string) => string;

/** Names that a diagram may have for its nodes. */
export function identifiers(): Identify {
    const ids = new Map<string, string>();
    return (name) => ids.get(name) ?? ids.set(name, `n${ids.size}`).get(name)!;
}

/** Lines of a node, safe inside double quotes. Long ones are broken where a list goes on. */
export function label(...lines: string[]): string {
    return labelOf(lines, 34);
}

/** The same for `columns` characters a line. */
function labelOf(lines: string[], columns: number): string {
    return lines
        .flatMap((line) => folded(line, columns))
        .map(escaped)
        .join("<br/>");
}

function folded(line: string, columns: number): string[] {
    const lines: string[] = [];
    for (const word of line.split(" ")) {
        const last = lines.at(-1);
        if (last !== undefined && last.length + word.length < columns) {
            lines[lines.length - 1] = `${last} ${word}`;
        } else {
            lines.push(word);
        }
    }
    return lines;
}

/** Mermaid writes special characters as `#code;`; markup of any kind must not come through from a name. */
function escaped(text: string): string {
    return text.replace(/[^\p{L}\p{N} .,:/*…_%()=+-]/gu, (character) => `#${character.codePointAt(0)};`);
}

/** A text that fits beside an arrow. */
export function shortened(text: string): string {
    return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
