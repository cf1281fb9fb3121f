import { writeFileSync } from "node:fs";
import { readSettings } from "../config/load";
import { resolveMesh } from "../mesh/mesh";
import { readFile } from "../plan/files";
import { record } from "../plan/record/record";
import { connect } from "./cluster";
import type { Pair } from "./http";
import { lookAt } from "./look";
import { ociCli } from "./oci";
import { HELP, parseOptions, type Options } from "./options";
import { renderJson, renderJunit, renderTable } from "./report";
import { exitCodeOf, runUntilPassed, type Result } from "./run";
import { outputsOf } from "./stack";

const COULD_NOT_CHECK = 2;

/** What a shell calls a program that Ctrl-C ended. */
const INTERRUPTED = 130;

async function main(): Promise<number> {
    const options = parseOptions(process.argv.slice(2));
    if (options.help) {
        process.stdout.write(HELP);
        return 0;
    }
    const { stack, groups, named, waitSeconds } = options;
    const plan = await record({ stack, folder: process.cwd() });
    const settings = readSettings();
    const outputs = await outputsOf(stack);
    const client = clientOf(options);
    const known = { settings, mesh: resolveMesh(settings), plan, outputs, oci: ociCli(settings.oci), client };
    const from = kubeconfigOf(options, outputs);
    let seen: Result[] = [];
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        // Connections and forwarded ports end with the process, and nothing else was made.
        process.once(signal, () => {
            report(options, seen);
            process.exit(INTERRUPTED);
        });
    }
    const results = await runUntilPassed(
        () => lookAt(known, connect(from), groups),
        waitSeconds,
        (done, of, found) => {
            seen = found;
            progress(done, of);
        },
    );
    report(options, results);
    for (const group of named.filter((each) => !results.some(({ check }) => check.group === each))) {
        process.stderr.write(`${group}: no check of this group applies to ${stack}.\n`);
    }
    return exitCodeOf(results, named);
}

function report({ stack, json, junit }: Options, results: Result[]): void {
    process.stdout.write(renderTable(results, process.stdout.isTTY && process.stdout.hasColors()));
    if (json !== undefined) {
        writeFileSync(json, renderJson(stack, results));
    }
    if (junit !== undefined) {
        writeFileSync(junit, renderJunit(stack, results));
    }
}

function clientOf({ client }: Options): Pair | undefined {
    return client && { certificate: readFile(client.certificate), key: readFile(client.key) };
}

/** The kubeconfig that was named, or the stack's own if Pulumi knows the stack; otherwise the usual one. */
function kubeconfigOf({ kubeconfig, context }: Options, outputs: Record<string, unknown>) {
    const isNamed = kubeconfig !== undefined || process.env.KUBECONFIG;
    const { kubeconfig: own } = outputs;
    return isNamed || typeof own !== "string" || own === "" ? { file: kubeconfig, context } : { text: own, context };
}

function progress(done: number, of: number): void {
    if (process.stderr.isTTY) {
        process.stderr.write(`\r${done} of ${of} checks\u001b[K${done === of ? "\r\u001b[K" : ""}`);
    }
}

main().then(
    // Connections to a cluster that does not answer would keep the process for minutes.
    (code) => process.exit(code),
    (error: unknown) => {
        console.error(error instanceof Error ? error.message : error);
        process.exit(COULD_NOT_CHECK);
    },
);
