/**
 * Measures the run time of this program, as ratios within one run, because machines differ: `npm run benchmark`.
 * Each figure is the best of several runs, each in a new process.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { readStack } from "../plan/stackFile";
import { runWithEngine } from "../test/support/engine";

const root = join(__dirname, "..");
const RUNS = 3;

interface Cost {
    seconds: number;
    megabytes: number;
    /** What the measured script printed about itself. */
    report: Record<string, number>;
}

async function main(): Promise<void> {
    const sdks = await cheapest("loadSdks.ts");
    const plan = await cheapest("planStack.ts", "dev");
    console.log("Planning the dev stack against merely loading the SDKs it uses");
    console.log(row("loading the SDKs", sdks));
    console.log(row("planning dev", plan));
    console.log(
        `  ratio: ${ratio(plan.seconds, sdks.seconds)} in time, ${ratio(plan.megabytes, sdks.megabytes)} in memory\n`,
    );

    const { config } = readStack(root, "dev");
    const preview = (tsconfig: string) => runWithEngine({ stack: "dev", config, dryRun: true, tsconfig });
    const checked = await best(() => preview("tsconfig.json"));
    const unchecked = await best(() => preview("tsconfig.pulumi.json"));
    console.log("Starting a preview with and without the type check (Pulumi.yaml chooses without)");
    console.log(`  type-checked      ${checked.seconds.toFixed(2)} s`);
    console.log(`  noCheck           ${unchecked.seconds.toFixed(2)} s`);
    console.log(`  ratio: ${ratio(checked.seconds, unchecked.seconds)}\n`);

    console.log("Planning many services against the SDK's own cost of the same registrations");
    console.log("  services  resources  ours per resource  SDK per resource  ratio");
    for (const services of [10, 100, 1000]) {
        const ours = await cheapest("services.ts", "ours", String(services));
        const own = await cheapest("services.ts", "sdk", String(services));
        const [resources = 1, mine = 0, theirs = 1] = [
            ours.report.resources,
            ours.report.milliseconds,
            own.report.milliseconds,
        ];
        const cells = [
            String(services).padStart(10),
            String(resources).padStart(11),
            `${(mine / resources).toFixed(2)} ms`.padStart(19),
            `${(theirs / resources).toFixed(2)} ms`.padStart(18),
            ratio(mine, theirs).padStart(7),
        ];
        console.log(cells.join(""));
    }
    await routedServices();
}

/** The cost of settings, rules and routes must be the same for each service, however many there are. */
async function routedServices(): Promise<void> {
    console.log(
        "\nPlanning the local stack with many routed services, settings and rules included, against without any",
    );
    console.log("  services  resources  per service  against ten");
    const { milliseconds: empty = 0 } = (await cheapest("routes.ts", "0")).report;
    let few: number | undefined;
    for (const services of [10, 100, 1000]) {
        const { resources, milliseconds = 0 } = (await cheapest("routes.ts", String(services))).report;
        const each = (milliseconds - empty) / services;
        few ??= each;
        const cells = [
            String(services).padStart(10),
            String(resources).padStart(11),
            `${each.toFixed(2)} ms`.padStart(13),
            ratio(each, few).padStart(13),
        ];
        console.log(cells.join(""));
    }
}

function row(what: string, { seconds, megabytes }: Cost): string {
    return `  ${what.padEnd(18)}${seconds.toFixed(2)} s  ${megabytes.toFixed(0)} MB`;
}

function ratio(one: number, other: number): string {
    return (one / other).toFixed(2);
}

const cheapest = (script: string, ...args: string[]): Promise<Cost> => best(() => measure(script, args));

async function best<T extends { seconds: number }>(run: () => Promise<T>): Promise<T> {
    const results: T[] = [];
    for (let count = 0; count < RUNS; count++) {
        results.push(await run());
    }
    return results.reduce((least, result) => (result.seconds < least.seconds ? result : least));
}

/** Runs a script of this folder and measures its process. It reports its peak memory and other figures as JSON. */
function measure(script: string, args: string[]): Promise<Cost> {
    const started = process.hrtime.bigint();
    const file = join(__dirname, "benchmark", script);
    const child = spawn(process.execPath, ["--require", "ts-node/register/transpile-only", file, ...args], {
        cwd: root,
        stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    return new Promise((resolve, reject) =>
        child.on("close", (code) => {
            if (code !== 0) {
                reject(new Error(`${script} ended with ${code}`));
                return;
            }
            const report = JSON.parse(output) as Record<string, number>;
            const seconds = Number(process.hrtime.bigint() - started) / 1e9;
            resolve({ seconds, megabytes: (report.maxRss ?? 0) / 1024, report });
        }),
    );
}

void main();
