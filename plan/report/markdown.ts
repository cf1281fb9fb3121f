import type { Verdict } from "../../policies/judge";
import type { Plan, Resource } from "../model";
import { plural } from "../words";
import { renderReplaced, type Replaced } from "../replacements/render";
import { renderDiff, type Difference } from "./diff";
import { describe, groupsOf, insideOf, size, type Group } from "./groups";
import { renderMermaid } from "./mermaid";
import { meshPicture } from "./pictures/mesh";
import { MOST_ARROWS } from "./pictures/picture";
import { aboutScenario } from "../scenarios";
import { policyLines } from "./policyLines";
import { postureMarkdown } from "./postureMarkdown";
import { postureOf } from "../mesh/posture/posture";
import { describeOutput, headline, lookups, spread } from "./tree";

/** GitHub refuses comments above 65,536 characters. */
export const limit = 64_000;

/** The plan as a comment on a pull request: summary, difference, diagram, and a table per component. */
export function renderMarkdown(
    plan: Plan,
    against?: { difference: Difference; origin: string; replaced?: Replaced },
    verdict?: Verdict,
): string {
    const outputs = Object.entries(plan.outputs).map(
        ([name, output]) => `- ${code(name)}: ${code(describeOutput(output))}`,
    );
    return fit([
        `## Plan of ${code(`${plan.project}/${plan.stack}`)}\n\n${headline(plan)}`,
        aboutScenario(plan.scenario)
            .map(([title, line]) => `- ${title}: ${code(line)}`)
            .join("\n"),
        `**${plural(size(plan), "resource")} ${spread(plan)}**`,
        bulleted("Policies", verdict ? policyLines(verdict).map((line) => `- ${code(line)}`) : []),
        bulleted(
            "Warnings",
            plan.warnings.map((warning) => `- ${code(warning)}`),
        ),
        against?.replaced ? replacedSection(against.replaced) : "",
        against ? fenced("diff", cut(renderDiff(against.difference, against.origin))) : "",
        diagram(plan),
        ...security(plan),
        bulleted("Outputs", outputs),
        bulleted(
            "Looked up",
            lookups(plan).map((lookup) => `- ${lookup}`),
        ),
        ...tables(plan),
    ]);
}

/** What is replaced, before the long difference. */
function replacedSection(replaced: Replaced): string {
    const lines = renderReplaced(replaced);
    return lines ? `**Replacements**\n\n${fenced("", cut(lines))}` : "";
}

/** One folded table per component at the top, and one for what has no component. */
function tables(plan: Plan): string[] {
    const groups = groupsOf(plan);
    const single = groups.filter((group) => group.resources[0]?.custom);
    const components = groups.filter((group) => !single.includes(group));
    const loose = single.length > 0 ? [table("Without a component", "", rowsOf(single, undefined))] : [];
    return [
        ...components.map((group) => {
            const [component] = group.resources as [Resource];
            const inside = `${group.kind}, ${insideOf(plan, component)}`;
            return table(component.name, inside, rowsOf(group.groups, component));
        }),
        ...loose,
    ];
}

function table(title: string, remark: string, rows: string[]): string {
    const summary = `<details><summary><b>${markup(title)}</b> ${markup(remark)}</summary>`;
    return [summary, "", "| kind | count | what |", "| --- | ---: | --- |", ...rows, "", "</details>"].join("\n");
}

function rowsOf(groups: Group[], parent: Resource | undefined): string[] {
    return groups.flatMap((group) => {
        const [first] = group.resources;
        const what = first && !first.custom ? first.name : describe(group, parent, 40);
        const kind = first && !first.custom ? `**${markup(group.kind)}**` : markup(group.kind);
        return [
            `| ${kind} | ${group.resources.length} | ${code(what).replaceAll("|", "\\|")} |`,
            ...rowsOf(group.groups, first),
        ];
    });
}

/** Encryption, allowed callers, exposure: a graph if it shows something, and a matrix. */
function security(plan: Plan): string[] {
    const posture = postureOf(plan);
    if (!posture) {
        return [];
    }
    const { lines, matrix, graph } = postureMarkdown(posture);
    const [header = [], ...rows] = matrix.map((cells) => cells.map((cell) => code(cell).replaceAll("|", "\\|")));
    const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
    const separator = row(header.map(() => "---"));
    return [
        bulleted(
            "Security",
            lines.map((line) => `- ${code(line)}`),
        ),
        graph && graph.length <= most ? fenced("mermaid", graph) : "",
        rows.length > 0 ? `**Who may call whom**\n\n${[row(header), separator, ...rows.map(row)].join("\n")}` : "",
    ];
}

function bulleted(title: string, lines: string[]): string {
    return lines.length > 0 ? `**${title}**\n\n${lines.join("\n")}` : "";
}

/** A fence longer than any run of backticks inside, so that its content cannot close it. */
function fenced(language: string, content: string): string {
    const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = "`".repeat(longest + 1);
    return `${fence}${language}\n${content.trimEnd()}\n${fence}`;
}

/** Maximum length of one section, so that there is room for the others. */
const most = 20_000;

function cut(content: string): string {
    return content.length > most ? `${content.slice(0, content.lastIndexOf("\n", most))}\n… cut` : content;
}

/** A truncated diagram would not be drawn at all. */
function diagram(plan: Plan): string {
    const picture = meshPicture(plan);
    const drawing = renderMermaid(picture);
    if (drawing.length > most || picture.arrows.length > MOST_ARROWS) {
        return "_The diagram is too large to draw._";
    }
    return drawing ? fenced("mermaid", drawing) : "";
}

/** Text as code on one line, without any effect as markup or mention. */
function code(text: string): string {
    const clean = text.replace(/\s+/g, " ").replaceAll("`", "'").trim();
    const short = clean.length > 2_000 ? `${clean.slice(0, 2_000)}…` : clean;
    return short ? `\`${short}\`` : "";
}

function markup(text: string): string {
    return text.replace(/[^\p{L}\p{N} .,:/-]/gu, (character) => `&#${character.codePointAt(0)};`);
}

/** As many sections as fit into the comment; only whole ones, so that no table or fence stays open. */
function fit(sections: string[]): string {
    const remark = (count: number) => `_${plural(count, "section")} omitted: the comment would be too long._`;
    const present = sections.filter((section) => section !== "");
    const kept: string[] = [];
    let room = limit - remark(present.length).length - 2;
    for (const section of present) {
        if (section.length + 2 <= room) {
            kept.push(section);
            room -= section.length + 2;
        }
    }
    const left = present.length - kept.length;
    return `${[...kept, ...(left > 0 ? [remark(left)] : [])].join("\n\n")}\n`;
}
