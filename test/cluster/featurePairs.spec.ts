import { strict as assert } from "node:assert";
import type { Plan, Resource } from "../../plan/model";
import { record } from "../../plan/record/record";
import { kubernetesObject } from "../../plan/kubernetesObject";
import { isApplied, isManifest } from "../../plan/report/manifests";
import { inCluster } from "../stacks/plans";
import { featurePairs, settingsOf } from "../support/features";
import { overrides, whyNot } from "./support/cluster";
import { attempt, kubectl } from "./support/command";
import { deploy, takeDown } from "./support/deploy";

/** What has to run for Istio's webhook to judge objects. */
const JUDGES = ["istio-namespace", "istio-base", "istio-istiod", "gateway-api"];

/** Kinds that the cluster at hand does not have. */
const FOREIGN = /^cert-manager\.io\//;

interface Judged {
    object: { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } };
    /** The first combination that it is planned in. */
    combination: string;
}

/**
 * The objects of every combination that test/stacks/featurePairs.spec.ts plans, shown to those who know more than schemas:
 * `istioctl validate`, and an API server with istiod's webhook. Objects that several combinations share are shown once.
 */
describe("pairs of features on a cluster", function () {
    let judges: Plan | undefined;
    let all: Judged[] = [];

    before(async function () {
        const reason = await whyNot();
        if (reason) {
            console.log(`  skipped: ${reason}`);
            return this.skip();
        }
        const mesh = await record({ stack: "local", override: overrides({ gateway: { kind: "gateway-api" } }) });
        judges = { ...mesh, resources: mesh.resources.filter(({ name }) => JUDGES.includes(name)) };
        await deploy(judges);
        all = await judged();
        const namespaces = all.map(({ object }) => object.metadata.namespace ?? "default");
        await apply([...new Set(namespaces)].map(namespace));
    });

    after(async () => {
        if (judges) {
            await kubectl(["delete", "namespace", ...own(all), "--ignore-not-found"]);
            await takeDown(judges);
        }
    });

    it("istioctl validate accepts every object", async () => {
        const istios = all.filter(({ object }) => /\.istio\.io\//.test(object.apiVersion));
        assert.ok(istios.length > 50, String(istios.length));
        const { stdout, stderr } = await attempt("istioctl", ["validate", "-f", "-"], listOf(istios));
        assert.deepEqual(refusals(stdout + stderr), []);
    });

    it("the API server and istiod's webhook accept every object", async () => {
        const args = ["apply", "--server-side", "--dry-run=server", "--force-conflicts", "-f", "-"];
        const { code, stderr } = await attempt("kubectl", args, listOf(all));
        assert.deepEqual(refusals(stderr), []);
        assert.equal(code, 0);
    });

    it("they refuse what is wrong", async () => {
        const [gateway] = all.filter(({ object }) => object.kind === "Gateway" && /istio/.test(object.apiVersion));
        assert.ok(gateway);
        const broken = structuredClone(gateway);
        (broken.object as unknown as { spec: { servers: { hosts: string[] }[] } }).spec.servers[0]!.hosts = [""];
        const args = ["apply", "--server-side", "--dry-run=server", "--force-conflicts", "-f", "-"];
        const refused = await attempt("kubectl", args, listOf([broken]));
        assert.notEqual(refused.code, 0);
        assert.notEqual((await attempt("istioctl", ["validate", "-f", "-"], listOf([broken]))).code, 0);
    });
});

/** What all combinations would apply, each object once. */
async function judged(): Promise<Judged[]> {
    const found = new Map<string, Judged>();
    for (const combination of featurePairs()) {
        const plan = await record({ stack: "local", override: settingsOf(combination) });
        for (const resource of plan.resources.filter(isObject)) {
            const object = kubernetesObject(resource) as unknown as Judged["object"];
            const key = JSON.stringify(object);
            found.set(key, found.get(key) ?? { object, combination: JSON.stringify(combination) });
        }
    }
    return [...found.values()].filter(({ object }) => !FOREIGN.test(object.apiVersion));
}

function isObject(resource: Resource): boolean {
    return inCluster(resource) && isApplied(resource) && !isManifest(resource) && !resource.type.endsWith(":Release");
}

function listOf(judged: Judged[]): string {
    return judged.map(({ object }) => JSON.stringify(object)).join("\n---\n");
}

/** The lines of an answer that refuse something. */
function refusals(answer: string): string[] {
    return answer.split("\n").filter((line) => /error|denied|invalid|unknown field/i.test(line));
}

function namespace(name: string): object {
    return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

async function apply(objects: object[]): Promise<void> {
    const text = objects.map((object) => JSON.stringify(object)).join("\n---\n");
    await kubectl(["apply", "--server-side", "--field-manager", "oke-mesh-test", "-f", "-"], text);
}

/** Namespaces that this test made. */
function own(all: Judged[]): string[] {
    const named = all.map(({ object }) => object.metadata.namespace).filter((name) => name !== undefined);
    return [...new Set(named)].filter((name) => !["istio-system", "kube-system", "default"].includes(name));
}
