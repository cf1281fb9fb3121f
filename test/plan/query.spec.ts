import { strict as assert } from "node:assert";
import { ConfigMap, Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../../plan/model";
import {
    childrenOf,
    dependsOn,
    effectiveDeletedWith,
    isKubernetes,
    isManaged,
    ofType,
    one,
    waves,
} from "../../plan/query";
import { record } from "../../plan/record/record";
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

    it("finds a component's children and the stack's", () => {
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

    it("finds what a resource is deleted with, on itself or on the nearest parent, as the engine does", async () => {
        const nested = await record({}, () => {
            const cluster = new Namespace("cluster");
            const other = new Namespace("other");
            const outer = new pulumi.ComponentResource("demo:Outer", "outer", {}, { deletedWith: cluster });
            const inner = new pulumi.ComponentResource("demo:Inner", "inner", {}, { parent: outer });
            new ConfigMap("inherits", {}, { parent: inner });
            new ConfigMap("own", {}, { parent: inner, deletedWith: other });
            new ConfigMap("alone");
        });
        const found = ["inherits", "own", "alone"].map((name) =>
            effectiveDeletedWith(nested, one(nested, "ConfigMap", name)),
        );
        const [cluster, other] = ["cluster", "other"].map((name) => one(nested, "Namespace", name).urn);
        assert.deepEqual(found, [cluster, other, null]);
        assert.equal(one(nested, "ConfigMap", "inherits").deletedWith, null, "the plan holds what the program sends");
    });

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
