import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import GithubSlugger from "github-slugger";
import { marked, type Token } from "marked";

const root = path.join(__dirname, "../..");

const pagesIn = (folder: string, recursive = true) =>
    readdirSync(path.join(root, folder), { recursive, encoding: "utf8" })
        .filter((name) => name.endsWith(".md"))
        .map((name) => path.posix.join(folder, name));

/** README, CONTRIBUTING and the like, and every page of docs and examples. */
export const PAGES = [...pagesIn(".", false), ...pagesIn("docs"), ...pagesIn("examples")];

/** What a Markdown renderer makes of a page. */
export interface Page {
    /** Where its links lead, and where its images are. */
    targets: string[];
    /** Anchors of its headings, as GitHub makes them. */
    anchors: string[];
    /** Lines of its prose, with the text of links instead of their addresses. */
    prose: string[];
    /** Words that it shows as code. */
    codes: string[];
    /** Blocks of code. */
    blocks: { language: string; text: string }[];
    /** First cells of the rows of its tables. */
    rows: string[];
}

const pages = new Map<string, Page>();

/** A page of the repository, rendered once. */
export function page(file: string): Page {
    const known = pages.get(file) ?? rendered(readFileSync(path.join(root, file), "utf8"));
    pages.set(file, known);
    return known;
}

/** The blocks of code in a language that a page shows, in its order. */
export function codeIn(file: string, language: string): string[] {
    return page(file).blocks.flatMap((block) => (block.language === language ? [block.text] : []));
}

function rendered(markdown: string): Page {
    const found: Page = { targets: [], anchors: [], prose: [], codes: [], blocks: [], rows: [] };
    const slugger = new GithubSlugger();
    void marked.walkTokens(marked.lexer(markdown), (token) => {
        switch (token.type) {
            case "link":
            case "image":
                found.targets.push(String(token.href));
                break;
            case "html":
                found.targets.push(...[...token.raw.matchAll(/ (?:href|src|srcset)="([^"]+)"/g)].map(([, to]) => to!));
                break;
            case "heading":
                found.anchors.push(slugger.slug(textOf(token)));
                found.prose.push(...linesOf(token));
                break;
            case "paragraph":
                found.prose.push(...linesOf(token));
                break;
            case "text":
                // Of a list's item, which holds further tokens; in a paragraph it is a part of lines that are there already.
                found.prose.push(...("tokens" in token ? linesOf(token) : []));
                break;
            case "codespan":
                found.codes.push(String(token.text));
                break;
            case "code":
                found.blocks.push({ language: String(token.lang ?? ""), text: `${token.text}\n` });
                break;
            case "table":
                found.rows.push(...(token.rows as { text: string }[][]).map(([first]) => first!.text));
                break;
        }
    });
    return found;
}

/** Text of a token as a reader sees it. */
function textOf(token: Token): string {
    const inner = "tokens" in token ? token.tokens : undefined;
    return inner ? inner.map(textOf).join("") : "text" in token ? String(token.text) : "";
}

function linesOf({ raw }: Token): string[] {
    return raw.replace(/\]\([^)]*\)/g, "]").split("\n");
}
