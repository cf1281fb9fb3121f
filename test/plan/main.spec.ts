import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { SCENARIO_NAMES } from "../../mesh/scenarios";
import { run } from "../../plan/commandLine";
import { UserError } from "../../plan/errors";
import { parseJson, renderJson } from "../../plan/report/json";
import type { Verdict } from "../../policies/judge";
import { readmeTitle } from "../../plan/report/manifests";
import { folder, recordDemo } from "./fixtures/demo";

interface Ended {
    code: number | null;
    stdout: string;
    stderr: string;
}

const repository = path.join(__dirname, "../..");
const register = require.resolve("ts-node/register/transpile-only");

/** Runs the command line in the small project; `main` may be a copy of it. */
function start(args: string[], main = path.join(repository, "plan/main.ts")): Promise<Ended> {
    const child = spawn(process.execPath, ["--require", register, main, ...args], { cwd: folder });
    const ended: Ended = { code: null, stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => (ended.stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (ended.stderr += String(chunk)));
    return new Promise((resolve) => child.on("close", (code) => resolve({ ...ended, code })));
}

describe("the command line", function () {
    this.timeout(60_000);
    let output: string;
    const file = (name: string) => path.join(output, name);

    beforeEach(() => {
        output = fs.mkdtempSync(path.join(os.tmpdir(), "plan-"));
    });
    afterEach(() => fs.rmSync(output, { recursive: true }));

    it("ends with 1 or 2 and says why", async () => {
        const [settings, program, endless] = await Promise.all([
            start(["--stack", "unhappy"]),
            start(["--stack", "broken"]),
            start(["--stack", "endless"]),
        ]);
        assert.deepEqual(settings, {
            code: 1,
            stdout: "",
            stderr: "Pulumi.unhappy.yaml: 1 setting needs attention\n\n  mode   must not be unhappy\n",
        });
        assert.equal(program.code, 2);
        assert.match(program.stderr, /TypeError: the program is broken\n {4}at .*fixtures\/project\/index\.ts:\d+/);
        assert.match(program.stderr, /a defect in the program or the plan, not in your settings/);
        assert.equal(endless.code, 2);
        assert.match(endless.stderr, /did not end/);
    });

    it("names the scenarios that there are", async () => {
        const wrong = { message: `There is no scenario "delay": there are ${SCENARIO_NAMES.join(", ")}.` };
        await assert.rejects(run(["--scenario", "delay"], { folder }), wrong);
    });

    it("names an incomplete package, and what fixes it", async () => {
        for (const folder of ["plan", "config", "mesh", "components", "policies"]) {
            fs.cpSync(path.join(repository, folder), file(folder), { recursive: true });
        }
        fs.cpSync(path.join(repository, "node_modules/yaml/package.json"), file("node_modules/yaml/package.json"));
        for (const name of ["fastest-levenshtein", "zod"]) {
            fs.symlinkSync(path.join(repository, "node_modules", name), file(`node_modules/${name}`), "dir");
        }
        const { code, stderr } = await start([], file("plan/main.ts"));
        assert.equal(code, 2);
        assert.match(
            stderr,
            /^The package yaml is not installed completely: Cannot find module .*yaml\/dist\/.*\n.*: npm ci\n$/,
        );
    });

    it("writes every file it is asked for, also where policies refuse the plan, and compares with the plan in the file it writes", async () => {
        fs.writeFileSync(file("plan.json"), renderJson(await recordDemo()));
        fs.mkdirSync(file("manifests"));
        fs.writeFileSync(file("manifests/README.md"), `${readmeTitle} demo/dev, an earlier one`);
        fs.writeFileSync(file("manifests/07-left-over.yaml"), "");
        fs.writeFileSync(file("manifests/mine.yaml"), "");

        const json = ["--json", file("plan.json"), "--against", file("plan.json")];
        const texts = ["--markdown", file("plan.md"), "--html", file("plan.html")];
        const ended = await start([...json, ...texts, "--manifests", file("manifests")]);
        // The small project breaks policies, and says nothing of its level.
        assert.deepEqual([ended.code, ended.stderr], [3, ""]);
        assert.match(ended.stdout, /^Plan of demo\/dev: a simulation/);
        assert.match(
            ended.stdout,
            /\nPolicies {3}level prod: \d+ mandatory violations, 0 advisory\n {11}mandatory load-balancer-nsg, Service productpage: /,
        );
        assert.match(ended.stdout, /\nNo difference from plan\.json\.\n$/);
        assert.equal(ended.stdout.includes("\u001b"), false);
        assert.equal(parseJson(fs.readFileSync(file("plan.json"), "utf8"), "plan.json").stack, "dev");
        const written = JSON.parse(fs.readFileSync(file("plan.json"), "utf8")) as { policies: Verdict };
        assert.equal(written.policies.violations[0]?.enforcement, "mandatory");
        const comment = fs.readFileSync(file("plan.md"), "utf8");
        assert.match(comment, /No difference from plan\.json\./);
        assert.match(comment, /\*\*Policies\*\*\n\n- `level prod: \d+ mandatory/);
        const page = fs.readFileSync(file("plan.html"), "utf8");
        assert.match(page, /^<!doctype html>[\s\S]*No difference from plan\.json\./);
        const manifests = fs.readdirSync(file("manifests"));
        assert.equal(manifests.includes("01-namespace-bookinfo.yaml"), true);
        assert.deepEqual([manifests.includes("07-left-over.yaml"), manifests.includes("mine.yaml")], [false, true]);
    });

    it("writes nothing at all when it would overwrite somebody's README.md", async () => {
        fs.writeFileSync(file("README.md"), "# My project\n");
        await assert.rejects(
            run(["--json", file("plan.json"), "--markdown", file("plan.md"), "--manifests", output]),
            (error: Error) => {
                assert.match(error.message, /README\.md is not a plan's.*overwrite it/);
                return error instanceof UserError;
            },
        );
        assert.deepEqual(fs.readdirSync(output), ["README.md"]);
        assert.equal(fs.readFileSync(file("README.md"), "utf8"), "# My project\n");
    });

    it("refuses an earlier plan that was edited", async () => {
        const edited = renderJson(await recordDemo()).replace('"urn": "urn:', '"urn": 5, "was": "urn:');
        fs.writeFileSync(file("plan.json"), edited);
        await assert.rejects(run(["--against", file("plan.json")]), UserError);
    });
});
