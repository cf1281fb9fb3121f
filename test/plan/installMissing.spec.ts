import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const script = path.join(__dirname, "../../scripts/install-missing.js");

/** Stands in for npm: notes how it is called, then does what the test set. */
const stub = `#!/bin/sh
echo "$@" >> calls.txt
echo "npm warn something old"
if [ -n "$STUB_FAILS" ]; then cat npm-fails.txt >&2; exit 1; fi
if [ -n "$STUB_DIES" ]; then mkdir -p node_modules/a; kill -9 $$; fi
mkdir -p node_modules/a node_modules/@b/c
echo "{}" > node_modules/a/package.json
echo "{}" > node_modules/@b/c/package.json
[ -n "$STUB_FORGETS" ] || cp lock-after-install.json node_modules/.package-lock.json
`;

/** What npm 10 prints when the registry does not answer, and then once more what it said already. */
const unreachable = `npm error code ECONNREFUSED
npm error syscall connect
npm error errno ECONNREFUSED
npm error FetchError: request to http://user:pass@mirror.example.com:8081/npm/zod failed, reason: connect ECONNREFUSED
npm error     at ClientRequest.<anonymous> (/usr/lib/node_modules/npm/node_modules/minipass-fetch/lib/index.js:130:14)
npm error     at process.processTicksAndRejections (node:internal/process/task_queues:83:21) {
npm error   code: 'ECONNREFUSED',
npm error   port: 8081,
npm error   type: 'system'
npm error }
npm error
npm error If you are behind a proxy, please make sure that the 'proxy' config is set properly.  See: 'npm help config'
${"npm error syscall connect\n".repeat(20)}`;

const packages = {
    "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
    "node_modules/@b/c": { version: "2.0.0", integrity: "sha512-c" },
};
const optional = { "node_modules/only-windows": { version: "1.0.0", integrity: "sha512-w", optional: true } };

