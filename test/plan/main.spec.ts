import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseJson } from "../../plan/render/json";
import { folder } from "./fixtures/demo";

interface Ended {
    code: number | null;
    stdout: string;
    stderr: string;
}

const main = path.join(__dirname, "../../plan/main.ts");
const register = require.resolve("ts-node/register/transpile-only");

/** Runs the command line in the small project. */
function run(...args: string[]): Promise<Ended> {
    const child = spawn(process.execPath, ["--require", register, main, ...args], { cwd: folder });
    const ended: Ended = { code: null, stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => (ended.stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (ended.stderr += String(chunk)));
    return new Promise((resolve) => child.on("close", (code) => resolve({ ...ended, code })));
}

describe("the command line", function () {
    this.timeout(60_000);

    it("ends with 0, 1 or 2 and says why", async () => {
        const [arguments_, settings, program, endless] = await Promise.all([
            run("--jsn", "plan.json"),
            run("--scenario", "unhappy"),
            run("--scenario", "broken"),
            run("--scenario", "endless"),
        ]);
        assert.deepEqual(arguments_, {
            code: 1,
            stdout: "",
            stderr: "There is no option --jsn. Did you mean --json?\nAll options: npm start -- --help\n",
        });
        assert.deepEqual(settings, {
            code: 1,
            stdout: "",
            stderr: "Pulumi.dev.yaml: 1 setting needs attention\n\n  mode   must not be unhappy\n",
        });
        assert.equal(program.code, 2);
        assert.match(program.stderr, /TypeError: the program is broken\n {4}at .*fixtures\/project\/index\.ts:\d+/);
        assert.match(program.stderr, /a defect in the program or the plan, not in your settings/);
        assert.equal(endless.code, 2);
        assert.match(endless.stderr, /never came to an end/);
    });

    it("writes every file it is asked for and compares with an earlier one", async () => {
        const output = fs.mkdtempSync(path.join(os.tmpdir(), "plan-"));
        const [json, markdown, manifests] = ["plan.json", "plan.md", "manifests"].map((name) =>
            path.join(output, name),
        );
        try {
            const first = await run("--json", json!, "--manifests", manifests!);
            assert.deepEqual([first.code, first.stderr], [0, ""]);
            assert.match(first.stdout, /^Plan of demo\/dev: a simulation/);
            assert.equal(first.stdout.includes("\u001b"), false);
            assert.equal(parseJson(fs.readFileSync(json!, "utf8"), json!).stack, "dev");
            fs.writeFileSync(path.join(manifests!, "07-left-over.yaml"), "");
            fs.writeFileSync(path.join(manifests!, "mine.yaml"), "");

            const second = await run("--against", json!, "--markdown", markdown!, "--manifests", manifests!);
            assert.match(second.stdout, /\nNo difference from plan\.json\.\n$/);
            assert.match(fs.readFileSync(markdown!, "utf8"), /No difference from plan\.json\./);
            const files = fs.readdirSync(manifests!);
            assert.equal(files.includes("01-namespace-bookinfo.yaml"), true);
            assert.deepEqual([files.includes("07-left-over.yaml"), files.includes("mine.yaml")], [false, true]);
        } finally {
            fs.rmSync(output, { recursive: true });
        }
    });
});
