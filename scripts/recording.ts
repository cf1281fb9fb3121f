import { stripVTControlCharacters } from "node:util";
import { escapedXml } from "./xml";

const COLUMN = 7.8;
const LINE = 18;
const MARGIN = 16;
const BAR = 28;
/** Lines that the window shows at once. */
const WINDOW = 22;
const SECONDS = 40;

/** Classes of the codes that `styleText` writes; those that end a style end all of them. */
const STYLES: Record<string, string> = { "1": "b", "2": "d", "33": "y" };

/**
 * What a command prints on a terminal, as an SVG that first shows the command and then scrolls through its output. Plain
 * text in a picture: no script, no font, nothing from elsewhere; it stands still for readers who prefer that.
 */
export function recording(command: string, output: string): string {
    const lines = linesWithStyles(output.trimEnd());
    const columns = Math.max(...lines.map(visible));
    const width = Math.ceil(columns * COLUMN) + 2 * MARGIN;
    const height = WINDOW * LINE + BAR + MARGIN;
    // The command stands above the output.
    const hidden = Math.max(0, lines.length + 2 - WINDOW) * LINE;
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
<title id="title">A terminal: ${command} prints the plan of the dev stack, without an account or a cluster</title>
<style>
svg { color-scheme: light dark; }
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; fill: #1f2328; }
.window { fill: #f6f8fa; stroke: #d1d9e0; }
.bar { fill: #d1d9e0; }
.b { font-weight: 700; }
.d { fill: #59636e; }
.y { fill: #7d4e00; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
.window { fill: #0d1117; stroke: #3d444d; }
.bar { fill: #3d444d; }
.d { fill: #9198a1; }
.y { fill: #d29922; }
}
@media (prefers-reduced-motion: no-preference) {
.all { animation: scroll ${SECONDS}s linear infinite; }
.output { animation: appear ${SECONDS}s step-end infinite; }
}
@keyframes scroll { 0%, 15% { transform: translateY(0); } 85%, 100% { transform: translateY(-${hidden}px); } }
@keyframes appear { 0% { opacity: 0; } 3%, 100% { opacity: 1; } }
</style>
<rect class="window" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
<circle class="bar" cx="20" cy="14" r="5"/><circle class="bar" cx="38" cy="14" r="5"/><circle class="bar" cx="56" cy="14" r="5"/>
<svg y="${BAR}" width="${width}" height="${WINDOW * LINE}">
<g class="all">
${row(`$ ${command}`, 0)}
<g class="output">
${lines.map((line, index) => row(line, index + 2)).join("\n")}
</g>
</g>
</svg>
</svg>
`;
}

/** The lines that a recording shows, without the command. */
export function linesOf(svg: string): string[] {
    const [, output = ""] = svg.split('<g class="output">\n');
    const rows = [...output.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, row]) => row!);
    return rows.map((row) =>
        row.replace(/<[^>]+>/g, "").replace(/&(lt|gt|amp);|\u00a0/g, (entity) => CHARACTERS[entity]!),
    );
}

const ESCAPE = "\u001b[";
const NBSP = "\u00a0";
const CHARACTERS: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&", [NBSP]: " " };

function row(line: string, index: number): string {
    const length = visible(line) * COLUMN;
    // Fonts differ in width: whatever the reader has fills the same columns.
    const fitted = length > 0 ? ` textLength="${length.toFixed(1)}"` : "";
    return `<text x="${MARGIN}" y="${(index + 1) * LINE - 4}"${fitted}>${styled(line)}</text>`;
}

/** A line with terminal codes as spans. */
function styled(line: string): string {
    const [start = "", ...parts] = line.split(ESCAPE);
    const spans = parts.map((part) => {
        const [, code = "", text = ""] = /^(\d+)m(.*)$/.exec(part) ?? [];
        const style = STYLES[code];
        return style && text ? `<tspan class="${style}">${escaped(text)}</tspan>` : escaped(text);
    });
    return [escaped(start), ...spans].join("");
}

/** Lines of an output, each with the style that the one before leaves on. */
function linesWithStyles(output: string): string[] {
    let open = "";
    return output.split("\n").map((line) => {
        const whole = open + line;
        const last = /.*(\u001b\[(\d+)m)/.exec(whole);
        open = last && STYLES[last[2]!] ? last[1]! : "";
        return whole;
    });
}

function visible(line: string): number {
    return stripVTControlCharacters(line).length;
}

function escaped(text: string): string {
    // Of several spaces an SVG shows one, unless they do not break.
    return escapedXml(text).replace(/^ | (?= )/gm, NBSP);
}
