import * as fs from "node:fs";
import * as path from "node:path";
import { help, readArguments, type Arguments } from "./arguments";
import { UserError } from "./errors";
import type { Plan } from "./model";
import type * as recorder from "./record";
import { diff, renderDiff, type Difference } from "./render/diff";
import { parseJson, renderJson } from "./render/json";
import { readmeTitle, RELEASES, renderManifests } from "./render/manifests";
import { renderMarkdown } from "./render/markdown";
import { renderTree } from "./render/tree";

const planned = 0;
const wrongInput = 1;
const defect = 2;

async function main(): Promise<void> {
    const args = readArguments(process.argv.slice(2));
    if (args.help) {
        process.stdout.write(help);
        return;
    }
    // Read before anything is written: `--json` may well name the same file.
    const earlier = args.against && parseJson(readFile(args.against), args.against);
    const plan = await recorded(args);
    const against = earlier ? { difference: diff(earlier, plan), origin: path.basename(args.against!) } : undefined;
    write(plan, args, against);
    const colour = process.stdout.isTTY && process.stdout.hasColors();
    const width = Math.max(60, Math.min(process.stdout.columns || 120, 160));
    const difference = against ? `\n${renderDiff(against.difference, against.origin)}` : "";
    process.stdout.write(renderTree(plan, { colour, width }) + difference);
}

async function recorded({ stack, scenario }: Arguments): Promise<Plan> {
    const done = sayWhatTakesLong(`Planning ${stack} ...`);
    try {
        // Loading the SDKs takes most of the time, so it comes after the arguments proved right.
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- `import()` cannot load TypeScript here
        const { record } = require("./record") as typeof recorder;
        const folder = process.cwd();
        return await record({ stack, folder, override: scenario ? { traffic: { scenario } } : {} });
    } finally {
        done();
    }
}

/** Loading blocks the process, so no timer could tell later: a terminal gets the line at once and loses it again. */
function sayWhatTakesLong(message: string): () => void {
    if (!process.stderr.isTTY) {
        return () => undefined;
    }
    process.stderr.write(message);
    return () => process.stderr.write("\r\u001b[K");
}

function write(plan: Plan, args: Arguments, against?: { difference: Difference; origin: string }): void {
    if (args.json) {
        writeFile(args.json, renderJson(plan));
    }
    if (args.markdown) {
        writeFile(args.markdown, renderMarkdown(plan, against));
    }
    if (args.manifests) {
        writeManifests(args.manifests, plan);
    }
}

/** Writes the folder and removes what an earlier plan left in it, but only from a folder that a plan wrote. */
function writeManifests(folder: string, plan: Plan): void {
    const files = renderManifests(plan);
    try {
        fs.mkdirSync(path.join(folder, RELEASES), { recursive: true });
    } catch (error) {
        throw new UserError(`Cannot create the folder ${folder}: ${(error as Error).message}`);
    }
    const readme = path.join(folder, "README.md");
    if (fs.existsSync(readme) && fs.readFileSync(readme, "utf8").startsWith(readmeTitle)) {
        for (const part of [folder, path.join(folder, RELEASES)]) {
            const stale = fs.readdirSync(part).filter((file) => /^\d+-.*\.yaml$/.test(file));
            stale.forEach((file) => fs.rmSync(path.join(part, file)));
        }
    }
    files.forEach((file) => writeFile(path.join(folder, file.path), file.content));
}

function readFile(file: string): string {
    try {
        return fs.readFileSync(file, "utf8");
    } catch (error) {
        throw new UserError(`Cannot read ${file}: ${(error as Error).message}`);
    }
}

function writeFile(file: string, content: string): void {
    try {
        fs.writeFileSync(file, content);
    } catch (error) {
        throw new UserError(`Cannot write ${file}: ${(error as Error).message}`);
    }
}

function isWrongInput(error: unknown): error is Error {
    // Pulumi's RunError, recognised without loading the SDK: settings and usage errors are thrown as one.
    return error instanceof UserError || (error instanceof Error && "__pulumiRunError" in error);
}

// Node exits with 0 when nothing is left to wait for, even if the program waits for a promise that never settles.
process.exitCode = defect;
const reportHang = () =>
    console.error("The program never came to an end: it waits for a promise that nothing settles.");
process.once("exit", reportHang);

function fail(error: unknown): void {
    process.off("exit", reportHang);
    process.exitCode = isWrongInput(error) ? wrongInput : defect;
    console.error(isWrongInput(error) ? error.message : error);
    if (!isWrongInput(error)) {
        console.error("\nThis is a defect in the program or the plan, not in your settings.");
    }
}

process.on("unhandledRejection", fail);
main().then(() => {
    process.off("exit", reportHang);
    process.exitCode = planned;
}, fail);
