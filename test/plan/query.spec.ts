import { strict as assert } from "node:assert";
import type { Plan } from "../../plan/model";
import { childrenOf, dependsOn, isKubernetes, isManaged, ofType, one, waves } from "../../plan/query";
import { recordDemo } from "./fixtures/demo";

describe("queries over a plan", () => {
    let plan: Plan;
    before(async () => {
        plan = await recordDemo();
    });

    it("finds a resource by full type, short type and name", () => {
        assert.equal(one(plan, "oci:Core/vcn:Vcn", "network-vcn"), one(plan, "Vcn"));
        assert.equal(ofType(plan, "NetworkSecurityGroupSecurityRule").length, 3);
    });

    it("says what there is when one() finds none or several", () => {
        assert.throws(
            () => one(plan, "Vcn", "missing"),
            /Expected one Vcn named missing in the plan, found 0:\n  urn:.*network-vcn/,
        );
        assert.throws(() => one(plan, "NetworkSecurityGroupSecurityRule"), /found 3/);
    });

    it("knows a component's children and the stack's", () => {
        const children = childrenOf(plan, one(plan, "demo:oci:Cluster")).map(({ name }) => name);
        assert.deepEqual(children, ["oke", "oke-pool", "oke-provider"]);
        assert.equal(childrenOf(plan).includes(one(plan, "Namespace")), true);
    });

    const after: [what: string, a: string, b: string, expected: boolean][] = [
        ["through the provider, its kubeconfig and the cluster", "Deployment", "Vcn", true],
        ["through dependsOn", "Deployment", "Release", true],
        ["through the deletion rule of a namespace", "Deployment", "Namespace", true],
        ["on every part of a component", "Release", "demo:oci:Network", true],
        ["on the component around it", "Vcn", "demo:oci:Network", true],
        ["not backwards", "Vcn", "Release", false],
        ["not on a neighbour", "Service", "Release", false],
        ["not on a component that it needs only in part", "NetworkSecurityGroup", "demo:oci:Cluster", false],
    ];
    for (const [what, a, b, expected] of after) {
        it(`follows dependencies ${what}: ${a} ${expected ? "after" : "without"} ${b}`, () => {
            assert.equal(dependsOn(plan, one(plan, a), one(plan, b)), expected);
        });
    }

    it("groups what can be created together, in order", () => {
        const names = (chosen: Parameters<typeof waves>[1]) =>
            waves(plan, chosen).map((wave) => wave.map(({ name }) => name));
        assert.deepEqual(names(undefined).slice(0, 5), [
            ["network-vcn"],
            ["network-workers", "network-nsg"],
            ["network-rule-1", "network-rule-2", "network-rule-3"],
            ["oke"],
            ["oke-pool"],
        ]);
        assert.deepEqual(
            names((resource) => isKubernetes(resource) && isManaged(resource)),
            [
                ["bookinfo", "istiod"],
                ["productpage-v1", "productpage", "credentials", "bookinfo-gateway", "productpage-routes"],
            ],
        );
    });
});
