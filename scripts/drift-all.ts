import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { driftReport, type Ran } from "./ci/driftReport";

// Compares the selected stack with everything that exists, and writes a report: docs/operations.md#drift
//   npm run drift:all -- STACK REPORT.md
// Needs pulumi, helm and kubectl. Exit codes: 0 no difference, 1 differences, 2 something could not be compared.

async function main([stack = "dev", file = "report.md"]: string[]): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "drift-"));
    try {
        process.env.KUBECONFIG ??= kubeconfigIn(folder);
        const { code, text } = await driftReport(stack, (...command) => Promise.resolve(run(...command)));
        writeFileSync(file, text);
        process.stdout.write(text);
        process.exitCode = code;
    } finally {
        rmSync(folder, { recursive: true });
    }
}

/** The kubeconfig among the stack's outputs, as a file that only its owner can read. */
function kubeconfigIn(folder: string): string {
    const { code, output } = run("pulumi", ["stack", "output", "kubeconfig", "--show-secrets"]);
    const file = join(folder, "kubeconfig");
    writeFileSync(file, code === 0 ? output : "", { mode: 0o600 });
    return file;
}

function run(command: string, args: string[], input?: string): Ran {
    const options = { input, encoding: "utf8", maxBuffer: 256 * 1024 * 1024 } as const;
    const { status, stdout, stderr, error } = spawnSync(command, args, options);
    return { code: status ?? 2, output: error ? error.message : status === 0 ? stdout : `${stdout}${stderr}` };
}

void main(process.argv.slice(2));
