import { stripVTControlCharacters, styleText } from "node:util";
import type { Verdict } from "../../policies/judge";
import type { Lookup, Plan, Resource, StackOutput } from "../model";
import { isHidden, isUnknown } from "../model";
import { isProvider, shortType } from "../query";
import { aboutScenario } from "../scenarios";
import { plural, text } from "../words";
import { policyLines } from "./policyLines";
import { postureLines } from "./postureLines";
import { postureOf } from "../mesh/posture/posture";
import { countByPackage, describe, groupsOf, insideOf, size, type Group } from "./groups";

export interface TreeOptions {
    /** Colours for a terminal. @default false */
    colour?: boolean;
    /** Columns to fill before a line is folded. @default 120 */
    width?: number;
    /** What policies say. @default nothing is shown */
    verdict?: Verdict;
}

/** The plan as text: a tree by component, then lookups, warnings and the sources of outputs. */
export function renderTree(plan: Plan, options: TreeOptions = {}): string {
    const page = new Page(options);
    page.add(page.bold(headline(plan)));
    page.add("");
    const about = aboutScenario(plan.scenario);
    about.forEach(([title, line]) => addSection(page, title, [line]));
    if (about.length > 0) {
        page.add("");
    }
    const roots = groupsOf(plan);
    roots.forEach((group) => addGroup(page, plan, group, undefined, "", ""));
    page.add("");
    addSection(page, "Resources", [`${size(plan)} ${spread(plan)}`]);
    addSection(page, "Providers", providers(plan));
    addSection(page, "Looked up", lookups(plan));
    addSection(
        page,
        "Reads",
        plan.reads.map(({ urn }) => nameOf(urn)),
    );
    addSection(
        page,
        "Outputs",
        Object.entries(plan.outputs).map(([name, output]) => `${name}: ${describeOutput(output)}`),
    );
    const posture = postureOf(plan);
    addSection(page, "Security", posture ? postureLines(posture) : []);
    addSection(page, "Policies", options.verdict ? policyLines(options.verdict) : []);
    addSection(page, "Warnings", plan.warnings, page.yellow);
    return `${page.lines.join("\n")}\n`;
}

/** First line of the text and the Markdown. */
export function headline(plan: Plan): string {
    return `Plan of ${plan.project}/${plan.stack}: a simulation without cloud, cluster or state. Existing resources are not compared.`;
}

/** What the resources are: `in 12 components: 41 oci, 52 kubernetes`. */
export function spread(plan: Plan): string {
    const components = plan.resources.filter(({ custom }) => !custom).length;
    const byPackage = Object.entries(countByPackage(plan)).map(([name, count]) => `${count} ${name}`);
    return `in ${plural(components, "component")}: ${byPackage.join(", ") || "none"}`;
}

/** Each lookup once, however often the program calls it. */
export function lookups(plan: Plan): string[] {
    const when = ({ dependencies }: Lookup) => (dependencies.length > 0 ? " (once its source exists)" : "");
    return [...new Set(plan.lookups.map((lookup) => `${lookup.finds}${when(lookup)}`))];
}

/** A stack output as text: its value, or its source. */
export function describeOutput({ value, secret, from }: StackOutput): string {
    const hidden = secret || isHidden(value);
    const origin = from.map(nameOf).join(", ");
    if (isUnknown(value)) {
        const source = origin ? `known after apply, from ${origin}` : "looked up";
        return hidden ? `secret, ${source}` : source;
    }
    return hidden ? "secret" : text(value);
}

function nameOf(urn: string): string {
    const [, , type = "", name] = urn.split("::");
    return `${shortType(type)} ${name}`;
}

function providers(plan: Plan): string[] {
    const explicit = plan.resources.filter(isProvider).map((provider) => {
        const count = plan.resources.filter((resource) => resource.provider === provider.urn).length;
        return `${provider.name} (${shortType(provider.type)}) for ${count}`;
    });
    const without = plan.resources.filter((resource) => resource.custom && !isProvider(resource) && !resource.provider);
    return without.length > 0 ? [...explicit, `the packages' default ones for ${without.length}`] : explicit;
}

function addGroup(
    page: Page,
    plan: Plan,
    group: Group,
    parent: Resource | undefined,
    guide: string,
    below: string,
): void {
    const [first] = group.resources;
    if (!first) {
        return;
    }
    if (!first.custom) {
        page.add(`${guide}${page.bold(first.name)} ${page.dim(`${group.kind}, ${insideOf(plan, first)}`)}`);
    } else {
        const count = group.resources.length > 1 ? ` ×${group.resources.length}` : "";
        const description = group.groups.length > 0 ? first.name : describe(group, parent);
        page.fold(`${guide}${group.kind}${count}  `, description, `${below}    `);
    }
    group.groups.forEach((child, index) => {
        const last = index === group.groups.length - 1;
        addGroup(page, plan, child, first, `${below}${last ? "└─ " : "├─ "}`, `${below}${last ? "   " : "│  "}`);
    });
}

function addSection(page: Page, title: string, entries: string[], paint = (line: string) => line): void {
    entries.forEach((entry, index) => {
        page.fold(page.bold((index === 0 ? title : "").padEnd(margin)), paint(entry), " ".repeat(margin));
    });
}

const margin = 11;

/** Lines of limited width. */
class Page {
    readonly lines: string[] = [];
    readonly bold = (line: string) => this.paint("bold", line);
    readonly dim = (line: string) => this.paint("dim", line);
    readonly yellow = (line: string) => this.paint("yellow", line);

    constructor(private readonly options: TreeOptions) {}

    add(line: string): void {
        this.lines.push(line.trimEnd());
    }

    /** Adds `first` and `content`, breaking at line ends and between words; further lines start with `indent`. */
    fold(first: string, content: string, indent: string): void {
        const [line = "", ...rest] = content.split("\n");
        this.foldLine(first, line, indent);
        rest.forEach((each) => this.foldLine(indent, each, indent));
    }

    private foldLine(first: string, content: string, indent: string): void {
        const width = this.options.width ?? 120;
        let line = first;
        let empty = true;
        for (const word of content.split(" ")) {
            if (!empty && visible(line) + visible(word) + 1 > width) {
                this.add(line);
                line = indent + word;
            } else {
                line += empty ? word : ` ${word}`;
            }
            empty = false;
        }
        this.add(line);
    }

    private paint(format: "bold" | "dim" | "yellow", line: string): string {
        return this.options.colour && line.trim() ? styleText(format, line, { validateStream: false }) : line;
    }
}

/** Length on the terminal, without color codes. */
function visible(line: string): number {
    return stripVTControlCharacters(line).length;
}
