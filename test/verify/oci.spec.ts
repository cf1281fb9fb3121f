import { strict as assert } from "node:assert";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ociCli, ociCommand } from "../../verify/oci";
import { outputsOf } from "../../verify/stack";

/** Programs on PATH that stand in for command lines. */
describe("command lines of others", () => {
    const path = process.env.PATH;
    let folder: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "oke-mesh-oci-"));
        process.env.PATH = `${folder}${delimiter}${path}`;
    });

    after(() => {
        process.env.PATH = path;
        rmSync(folder, { recursive: true });
    });

    const program = (name: string, text: string) => {
        writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
        chmodSync(join(folder, name), 0o755);
    };

    describe("oci", () => {
        it("is asked in the stack's region and profile, for JSON", async () => {
            program("oci", `printf '{"data": "%s"}' "$*"`);
            const oci = ociCli({ region: "us-ashburn-1", configFileProfile: "SHOP" });
            assert.equal(await oci.isThere(), true);
            assert.equal(
                await oci.ask(["monitoring", "alarm", "list"]),
                "monitoring alarm list --region us-ashburn-1 --profile SHOP --output json",
            );
        });

        it("has nothing to say where it prints nothing, or OCI answers 404", async () => {
            program("oci", "exit 0");
            assert.equal(await ociCli().ask(["a"]), undefined);
            program("oci", `echo 'ServiceError: { "message": "no such trace", "status": 404 }' >&2; exit 1`);
            assert.equal(await ociCli().ask(["a"]), undefined);
        });

        it("fails with what OCI says, in short", async () => {
            program("oci", `echo 'ServiceError: { "message": "not authorized", "status": 401 }' >&2; exit 1`);
            assert.equal(await ociCli().isThere(), true);
            await assert.rejects(ociCli().ask(["a", "b", "c", "--secret"]), /^Error: oci a b c: not authorized$/);
        });

        it("is not there where it is not set up, and where it is not installed", async () => {
            program("oci", "echo 'ERROR: Could not find config file at ~/.oci/config' >&2; exit 1");
            assert.equal(await ociCli().isThere(), false);
            rmSync(join(folder, "oci"));
            assert.equal(await ociCli().isThere(), false);
        });

        it("is shown as a shell takes it", () =>
            assert.equal(
                ociCommand(["search", "--query", "where x = 'y'", "--end", "2026-11-30T16:00:00Z"]),
                "oci search --query 'where x = '\\''y'\\''' --end 2026-11-30T16:00:00Z",
            ));
    });

    describe("pulumi", () => {
        it("gives a stack's outputs, secrets included", async () => {
            program(
                "pulumi",
                `[ "$*" = "stack output --json --show-secrets --non-interactive --stack shop" ] && echo '{"kubeconfig":"k"}'`,
            );
            assert.deepEqual(await outputsOf("shop"), { kubeconfig: "k" });
        });

        it("gives none of a stack that it does not know", async () => {
            program("pulumi", "echo 'no stack named x' >&2; exit 255");
            assert.deepEqual(await outputsOf("x"), {});
        });
    });
});
