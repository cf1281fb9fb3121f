import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ISTIO_KERNEL_MODULES, nodeCloudInit } from "../../../components/oci/cloudInit";

/** OKE's own script, as the metadata service would return it. */
const OKE_INIT = 'echo "oke-init $#" >> "$LOG"\nexit "${OKE_EXIT:-0}"\n';

describe("nodeCloudInit", () => {
    let root: string;
    beforeEach(() => (root = mkdtempSync(join(tmpdir(), "cloud-init-"))));
    afterEach(() => rmSync(root, { recursive: true, force: true }));

    /** Runs the script on a machine where `modprobe`, `curl` and `sleep` only write down that they were called. */
    function run({
        missing = [],
        curl = `base64 < "$ROOT/oke-init"`,
        okeExit = 0,
        growfs = "",
    }: { missing?: string[]; curl?: string; okeExit?: number; growfs?: string | null } = {}) {
        const bin = join(root, "bin");
        const libexec = join(root, "usr/libexec");
        mkdirSync(bin);
        mkdirSync(libexec, { recursive: true });
        const stub = (name: string, body: string, folder = bin) =>
            writeFileSync(join(folder, name), `#!/bin/bash\necho "${name} $*" >> "$LOG"\n${body}\n`, { mode: 0o755 });
        if (growfs !== null) {
            stub("oci-growfs", growfs, libexec);
        }
        stub("modprobe", `case " ${missing.join(" ")} " in *" $1 "*) exit 1;; esac`);
        stub("curl", curl);
        stub("sleep", "");
        writeFileSync(join(root, "oke-init"), OKE_INIT);
        const script = join(root, "user-data");
        writeFileSync(script, nodeCloudInit(root));
        const log = join(root, "log");
        writeFileSync(log, "");
        const env = { PATH: `${bin}:${process.env.PATH}`, LOG: log, ROOT: root, OKE_EXIT: String(okeExit) };
        const { status, stderr } = spawnSync("bash", [script], { env, encoding: "utf8" });
        return { status, stderr, calls: readFileSync(log, "utf8").trim().split("\n") };
    }
    const persisted = () =>
        readFileSync(join(root, "etc/modules-load.d/istio.conf"), "utf8")
            .split("\n")
            .filter((line) => line && !line.startsWith("#"));

    it("is a bash script with the node's own paths", () => {
        const script = nodeCloudInit();
        assert.match(script, /^#!\/bin\/bash\n/); // cloud-init runs user data as a script for this line alone
        assert.match(script, /=\/etc\/modules-load\.d\/istio\.conf\n/);
        const { status, stderr } = spawnSync("bash", ["-n"], { input: script, encoding: "utf8" });
        assert.equal(status, 0, stderr);
    });

    // Without OKE's script the node never joins; with the modules after it, pods may start before them.
    it("loads every module, then runs OKE's script once", () => {
        const { status, calls } = run({ growfs: null });
        assert.equal(status, 0);
        assert.deepEqual(
            calls.slice(0, ISTIO_KERNEL_MODULES.length),
            ISTIO_KERNEL_MODULES.map((module) => `modprobe ${module}`),
        );
        const [fetch, okeInit, ...more] = calls.slice(ISTIO_KERNEL_MODULES.length);
        assert.match(
            fetch!,
            /^curl .*Authorization: Bearer Oracle http:\/\/169\.254\.169\.254\/opc\/v2\/instance\/metadata\/oke_init_script$/,
        );
        assert.equal(okeInit, "oke-init 0");
        assert.deepEqual(more, []);
    });

    // Images keep their own 47 GB otherwise, however large the boot volume is, and the kubelet counts what it finds first.
    it("grows the root file system to the boot volume, once and before OKE's script", () => {
        const { calls } = run();
        assert.equal(calls.filter((call) => call.startsWith("oci-growfs")).length, 1);
        assert.ok(calls.indexOf("oci-growfs -y") < calls.indexOf("oke-init 0"));
        assert.notEqual(calls.indexOf("oci-growfs -y"), -1);
    });

    for (const [what, growfs, warning] of [
        ["has no tool to grow with", null, /WARNING: .*oci-growfs is not on this image/],
        ["cannot grow its file system", "exit 1", /WARNING: the root file system could not be grown/],
    ] as const) {
        it(`lets a node join that ${what}, and says so`, () => {
            const { status, stderr, calls } = run({ growfs });
            assert.equal(status, 0);
            assert.ok(calls.includes("oke-init 0"));
            assert.match(stderr, warning);
        });
    }

    it("loads what Istio lists, and what DNS capture needs", () => {
        // https://istio.io/latest/docs/ops/deployment/platform-requirements/
        const listed =
            "br_netfilter iptable_mangle iptable_nat xt_REDIRECT xt_conntrack xt_multiport xt_owner xt_tcpudp";
        for (const module of [...listed.split(" "), "iptable_raw", "iptable_filter", "nf_nat"]) {
            assert.ok(ISTIO_KERNEL_MODULES.includes(module), module);
        }
    });

    it("loads the modules that docs/cluster.md loads manually", () => {
        const [, byHand] = /printf '%s\\n' ([^|]*)\|/.exec(readFileSync("docs/cluster.md", "utf8")) ?? [];
        assert.deepEqual(byHand?.replace("\\\n", "").trim().split(/\s+/), ISTIO_KERNEL_MODULES);
    });

    it("keeps the modules over a reboot", () => {
        run();
        assert.deepEqual(persisted(), ISTIO_KERNEL_MODULES);
    });

    // Oracle Linux 9 has no iptable_*: nodes must join all the same, and boot without a failed unit.
    it("continues without a module that the kernel does not have, and reports it", () => {
        const { status, stderr, calls } = run({ missing: ["iptable_raw", "xt_owner"] });
        assert.equal(status, 0);
        assert.ok(calls.includes("oke-init 0"));
        assert.match(stderr, /WARNING: kernel module iptable_raw/);
        assert.match(stderr, /WARNING: kernel module xt_owner/);
        assert.deepEqual(
            persisted(),
            ISTIO_KERNEL_MODULES.filter((module) => !["iptable_raw", "xt_owner"].includes(module)),
        );
    });

    it("fetches again when the metadata service is not there yet", () => {
        const curl = `[ "$(grep -c ^curl "$LOG")" -lt 3 ] && exit 22\nbase64 < "$ROOT/oke-init"`;
        const { status, calls } = run({ curl });
        assert.equal(status, 0);
        assert.equal(calls.filter((call) => call.startsWith("curl")).length, 3);
        assert.equal(calls.filter((call) => call === "oke-init 0").length, 1);
    });

    // An empty answer decodes to an empty script, which would "succeed" and leave a node that never joins.
    for (const [what, curl] of [
        ["fails", "exit 22"],
        ["answers nothing", "exit 0"],
        ["breaks off", `base64 < "$ROOT/oke-init"; exit 18`],
        ["answers something else", "echo '<html>not found</html>'"],
    ] as const) {
        it(`fails, in the end, when the metadata service ${what}`, () => {
            const { status, stderr, calls } = run({ curl });
            assert.equal(status, 1);
            assert.match(stderr, /ERROR: no oke_init_script/);
            assert.ok(!calls.includes("oke-init 0"));
        });
    }

    it("exits as OKE's script does", () => assert.equal(run({ okeExit: 3 }).status, 3));
});
