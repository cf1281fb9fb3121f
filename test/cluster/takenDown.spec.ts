import { strict as assert } from "node:assert";
import { record } from "../../plan/record/record";
import { onCluster, overrides } from "./support/cluster";
import { get, kubectl } from "./support/command";
import { endMesh, isMeshUp, updateMesh } from "./support/mesh";

/** After every other suite has left something of its own: .mocharc.cluster.js puts it last. */
describe("the mesh, taken down", function () {
    onCluster();

    before(async () => {
        if (!isMeshUp()) {
            await updateMesh(await record({ stack: "local", override: overrides() }));
        }
        await endMesh();
    });

    it("leaves nothing but Istio's kinds", async () => {
        const kinds = "clusterroles,clusterrolebindings,mutatingwebhookconfigurations,validatingwebhookconfigurations";
        const left = await kubectl(["get", `namespaces,${kinds}`, "-o", "name"]);
        assert.deepEqual(
            left.split("\n").filter((name) => /istio|bookinfo/.test(name)),
            [],
        );
        const definitions = await get("customresourcedefinitions");
        assert.equal(definitions.filter(({ metadata }) => metadata.name.endsWith(".istio.io")).length, 15);
    });
});
