import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parseArgs, promisify } from "node:util";
import { readSettings } from "../config/load";
import { resolveMesh } from "../mesh/mesh";
import { record } from "../plan/record/record";
import { GROUPS, type Group, type Subject } from "./check";
import { allChecks } from "./checks";
import { connect } from "./cluster";
import { gatewayOf } from "./gateway";
import { renderJson, renderJunit, renderTable } from "./report";
import { chosen, exitCodeOf, runChecks, type Result } from "./run";

const help = `Checks whether a stack's mesh does what its settings say. docs/verify.md

  npm run verify -- [--stack NAME] [--only GROUP] [--traffic] [--wait SECONDS]
                    [--json FILE] [--junit FILE] [--kubeconfig FILE] [--context NAME]

  --stack NAME        the stack whose settings are used (default: dev)
  --only GROUP        one group, may be repeated: ${GROUPS.join(", ")}
  --traffic           also measure traffic settings, which sends hundreds of requests
  --wait SECONDS      repeat what failed until it passes, for this long (default: 0)
  --json FILE         write the results as JSON
  --junit FILE        write the results as a JUnit report
  --kubeconfig FILE   the cluster's kubeconfig (default: the stack's output, else KUBECONFIG or ~/.kube/config)
  --context NAME      the context in it (default: its current one)

Reads only: nothing is created or changed in the cluster.
Exit codes: 0 all passed, 1 something failed, 2 something could not be checked.
`;

const COULD_NOT_CHECK = 2;
const PAUSE_MS = 5_000;

async function main(): Promise<number> {
    const string = { type: "string" } as const;
    const { values } = parseArgs({
        options: {
            ...{ stack: string, wait: string, json: string, junit: string, kubeconfig: string, context: string },
            only: { type: "string", multiple: true },
            traffic: { type: "boolean" },
            help: { type: "boolean", short: "h" },
        },
    });
    if (values.help) {
        process.stdout.write(help);
        return 0;
    }
    const { stack = "dev", wait = "0", only, traffic = false } = values;
    const groups = groupsOf(only, traffic);
    const deadline = Date.now() + secondsIn(wait) * 1000;
    const plan = await record({ stack });
    const settings = readSettings();
    const from = await kubeconfigOf(stack, values);
    const results = await untilPassed(groups, deadline, () => {
        const cluster = connect(from);
        return { settings, mesh: resolveMesh(settings), plan, cluster, gateway: gatewayOf(cluster) };
    });
    process.stdout.write(renderTable(results, process.stdout.isTTY && process.stdout.hasColors()));
    if (values.json) {
        writeFileSync(values.json, renderJson(stack, results));
    }
    if (values.junit) {
        writeFileSync(values.junit, renderJunit(stack, results));
    }
    return exitCodeOf(results);
}

function groupsOf(only: string[] | undefined, traffic: boolean): Group[] {
    const unknown = only?.find((group) => !GROUPS.some((each) => each === group));
    if (unknown !== undefined) {
        throw new Error(`There is no group "${unknown}". Groups: ${GROUPS.join(", ")}.`);
    }
    return GROUPS.filter((group) => only?.includes(group) ?? (group !== "traffic" || traffic));
}

function secondsIn(text: string): number {
    const [, amount, unit = "s"] = /^(\d+)(s|m)?$/.exec(text) ?? [];
    if (amount === undefined) {
        throw new Error(`--wait is "${text}", must be seconds such as 600, or 10m.`);
    }
    return Number(amount) * (unit === "m" ? 60 : 1);
}

/** The kubeconfig that was named, or the stack's own if Pulumi knows the stack; otherwise the usual one. */
async function kubeconfigOf(stack: string, { kubeconfig, context }: { kubeconfig?: string; context?: string }) {
    if (kubeconfig !== undefined || process.env.KUBECONFIG) {
        return { file: kubeconfig, context };
    }
    const args = ["stack", "output", "kubeconfig", "--show-secrets", "--stack", stack];
    const output = await promisify(execFile)("pulumi", args, { timeout: 60_000 }).catch(() => undefined);
    return { text: output?.stdout, context };
}

/** Runs the checks, and those that did not pass once more until the deadline, each time with a fresh look at the cluster. */
async function untilPassed(groups: Group[], deadline: number, look: () => Subject): Promise<Result[]> {
    const results = new Map<string, Result>();
    for (;;) {
        const subject = look();
        const checks = chosen(allChecks(subject), groups).filter(({ group, name }) => {
            const verdict = results.get(`${group} ${name}`)?.finding.verdict;
            return verdict === undefined || verdict === "failed" || verdict === "unknown";
        });
        const found = await runChecks(checks, progress);
        subject.gateway.close();
        found.forEach((result) => results.set(`${result.check.group} ${result.check.name}`, result));
        const all = [...results.values()];
        if (exitCodeOf(all) === 0 || Date.now() >= deadline) {
            return all;
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
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
