import { strict as assert } from "node:assert";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readStack } from "../../plan/stackFile";
import { runWithEngine, type EngineResult } from "../support/engine";
import { planOf } from "./plans";

/** The program in Pulumi's own language runtime, which `pulumi preview` and `pulumi up` start. */
describe("in Pulumi's language runtime", function () {
    this.timeout(310_000);
    let bin: string;
    let update: EngineResult;
    let withoutCli: EngineResult;

    before(async () => {
        bin = mkdtempSync(join(tmpdir(), "oke-mesh-bin-"));
        writeFileSync(join(bin, "oci"), "#!/bin/sh\n");
        chmodSync(join(bin, "oci"), 0o755);
        const { config } = readStack(join(__dirname, "../.."), "dev");
        const node = dirname(process.execPath);
        const run = (path: string) =>
            runWithEngine({ stack: "dev", config, dryRun: false, env: { ...process.env, PATH: path } });
        [update, withoutCli] = await Promise.all([run(`${bin}:${node}`), run("/nowhere")]);
    });

    after(() => rmSync(bin, { recursive: true }));

    it("an update, where ids and lookups have values, registers what the plan says", async () => {
        const plan = await planOf("dev");
        assert.deepEqual(update.errors, []);
        assert.equal(update.code, 0);
        const planned = plan.resources.map(({ type, name }) => `${type} ${name}`);
        assert.deepEqual([...update.registered].sort(), ["pulumi:pulumi:Stack oke-mesh-dev", ...planned].sort());
        assert.deepEqual([...update.warnings].sort(), [...plan.warnings].sort());
    });

    it("an update that could not reach its cluster ends before it registers anything", () => {
        assert.notEqual(withoutCli.code, 0);
        assert.deepEqual(withoutCli.registered, ["pulumi:pulumi:Stack oke-mesh-dev"]);
        assert.match(withoutCli.errors.join("\n"), /there is no `oci` on PATH here/);
    });
});
