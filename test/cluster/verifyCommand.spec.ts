import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { record } from "../../plan/record/record";
import { GROUPS } from "../../verify/check";
import { onCluster } from "./support/cluster";
import { kubectl } from "./support/command";
import { updateMesh } from "./support/mesh";
import { Project, scriptOf, StoppingServer } from "./support/standIns";
import { Certificates, verifiedSettings } from "./support/verified";
import { assertVerified } from "./support/verify";

const STACK = "verified";

/** All that apply. Not objects: a cluster that cannot pull Istio's own proxy image has one that nobody planned. */
const APPLYING = GROUPS.filter((group) => !["egress", "addons", "tracing", "alarms", "objects"].includes(group));

const only = (...groups: readonly string[]) => groups.flatMap((group) => ["--only", group]);

interface Kubeconfig {
    clusters: { cluster: { server: string; "tls-server-name"?: string } }[];
}

/** `npm run verify` as users start it, with a stand-in for Pulumi that knows the stack's outputs. */
describe("verify as a command on a cluster", function () {
    let kubeconfig: string;
    let project: Project;
    /** It takes as long as the limits of its requests, so it goes on beside the other tests. */
    let halted: ReturnType<typeof haltedRun>;

    onCluster();

    before(async () => {
        await updateMesh(await record({ stack: "local", override: verifiedSettings() }));
        await (await Certificates.new()).serveAll();
        kubeconfig = readFileSync(process.env.KUBECONFIG!, "utf8");
        project = new Project(STACK, verifiedSettings() ?? {}, { kubeconfig });
        halted = haltedRun();
        await assertVerified();
    });

    after(() => Certificates.remove());

    /** Runs the command until it ends, or is interrupted once it is asked to. */
    function run(args: string[], of = project, interruptedAfter?: Promise<unknown>) {
        const [program, ...script] = scriptOf("verify");
        const child = spawn(program!, [...script, "--stack", STACK, ...args], {
            cwd: of.folder,
            env: of.environment(),
        });
        let [stdout, stderr] = ["", ""];
        child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
        child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
        void interruptedAfter?.then(() => child.kill("SIGINT"));
        return new Promise<{ code: number | null; stdout: string; stderr: string }>((done) =>
            child.on("close", (code) => done({ code, stdout, stderr })),
        );
    }

    /** The same cluster, reached by a way that stops after some bytes. */
    async function stopping(bytes: number) {
        const config = parse(kubeconfig) as Kubeconfig;
        const { cluster } = config.clusters[0]!;
        const { port, stopped, close } = await StoppingServer.of(cluster.server, bytes);
        cluster["tls-server-name"] = new URL(cluster.server).hostname;
        cluster.server = `https://127.0.0.1:${port}`;
        return {
            project: new Project(STACK, verifiedSettings() ?? {}, { kubeconfig: stringify(config) }),
            stopped,
            close,
        };
    }

    async function haltedRun() {
        const { project: own, close } = await stopping(400_000);
        return run(only("install", "services"), own).finally(close);
    }

    const everything = () => kubectl(["get", "all,configmaps,secrets,endpointslices", "-A", "-o", "name"]);

    it("ends with 0 where all passes, writes its reports, and leaves nothing behind", async () => {
        const before = await everything();
        const reports = ["--json", "verify.json", "--junit", "verify.xml"];
        const { code, stdout, stderr } = await run([...only(...APPLYING), ...reports]);
        assert.deepEqual([code, stderr], [0, ""], stdout + stderr);
        assert.match(stdout, /\d+ passed, 0 failed, 0 unknown, \d+ skipped\n$/);
        const { stack, checks } = JSON.parse(project.read("verify.json")) as { stack: string; checks: object[] };
        assert.equal(stack, STACK);
        assert.match(
            project.read("verify.xml"),
            new RegExp(`<testsuite name="${STACK}" tests="${checks.length}" failures="0"`),
        );
        assert.equal(await everything(), before);
    });

    it("ends with 1 and the cause where something fails", async () => {
        const at = ["deployment/istiod", "-n", "istio-system"];
        await kubectl(["scale", ...at, "--replicas", "0"]);
        try {
            const { code, stdout } = await run(only("install"));
            assert.equal(code, 1, stdout);
            assert.match(stdout, /It is scaled to 0\. Scale it back\.\n {6}kubectl scale deployment istiod/);
        } finally {
            await kubectl(["scale", ...at, "--replicas", "1"]);
            await kubectl(["rollout", "status", ...at]);
        }
    });

    it("ends at once with what was seen so far when it is interrupted, and leaves nothing behind", async () => {
        const before = await everything();
        const { project: own, stopped, close } = await stopping(400_000);
        let interrupted = Infinity;
        const hanging = stopped.then(() => sleep(1000)).then(() => (interrupted = Date.now()));
        const { code, stdout } = await run([], own, hanging);
        close();
        assert.equal(code, 130, stdout);
        assert.match(stdout, /^ {2}ok /m);
        assert.ok(Date.now() - interrupted < 5000);
        assert.equal(await everything(), before);
    });

    it("ends with 2 and what was seen so far where the cluster stops answering", async () => {
        const { code, stdout } = await halted;
        assert.equal(code, 2, stdout);
        assert.match(stdout, /^ {2}ok /m);
        assert.match(stdout, /no answer within 20 s/);
    });
});
