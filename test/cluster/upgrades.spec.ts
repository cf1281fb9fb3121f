import { strict as assert } from "node:assert";
import { record } from "../../plan/record/record";
import { onCluster, overrides } from "./support/cluster";
import { get, kubectl } from "./support/command";
import { reachGateway, request } from "./support/gateway";
import { loadGateway, type Load } from "./support/load";
import { updateMesh } from "./support/mesh";

const TWO = { min: 2, max: 2 };

/** What restarts in an upgrade restarts under load here, and no request may notice. */
describe("upgrades on a cluster", function () {
    let load: Load;

    onCluster();

    before(async () => {
        const settings = {
            istio: { replicas: TWO },
            gateway: { replicas: TWO },
            bookinfo: { replicas: 2 },
            clients: { curl: true, httpbin: true, fortio: true },
        };
        await updateMesh(await record({ stack: "local", override: overrides(settings) }));
        const gateway = await reachGateway();
        await request(gateway, "/productpage", (code) => code === 200);
        gateway.close();
    });

    beforeEach(async () => {
        load = await loadGateway(40);
    });

    it("loses no request while every Deployment restarts", async () => {
        const namespaces = ["bookinfo", "istio-system"];
        for (const namespace of namespaces) {
            await kubectl(["rollout", "restart", "deployment", "-n", namespace]);
        }
        for (const namespace of namespaces) {
            const deployments = await get("deployments", "-n", namespace);
            const names = deployments.map(({ metadata }) => `deployment/${metadata.name}`);
            await Promise.all(
                names.map((name) => kubectl(["rollout", "status", name, "-n", namespace, "--timeout", "300s"])),
            );
        }
        const statuses = await load.end();
        console.log(statuses);
        assert.deepEqual(Object.keys(statuses), ["200"], JSON.stringify(statuses));
    });

    it("loses no request while pods are deleted", async () => {
        for (let i = 0; i < 3; i++) {
            for (const app of ["productpage", "reviews", "details"]) {
                const [pod] = await get("pods", "-n", "bookinfo", "-l", `app=${app}`);
                await kubectl(["delete", "pod", "-n", "bookinfo", pod!.metadata.name]);
            }
        }
        const statuses = await load.end();
        console.log(statuses);
        assert.deepEqual(Object.keys(statuses), ["200"], JSON.stringify(statuses));
    });
});
