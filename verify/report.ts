import { styleText } from "node:util";
import { causesIn, type Finding, type Group } from "./check";
import type { Result } from "./run";

const VERDICTS: Record<Finding["verdict"], { word: string; style: "green" | "red" | "yellow" | "dim" }> = {
    passed: { word: "ok", style: "green" },
    failed: { word: "FAILED", style: "red" },
    unknown: { word: "unknown", style: "yellow" },
    skipped: { word: "skipped", style: "dim" },
};

/** Characters of what was seen: error pages may be long. */
const LONGEST = 300;

/** The results as text: a line per check, then the likely causes of what failed. */
export function renderTable(results: Result[], colour = false): string {
    const paint = (style: "green" | "red" | "yellow" | "dim" | "bold", text: string) =>
        colour ? styleText(style, text, { validateStream: false }) : text;
    const width = Math.max(0, ...results.map(({ check }) => check.name.length));
    const groups = [...new Set(results.map(({ check }) => check.group))];
    const sections = groups.map((group) => {
        const lines = results
            .filter(({ check }) => check.group === group)
            .map(({ check, finding }) => {
                const { word, style } = VERDICTS[finding.verdict];
                const expected = finding.verdict === "passed" ? "" : ` (expected: ${check.expected})`;
                return `  ${paint(style, word.padEnd(7))} ${check.name.padEnd(width)}  ${printable(finding.seen)}${expected}`;
            });
        return [paint("bold", group) + paint("dim", guideOf(group, results)), ...lines].join("\n");
    });
    return [...sections, ...troubles(results), summary(results)].join("\n\n") + "\n";
}

/** The sections of the guide that do a group's checks by hand. */
function guideOf(group: Group, results: Result[]): string {
    const checks = results.map(({ check }) => check).filter((check) => check.group === group);
    const sections = new Set(checks.flatMap(({ guide }) => guide ?? []));
    return sections.size === 0 ? "" : ` (guide: ${[...sections].join("; ")})`;
}

/** Checks that are named where several have one and the same cause. */
const NAMED = 3;

/** What failed, likeliest cause first; what several checks say, once. */
function troubles(results: Result[]): string[] {
    const checksOf = new Map<string, string[]>();
    for (const { check, finding } of results) {
        const lines = causesIn(finding).flatMap(({ what, fix, command }) => [
            `  - ${printable(what)} ${fix}`,
            ...(command === undefined ? [] : [`      ${command}`]),
        ]);
        const guide = check.guide === undefined ? "" : ` (guide: ${check.guide})`;
        const text = lines.join("\n");
        checksOf.set(text, [...(checksOf.get(text) ?? []), `${check.group}, ${check.name}${guide}`]);
    }
    checksOf.delete("");
    return [...checksOf].map(([text, checks]) => {
        const others = checks.length > NAMED ? [`${checks.length - NAMED} others`] : [];
        return `${[...checks.slice(0, NAMED), ...others].join("; ")}:\n${text}`;
    });
}

function summary(results: Result[]): string {
    const count = (verdict: Finding["verdict"]) => results.filter(({ finding }) => finding.verdict === verdict).length;
    return Object.keys(VERDICTS)
        .map((verdict) => `${count(verdict as Finding["verdict"])} ${verdict}`)
        .join(", ");
}

/** What a pod or a server said, on one line and without what would change the terminal's state. */
function printable(text: string): string {
    return text
        .replace(/\s+/g, " ")
        .replace(/\p{Cc}/gu, "")
        .slice(0, LONGEST);
}

/** The results as JSON, for programs. */
export function renderJson(stack: string, results: Result[]): string {
    const checks = results.map(({ check: { group, name, expected, guide }, finding, seconds }) => ({
        ...{ group, name, expected, guide },
        ...finding,
        seconds: Number(seconds.toFixed(3)),
    }));
    return `${JSON.stringify({ schemaVersion: 1, stack, checks }, undefined, 2)}\n`;
}

/** The results as a JUnit report, which CI services show. */
export function renderJunit(stack: string, results: Result[]): string {
    const cases = results.map(({ check, finding, seconds }) => {
        const { verdict, seen } = finding;
        const causes = causesIn(finding).map(({ what, fix }) => `${what} ${fix}`);
        const text = escape([`expected: ${check.expected}`, `seen: ${seen}`, ...causes].join("\n"));
        const inner = {
            passed: "",
            skipped: `<skipped message="${escape(seen)}"/>`,
            failed: `<failure message="${escape(seen)}">${text}</failure>`,
            unknown: `<error message="${escape(seen)}">${text}</error>`,
        }[verdict];
        const name = `name="${escape(check.name)}" classname="${check.group}" time="${seconds.toFixed(3)}"`;
        return `    <testcase ${name}>${inner}</testcase>`;
    });
    const count = (verdict: Finding["verdict"]) => results.filter(({ finding }) => finding.verdict === verdict).length;
    const counts = `tests="${results.length}" failures="${count("failed")}" errors="${count("unknown")}" skipped="${count("skipped")}"`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="${escape(stack)}" ${counts}>\n${cases.join("\n")}\n</testsuite>\n`;
}

/** XML knows neither control characters nor halves of surrogate pairs, not even escaped. */
function escape(text: string): string {
    const named: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
    return text
        .replace(/[&<>"]/g, (character) => named[character]!)
        .replace(/[^\P{Cc}\n\t]|\p{Cs}|[\uFFFE\uFFFF]/gu, "");
}
