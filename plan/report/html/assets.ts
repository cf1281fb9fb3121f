import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "assets");

/** A file of the page: HTML, CSS or the browser's JavaScript. */
export function asset(name: string): string {
    return readFileSync(join(FOLDER, name), "utf8");
}

/** The package that draws: without dependencies, and half the size of `mermaid`, of which it leaves out mindmaps and formulas. */
export const MERMAID = "@mermaid-js/tiny/dist/mermaid.tiny.js";

/** Mermaid for the browser. */
export function mermaidSource(): string {
    return readFileSync(require.resolve(MERMAID), "utf8");
}
