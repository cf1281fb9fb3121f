import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "assets");

/** A file of the page: HTML, CSS or the browser's JavaScript. */
export function asset(name: string): string {
    return readFileSync(join(FOLDER, name), "utf8");
}

/**
 * Mermaid for the browser: a package without dependencies, and half the size of `mermaid`, of which it leaves out mindmaps
 * and formulas. Resolved at once, so that what is not installed is an error before anything is planned.
 */
export const MERMAID = require.resolve("@mermaid-js/tiny/dist/mermaid.tiny.js");
