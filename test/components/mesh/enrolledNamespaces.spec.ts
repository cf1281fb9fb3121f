import { strict as assert } from "node:assert";
import { EnrolledNamespaces } from "../../../components/mesh/enrolledNamespaces";
import { dependsOn, ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record/record";

describe("EnrolledNamespaces", () => {
    const namespaces = { shop: { source: "existing" }, payments: { source: "new" } } as const;

    it("patches those that exist and makes the others, both with injection on", async () => {
        const plan = await record({}, () => void new EnrolledNamespaces("namespaces", { namespaces }, {}));
        const labels = { "istio-injection": "enabled" };
        const object = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
        assert.deepEqual(one(plan, "NamespacePatch").inputs, object("shop"));
        assert.deepEqual(one(plan, "Namespace").inputs, object("payments"));
    });

    // A namespace that is labelled before istiod is there gets pods without sidecars, and no error.
    it("comes after istiod, and before routes and policies of its services", async () => {
        const service = (namespace: string) => ({ namespace, port: 80, versions: { v1: { version: "v1" } } });
        const plan = await record({
            stack: "local",
            override: { namespaces, services: { cart: service("shop"), ledger: service("payments") } },
        });
        const istiod = one(plan, "Release", "istio-istiod");
        for (const [type, name, rule] of [
            ["NamespacePatch", "namespaces-shop", "traffic-cart"],
            ["Namespace", "namespaces-payments", "traffic-ledger"],
        ] as const) {
            const namespace = one(plan, type, name);
            assert.ok(dependsOn(plan, namespace, istiod), name);
            assert.ok(dependsOn(plan, one(plan, "DestinationRule", rule), namespace), rule);
        }
    });

    it("is not there without namespaces", async () => {
        const plan = await record({ stack: "local", override: {} });
        assert.deepEqual(ofType(plan, "oke-mesh:mesh:EnrolledNamespaces"), []);
    });
});
