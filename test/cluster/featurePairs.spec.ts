import { strict as assert } from "node:assert";
import type { Resource } from "../../plan/model";
import { record } from "../../plan/record/record";
import { kubernetesObject } from "../../plan/kubernetesObject";
import { isApplied, isManifest } from "../../plan/report/manifests";
import { validated } from "../charts/istioctl";
import { inCluster } from "../stacks/plans";
import { featurePairs, settingsOf } from "../support/features";
import { onCluster, overrides } from "./support/cluster";
import { attempt, get, kubectl } from "./support/command";
import { updateMesh } from "./support/mesh";

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
    let all: Judged[] = [];
    let added: string[] = [];

    onCluster();

    before(async () => {
        // Istio's webhook judges its own kinds, and the API server those of the Gateway API once they exist.
        await updateMesh(await record({ stack: "local", override: overrides({ gateway: { kind: "gateway-api" } }) }));
        all = await judged();
        const existing = (await get("namespaces")).map(({ metadata }) => metadata.name);
        const wanted = new Set(all.map(({ object }) => object.metadata.namespace ?? "default"));
        added = [...wanted].filter((name) => !existing.includes(name));
        await apply(added.map(namespace));
    });

    after(async () => {
        if (added.length > 0) {
            await kubectl(["delete", "namespace", ...added]);
        }
    });

    it("istioctl validate accepts every object", async () => {
        const istios = all.filter(({ object }) => /\.istio\.io\//.test(object.apiVersion));
        assert.ok(istios.length > 50, String(istios.length));
        const { said } = await validated(istios.map(({ object }) => object));
        assert.deepEqual(refusals(said), []);
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
        assert.notEqual((await validated([broken.object])).code, 0);
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
