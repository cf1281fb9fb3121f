import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const scripts = path.join(__dirname, "../../scripts/ci");

/** Stands in for GitHub's command line: writes down what it is called with, and answers what a file says. */
const GH = `#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$LOG"
for argument in "$@"; do
    case $argument in
        body=@*) cat "\${argument#body=@}" > "$BODY" ;;
        /*) [ -f "$argument" ] && cat "$argument" > "$BODY" ;;
    esac
done
case "$*" in
    */pulls*) echo "$NUMBER" ;;
    *"/comments --paginate"*) echo "$EARLIER" ;;
    "issue list"*) echo "$EARLIER" ;;
esac
`;

describe("the scripts of the workflows", () => {
    let folder: string;
    const file = (name: string) => path.join(folder, name);
    const written = (name: string) => (fs.existsSync(file(name)) ? fs.readFileSync(file(name), "utf8") : "");

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "oke-mesh-ci-"));
        fs.writeFileSync(file("gh"), GH, { mode: 0o755 });
    });
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    /** Runs a script; returns its exit code and the calls that write something. */
    function run(script: string, args: string[], env: Record<string, string>) {
        const { status, stdout, stderr } = spawnSync(path.join(scripts, script), args, {
            encoding: "utf8",
            env: {
                PATH: `${folder}:${process.env.PATH}`,
                HOME: folder,
                LOG: file("log"),
                BODY: file("body"),
                REPOSITORY: "team/mesh",
                RUN_URL: "https://github.example/run/1",
                EARLIER: "",
                NUMBER: "",
                ...env,
            },
        });
        const calls = written("log")
            .split("\n")
            .filter((line) => /--method P|^issue (create|edit|close)/.test(line));
        return {
            status,
            calls: calls.map((call) => call.replaceAll(/\/\S*\/tmp\.\w+/g, "FILE")),
            said: stdout + stderr,
        };
    }

    const pullRequest = { NUMBER: "7", HEAD: "ann:fix", HEAD_SHA: "abc" };

    it("comment once on the pull request that has the commit", () => {
        fs.writeFileSync(file("comment.md"), "## Plan\n");
        const { status, calls, said } = run("post-comment.sh", ["dev", file("comment.md")], pullRequest);
        assert.deepEqual(
            [status, calls],
            [0, ["api --method POST repos/team/mesh/issues/7/comments -F body=@FILE"]],
            said,
        );
        assert.equal(written("body"), "<!-- plan of dev -->\n## Plan\n");
        assert.match(written("log"), /pulls -f state=open -f head=ann:fix .*head\.sha == "abc"/);
    });

    it("update the comment that is there", () => {
        fs.writeFileSync(file("comment.md"), "## Plan\n");
        const { calls } = run("post-comment.sh", ["dev", file("comment.md")], { ...pullRequest, EARLIER: "42" });
        assert.deepEqual(calls, ["api --method PATCH repos/team/mesh/issues/comments/42 -F body=@FILE"]);
    });

    it("cut what GitHub would refuse, and name the run where there is no plan", () => {
        fs.writeFileSync(file("comment.md"), "x".repeat(100_000));
        run("post-comment.sh", ["dev", file("comment.md")], pullRequest);
        assert.equal(written("body").length < 65_536, true);
        run("post-comment.sh", ["dev", file("missing.md")], pullRequest);
        assert.equal(
            written("body"),
            "<!-- plan of dev -->\n## No plan of `dev`\n\nThe run failed before there was one: https://github.example/run/1\n",
        );
    });

    it("comment on nothing where no pull request has the commit", () => {
        const { status, calls } = run("post-comment.sh", ["dev", "comment.md"], { ...pullRequest, NUMBER: "" });
        assert.deepEqual([status, calls], [0, []]);
    });

    it("keep one issue open while something differs, and close it afterwards", () => {
        fs.writeFileSync(file("report.md"), "## differs\n");
        const drift = (result: string, earlier: string) => {
            fs.rmSync(file("log"), { force: true });
            return run("drift-issue.sh", ["prod", result, file("report.md")], { EARLIER: earlier });
        };
        assert.deepEqual(drift("1", "").calls, ["issue create --title Drift in prod --label drift --body-file FILE"]);
        assert.match(
            written("body"),
            /^## differs\n\nUndo or accept each of them: docs\/operations\.md#drift\. Found by https:/,
        );
        assert.deepEqual(drift("1", "3").calls, ["issue edit 3 --body-file FILE"]);
        assert.deepEqual(drift("0", "3").calls, [
            "issue close 3 --comment No difference any more: https://github.example/run/1",
        ]);
        assert.deepEqual(drift("0", "").calls, []);
        assert.deepEqual([drift("2", "3").calls, drift("2", "3").status], [[], 1]);
    });

    it("write credentials for OCI that only their owner can read", () => {
        const secrets = {
            OCI_TENANCY: "t",
            OCI_USER: "u",
            OCI_FINGERPRINT: "f",
            OCI_REGION: "r",
            OCI_PRIVATE_KEY: "KEY",
        };
        const { status, said } = run("oci-config.sh", [], secrets);
        assert.deepEqual([status, said], [0, ""]);
        assert.equal(
            written(".oci/config"),
            `[DEFAULT]\ntenancy=t\nuser=u\nfingerprint=f\nregion=r\nkey_file=${file(".oci/key.pem")}\n`,
        );
        assert.equal(written(".oci/key.pem"), "KEY\n");
        assert.equal(fs.statSync(file(".oci/key.pem")).mode & 0o777, 0o600);
    });
});
