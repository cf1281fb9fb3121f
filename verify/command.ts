import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { readSettings } from "../config/load";
import { resolveMesh } from "../mesh/mesh";
import { record } from "../plan/record/record";
import { allChecks } from "./checks";
import { connect } from "./cluster";
import { gatewayOf } from "./gateway";
import { HELP, parseOptions, type Options } from "./options";
import { renderJson, renderJunit, renderTable } from "./report";
import { chosen, exitCodeOf, runUntilPassed } from "./run";

const COULD_NOT_CHECK = 2;

async function main(): Promise<number> {
    const options = parseOptions(process.argv.slice(2));
    if (options.help) {
        process.stdout.write(HELP);
        return 0;
    }
    const { stack, groups, waitSeconds } = options;
    const plan = await record({ stack });
    const settings = readSettings();
    const mesh = resolveMesh(settings);
    const from = await kubeconfigOf(options);
    const look = () => {
        const cluster = connect(from);
        const gateway = gatewayOf(cluster);
        const checks = chosen(allChecks({ settings, mesh, plan, cluster, gateway }), groups);
        return { checks, close: () => gateway.close() };
    };
    const results = await runUntilPassed(look, waitSeconds, progress);
    process.stdout.write(renderTable(results, process.stdout.isTTY && process.stdout.hasColors()));
    if (options.json !== undefined) {
        writeFileSync(options.json, renderJson(stack, results));
    }
    if (options.junit !== undefined) {
        writeFileSync(options.junit, renderJunit(stack, results));
    }
    return exitCodeOf(results);
}

/** The kubeconfig that was named, or the stack's own if Pulumi knows the stack; otherwise the usual one. */
async function kubeconfigOf({ stack, kubeconfig, context }: Options) {
    if (kubeconfig !== undefined || process.env.KUBECONFIG) {
        return { file: kubeconfig, context };
    }
    const args = ["stack", "output", "kubeconfig", "--show-secrets", "--stack", stack];
    const output = await promisify(execFile)("pulumi", args, { timeout: 60_000 }).catch(() => undefined);
    return { text: output?.stdout, context };
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
