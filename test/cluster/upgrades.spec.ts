import { strict as assert } from "node:assert";
import { record } from "../../plan/record/record";
import { assertSound } from "./support/analyze";
import { onCluster, istioVersion, overrides } from "./support/cluster";
import { get, kubectl, type KubernetesObject } from "./support/command";
import { reachGateway, request } from "./support/gateway";
import { loadGateway, type Load } from "./support/load";
import { updateMesh } from "./support/mesh";

const TWO = { min: 2, max: 2 };

/** As installed, unlike in the other suites: what listeners serve that drain must not be lost. */
const PROXIES = { defaultConfig: { drainDuration: "45s" } };

/** Everything twice, and a workload in a namespace of its own that moves with the rest. */
const update = async (istio: object = {}) => {
    const settings = {
        istio: { replicas: TWO, extraValues: { istiod: { meshConfig: PROXIES } }, ...istio },
        gateway: { replicas: TWO },
        bookinfo: { replicas: 2 },
        clients: { httpbin: true, namespace: "clients" },
    };
    await updateMesh(await record({ stack: "local", override: overrides(settings) }));
};

/** The steps of docs/upgrades.md, to an istiod of the same version: a cluster may have the images of one only. */
const REVISION = "next";
const beside = { revisions: { [REVISION]: { version: istioVersion() } } };
const namespace = { ...beside, canary: { revision: REVISION, namespaces: ["bookinfo"] } };
const gateways = { ...beside, canary: { ...namespace.canary, gateways: true } };
const everything = { ...gateways, defaultRevision: REVISION };
const alone = { ...everything, version: "none" };
const end = { ...alone, canary: undefined };

const NAMESPACES = ["bookinfo", "clients", "istio-system"];

/** What restarts in an upgrade restarts under load here, and no request may notice. */
describe("upgrades on a cluster", function () {
    let load: Load;

    onCluster();

    before(async () => {
        await update();
        const gateway = reachGateway();
        await request(gateway, "/productpage", (code) => code === 200);
        gateway.close();
    });

    beforeEach(async () => {
        load = await loadGateway(40);
    });

    const assertNoneFailed = async () => {
        const statuses = await load.end();
        assert.deepEqual(Object.keys(statuses), ["200"], JSON.stringify(statuses));
    };

    it("lose no request while every pod is replaced on the way to another istiod", async () => {
        const before = await pods();
        await kubectl(["rollout", "restart", "deployment", "-n", "istio-system"]);
        for (const step of [beside, namespace, gateways, everything, alone, end]) {
            await update(step);
        }
        const names = (await pods()).map(({ metadata }) => metadata.name);
        assert.deepEqual(
            before.map(({ metadata }) => metadata.name).filter((name) => names.includes(name)),
            [],
        );
        assert.deepEqual(await revisions(), [REVISION]);
        await assertNoneFailed();
        await assertSound(REVISION);
    });

    it("lose none on the way back, while pods are deleted", async () => {
        const bookinfo = await get("pods", "-n", "bookinfo", "-l", "app in (productpage, details, reviews)");
        const some = bookinfo.filter((_, index) => index % 4 === 0).map(({ metadata }) => metadata.name);
        await kubectl(["delete", "pod", "-n", "bookinfo", "--wait=false", ...some]);
        for (const step of [alone, everything, gateways, namespace, beside, {}]) {
            await update(step);
        }
        assert.deepEqual(await revisions(), ["default"]);
        await assertNoneFailed();
    });
});

/** All pods of the mesh that go on running. */
async function pods(): Promise<KubernetesObject[]> {
    const all = await Promise.all(NAMESPACES.map((each) => get("pods", "-n", each)));
    return all.flat().filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** The revisions by which their proxies were injected. */
async function revisions(): Promise<string[]> {
    const texts = (await pods()).flatMap(({ metadata }) => metadata.annotations?.["sidecar.istio.io/status"] ?? []);
    assert.ok(texts.length > 0);
    return [...new Set(texts.map((text) => (JSON.parse(text) as { revision: string }).revision))];
}