describe("install-missing", () => {
    let folder: string;
    const file = (name: string) => path.join(folder, name);
    const write = (name: string, content: unknown) => fs.writeFileSync(file(name), JSON.stringify(content));
    const calls = () =>
        fs.existsSync(file("calls.txt")) ? fs.readFileSync(file("calls.txt"), "utf8").trim().split("\n") : [];
    const run = (env: Record<string, string> = {}) => {
        const { PATH } = process.env;
        return spawnSync(process.execPath, [script], {
            cwd: folder,
            encoding: "utf8",
            env: { PATH: `${folder}/bin:${PATH}`, ...env },
        });
    };

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "install-"));
        fs.mkdirSync(file("bin"));
        fs.writeFileSync(file("bin/npm"), stub, { mode: 0o755 });
        write("package.json", { engines: { node: "^18.2.0 || >=20.19.0" } });
        write("package-lock.json", { packages: { "": {}, ...packages, ...optional } });
        write("lock-after-install.json", { packages });
        fs.writeFileSync(file("npm-fails.txt"), unreachable);
    });
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    it("installs once with a message, and then silently does nothing", () => {
        const first = run();
        assert.equal(first.status, 0);
        assert.match(first.stderr, /^Installing 2 packages \(npm ci\).*\nInstalled in \d+ s\.\n$/);
        const second = run();
        assert.deepEqual([second.status, second.stdout, second.stderr], [0, "", ""]);
        assert.equal(calls().length, 1);
        assert.match(calls()[0]!, /^ci --ignore-scripts --include=dev /);
    });

    const stale: [what: string, damage: () => void][] = [
        [
            "a new version in package-lock.json",
            () => {
                const newer = { ...packages, "node_modules/a": { version: "1.0.1", integrity: "sha512-a1" } };
                write("package-lock.json", { packages: newer });
                write("lock-after-install.json", { packages: newer });
            },
        ],
        ["a deleted package", () => fs.rmSync(file("node_modules/a"), { recursive: true })],
        ["a deleted node_modules", () => fs.rmSync(file("node_modules"), { recursive: true })],
        [
            "a record cut off in the middle",
            () => fs.writeFileSync(file("node_modules/.package-lock.json"), '{"packages":{"node_mod'),
        ],
    ];
    for (const [what, damage] of stale) {
        it(`installs again after ${what}`, () => {
            run();
            damage();
            assert.equal(run().status, 0);
            assert.equal(calls().length, 2);
            assert.deepEqual([run().status, calls().length], [0, 2]);
        });
    }

    it("repairs an install that was killed", () => {
        const killed = run({ STUB_DIES: "1" });
        assert.equal(killed.status, 2);
        assert.match(killed.stderr, /npm ci failed after \d+ s \(SIGKILL\)/);
        assert.equal(run().status, 0);
        assert.equal(calls().length, 2);
    });

    it("says what was tried and what to do when npm fails", () => {
        const { status, stderr } = run({ STUB_FAILS: "1" });
        assert.equal(status, 2);
        assert.match(stderr, /npm ci failed after \d+ s \(exit code 1\)\.\nTried: npm ci --ignore-scripts/);
        assert.match(stderr, /^Tried: .*, registry mirror\.example\.com:8081$/m);
        assert.equal(stderr.includes("pass@"), false);
        const quoted = stderr.split("\n").filter((line) => line.startsWith("    npm "));
        assert.deepEqual(
            quoted.map((line) => line.trim().slice("npm error ".length, "npm error ".length + 25)),
            [
                "code ECONNREFUSED",
                "syscall connect",
                "errno ECONNREFUSED",
                "FetchError: request to ht",
                "If you are behind a proxy",
            ],
        );
        assert.match(stderr, /https-proxy/);
        assert.match(stderr, /config set registry/);
        assert.match(stderr, /npm ci --ignore-scripts --offline/);
    });

    it("gives advice that fits the error", () => {
        fs.writeFileSync(file("npm-fails.txt"), "npm error code EACCES\nnpm error syscall mkdir\n");
        const denied = run({ STUB_FAILS: "1" }).stderr;
        assert.match(denied, /change the owner of this folder and ~\/\.npm/);
        assert.doesNotMatch(denied, /proxy/);
        fs.writeFileSync(file("npm-fails.txt"), "npm error code ENOSPC\n");
        assert.match(run({ STUB_FAILS: "1" }).stderr, /free disk space/);
    });

    it("waits while another command installs, and then has nothing left to do", async () => {
        run();
        fs.renameSync(file("node_modules"), file("later"));
        fs.writeFileSync(file(".installing"), String(process.pid));
        const env = { PATH: `${folder}/bin:${process.env.PATH}` };
        const waiting = spawn(process.execPath, [script], { cwd: folder, env });
        const [said] = (await once(waiting.stderr, "data")) as [Buffer];
        assert.match(said.toString(), /^Another command is installing the packages; waiting for it/);
        fs.renameSync(file("later"), file("node_modules"));
        fs.rmSync(file(".installing"));
        assert.deepEqual(await once(waiting, "exit"), [0, null]);
        assert.equal(calls().length, 1);
        assert.equal(fs.existsSync(file(".installing")), false);
    });

    it("does not wait for a command that was killed", () => {
        fs.writeFileSync(file(".installing"), "999999999");
        assert.equal(run().status, 0);
        assert.equal(calls().length, 1);
    });

    it("detects that npm installed nothing", () => {
        const { status, stderr } = run({ STUB_FORGETS: "1" });
        assert.equal(status, 2);
        assert.match(stderr, /still missing: node_modules\/a, node_modules\/@b\/c/);
    });

    it("says when there is no npm", () => {
        const { status, stderr } = run({ PATH: file("nowhere") });
        assert.equal(status, 2);
        assert.match(stderr, /npm could not be started/);
    });

    const versions: [range: string, accepted: boolean][] = [
        [`>=${process.versions.node}`, true],
        ["^1.0.0 || >=12.0.0", true],
        ["^1.0.0", false],
        [">=999.0.0", false],
        [`^${Number(process.versions.node.split(".")[0])}.999.0`, false],
    ];
    for (const [range, accepted] of versions) {
        it(`${accepted ? "accepts" : "refuses"} this Node for ${range}`, () => {
            write("package.json", { engines: { node: range } });
            const { status, stderr } = run();
            assert.equal(status, accepted ? 0 : 1);
            assert.equal(calls().length, accepted ? 1 : 0);
            assert.equal(stderr.includes(`needs Node ${range}; this is Node ${process.versions.node}`), !accepted);
        });
    }
});
