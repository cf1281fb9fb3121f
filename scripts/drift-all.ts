import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { driftReport, type Run } from "./ci/driftReport";

// Compares the selected stack with everything that exists, and writes a report: docs/operations.md#drift
//   npm run drift:all -- STACK REPORT.md
// Needs pulumi, helm and kubectl. Exit codes: 0 no difference, 1 differences, 2 something could not be compared.

const run: Run = (command, args, input) => {
    const { status, stdout, stderr, error } = spawnSync(command, args, {
        input,
        encoding: "utf8",
        maxBuffer: 256 * 1024 * 1024,
        env: { ...process.env, KUBECONFIG: kubeconfig },
    });
    return { code: status ?? 2, output: error ? error.message : status === 0 ? stdout : `${stdout}${stderr}` };
};

const [stack = "dev", file = "report.md"] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "drift-"));
let kubeconfig = process.env.KUBECONFIG;
try {
    if (kubeconfig === undefined) {
        const { code, output } = run("pulumi", ["stack", "output", "kubeconfig", "--show-secrets"]);
        kubeconfig = join(folder, "kubeconfig");
        writeFileSync(kubeconfig, code === 0 ? output : "", { mode: 0o600 });
    }
    const report = driftReport(stack, run);
    writeFileSync(file, report.text);
    process.stdout.write(report.text);
    process.exitCode = report.code;
} finally {
    rmSync(folder, { recursive: true });
}
