import { strict as assert } from "node:assert";
import { record } from "../../plan/record/record";
import { onCluster, istioVersion, overrides } from "./support/cluster";
import { get, kubectl, type KubernetesObject } from "./support/command";
import { eventually } from "./support/eventually";
import { reachGateway, request } from "./support/gateway";
import { loadGateway, type Load } from "./support/load";
import { updateMesh } from "./support/mesh";

const TWO = { min: 2, max: 2 };

/** Everything twice, and a workload in a namespace of its own that moves with the rest. */
const update = async (istio: object = {}) => {
    const settings = {
        istio: { replicas: TWO, ...istio },
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

const NAMESPACES = ["bookinfo", "clients", "istio-system"];

/** What restarts in an upgrade restarts under load here, and no request may notice. */
describe("upgrades on a cluster", function () {
    let load: Load;

    onCluster();

    before(async () => {
        await update();
        const gateway = await reachGateway();
        await request(gateway, "/productpage", (code) => code === 200);
        gateway.close();
    });

    beforeEach(async () => {
        load = await loadGateway(40);
    });

    const assertNoneFailed = async () => {
        const statuses = await load.end();
        console.log("      ", JSON.stringify(statuses));
        assert.deepEqual(Object.keys(statuses), ["200"], JSON.stringify(statuses));
    };

    it("loses no request while every Deployment restarts", async () => {
        for (const each of NAMESPACES) {
            await kubectl(["rollout", "restart", "deployment", "-n", each]);
        }
        for (const each of NAMESPACES) {
            await kubectl(["rollout", "status", "deployment", "-n", each, "--timeout", "300s"]);
        }
        await assertNoneFailed();
    });

    it("loses no request while pods are deleted", async () => {
        for (const app of ["productpage", "reviews", "details"]) {
            const [pod] = await get("pods", "-n", "bookinfo", "-l", `app=${app}`);
            await kubectl(["delete", "pod", "-n", "bookinfo", pod!.metadata.name]);
        }
        await assertNoneFailed();
    });

    it("loses no request on the way to another istiod", async () => {
        for (const step of [beside, namespace, gateways, everything, alone, { ...alone, canary: undefined }]) {
            const t = Date.now();
            await update(step);
            console.log("      ", Date.now() - t);
        }
        await eventually(async () => assert.deepEqual(await revisions(), [REVISION]));
        await assertNoneFailed();
    });

    it("loses none on the way back", async () => {
        for (const step of [alone, everything, gateways, namespace, beside, {}]) {
            const t = Date.now();
            await update(step);
            console.log("      ", Date.now() - t);
        }
        await eventually(async () => assert.deepEqual(await revisions(), ["default"]));
        await assertNoneFailed();
    });
});

/** The revisions that the proxies of all pods were injected by. */
async function revisions(): Promise<string[]> {
    const pods = await Promise.all(NAMESPACES.map((each) => get("pods", "-n", each)));
    const status = ({ metadata }: KubernetesObject) => metadata.annotations?.["sidecar.istio.io/status"];
    const injected = pods.flat().flatMap((pod) => status(pod) ?? []);
    assert.ok(injected.length > 0);
    return [...new Set(injected.map((text) => (JSON.parse(text) as { revision: string }).revision))];
}
