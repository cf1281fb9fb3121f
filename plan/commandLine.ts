import * as path from "node:path";
import { help, readArguments, type Arguments } from "./arguments";
import { readFile, refuseForeignFolder, writeFile, writeFolder } from "./files";
import { judge, isRefused, type Verdict } from "../policies/judge";
import type { Plan } from "./model";
import { policySettings } from "./policies";
import type * as recorder from "./record/record";
import { against, type Against } from "./report/against";
import { renderDiff } from "./report/diff";
import type * as htmlReport from "./report/html/page";
import { renderReplaced, replacedAsJson } from "./replacements/render";
import { parseJson, renderJson } from "./report/json";
import { renderManifests } from "./report/manifests";
import { renderMarkdown } from "./report/markdown";
import { renderTree } from "./report/tree";

/** Whether what is planned may be created, by its policies. */
export type Outcome = "planned" | "refused";

interface Surroundings {
    /** Folder of the project. @default the current one */
    folder?: string;
    /** Receives the plan as text. @default standard output */
    print?: (text: string) => void;
}

/** Runs the command line. Throws a UserError for what the user can fix, before anything is written. */
export async function run(
    argv: string[],
    { folder = process.cwd(), print = toStdout }: Surroundings = {},
): Promise<Outcome> {
    const args = readArguments(argv, process.env);
    if (args.help) {
        print(help);
        return "planned";
    }
    if (args.manifests) {
        refuseForeignFolder(args.manifests);
    }
    // Read before anything is written: `--json` may well name the same file.
    const earlier = args.against && parseJson(readFile(args.against), args.against);
    // Its drawing library is large, and needed for nothing else.
    const page = args.html ? (require("./report/html/page") as typeof htmlReport) : undefined;
    const plan = await recorded(args, folder);
    const verdict = judge(plan.resources, policySettings(folder, args.stack));
    const since = earlier ? against(earlier, plan, originOf(earlier, plan, args.against!)) : undefined;
    write(plan, args, verdict, since);
    if (args.html && page) {
        writeFile(args.html, page.renderHtml(plan, { against: since, verdict }));
    }
    const colour = process.stdout.isTTY && process.stdout.hasColors();
    const width = Math.max(60, Math.min(process.stdout.columns || 120, 160));
    const difference = since ? `\n${renderDiff(since.difference, since.origin)}${renderReplaced(since.replaced)}` : "";
    print(renderTree(plan, { colour, width, verdict }) + difference);
    return isRefused(verdict) ? "refused" : "planned";
}

/** The earlier plan as the difference's title names it. */
function originOf(earlier: Plan, plan: Plan, file: string): string {
    const other =
        earlier.stack === plan.stack ? "" : ` (of the stack ${earlier.stack}, compared as if it were ${plan.stack})`;
    return `${path.basename(file)}${other}`;
}

function toStdout(text: string): void {
    process.stdout.write(text);
}

async function recorded({ stack, scenario }: Arguments, folder: string): Promise<Plan> {
    const done = sayWhatTakesLong(`Planning ${stack} ...`);
    try {
        // Loading the SDKs takes most of the time, so the arguments are checked first.
        // `import()` cannot load TypeScript here.
        const { record } = require("./record/record") as typeof recorder;
        return await record({ stack, folder, override: scenario ? { traffic: { scenario } } : {} });
    } finally {
        done();
    }
}

/** Loading blocks the process, so no timer could show this later: a terminal shows it at once and clears it later. */
function sayWhatTakesLong(message: string): () => void {
    if (!process.stderr.isTTY) {
        return () => undefined;
    }
    process.stderr.write(message);
    return () => process.stderr.write("\r\u001b[K");
}

function write(plan: Plan, args: Arguments, verdict: Verdict, since?: Against): void {
    if (args.json) {
        const replaced = since && { against: since.origin, ...replacedAsJson(since.replaced) };
        writeFile(args.json, renderJson(plan, { replacements: replaced, policies: verdict }));
    }
    if (args.markdown) {
        writeFile(args.markdown, renderMarkdown(plan, since, verdict));
    }
    if (args.manifests) {
        writeFolder(args.manifests, renderManifests(plan));
    }
}
