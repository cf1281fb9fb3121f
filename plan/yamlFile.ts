import * as fs from "node:fs";
import * as path from "node:path";
import { isMap as isYamlMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from "yaml";
import { didYouMean } from "./didYouMean";
import { UserError } from "./errors";
import { isMap } from "./model";

/** A YAML file, with positions for errors. */
export class YamlFile {
    private readonly lines = new LineCounter();
    private readonly text: string;
    private readonly document: Document;
    private readonly content: Record<string, unknown>;

    constructor(private readonly path: string) {
        try {
            this.text = fs.readFileSync(this.path, "utf8");
        } catch (error) {
            throw new UserError(`Cannot read ${this.path}: ${(error as Error).message}`);
        }
        this.document = parseDocument(this.text, { lineCounter: this.lines, prettyErrors: false });
        const [problem] = this.document.errors;
        if (problem) {
            throw this.errorAt(problem.pos[0], problem.message);
        }
        if (this.document.contents !== null && !isYamlMap(this.document.contents)) {
            throw this.errorAt(0, "the file must hold keys and values");
        }
        try {
            this.content = (this.document.toJS() as Record<string, unknown> | null) ?? {};
        } catch (error) {
            // The parser resolves aliases only now, and its error has no position.
            throw this.errorAt(this.firstOpenAlias(), (error as Error).message);
        }
    }

    get(key: string): unknown {
        return this.content[key];
    }

    section(key: string): Record<string, unknown> {
        const value = this.get(key) ?? {};
        if (!isMap(value)) {
            throw this.error([key], `${key} must hold keys and values`);
        }
        return value;
    }

    /** Throws for the first top-level key that is not one of these. */
    allow(keys: string[]): void {
        const items = isYamlMap(this.document.contents) ? this.document.contents.items : [];
        for (const { key } of items) {
            const name = isScalar(key) ? String(key.value) : String(key);
            if (!keys.includes(name)) {
                const hint =
                    didYouMean(name, keys) || ` Settings belong under config; a stack file has ${keys.join(", ")}.`;
                throw this.errorAt(startOf(key), `a stack file has no key "${name}".${hint}`);
            }
        }
    }

    error(where: string[], message: string): UserError {
        return this.errorAt(startOf(this.document.getIn(where, true)) ?? 0, message);
    }

    /** Position of the first alias without an anchor before it. */
    private firstOpenAlias(): number | undefined {
        const open: (number | undefined)[] = [];
        visit(this.document, {
            Alias: (_, alias) => {
                if (!alias.resolve(this.document)) {
                    open.push(startOf(alias));
                }
            },
        });
        return open[0];
    }

    private errorAt(offset: number | undefined, message: string): UserError {
        const shown = path.relative(process.cwd(), this.path);
        const file = shown.startsWith("..") ? this.path : shown;
        if (offset === undefined) {
            return new UserError(`${file}: ${message}`);
        }
        const { line, col } = this.lines.linePos(offset);
        const source = this.text.split(/\r?\n/)[line - 1] ?? "";
        const margin = `${line} | `;
        const pointer = `${" ".repeat(margin.length + col - 1)}^`;
        return new UserError(`${file}:${line}:${col}: ${message}\n\n${margin}${source}\n${pointer}`);
    }
}

function startOf(node: unknown): number | undefined {
    return isNode(node) ? node.range?.[0] : undefined;
}
