import { strict as assert } from "node:assert";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../components/component";
import type { Plan } from "../../plan/model";
import { dependsOn, effectiveDeletedWith, one } from "../../plan/query";
import { record } from "../../plan/record/record";
import { EVERY_COMPONENT } from "./everyComponent";

const object = (name: string, opts?: pulumi.CustomResourceOptions) =>
    new ConfigMap(name, { metadata: { name, namespace: "default" } }, opts);

/** Two children, the second of which waits for the first. */
class Pair extends Component {
    constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
        super("test:Pair", name, opts);
        const first = object(`${name}-first`, this.childOptions);
        object(`${name}-second`, this.after(first));
        this.registerOutputs({});
    }
}

/** What anybody would write first. */
class Plain extends pulumi.ComponentResource {
    constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
        super("test:Plain", name, {}, opts);
        object(`${name}-child`, { parent: this });
        this.registerOutputs({});
    }
}

describe("a component", () => {
    let plan: Plan;
    before(async () => {
        plan = await record({}, () => {
            const cluster = object("cluster");
            const istiod = new Pair("istiod", { deletedWith: cluster });
            new Pair("app", { dependsOn: [istiod, object("other")], deletedWith: cluster });
            new Plain("plain", { dependsOn: istiod, deletedWith: cluster });
            new Pair("alone");
        });
    });

    const map = (name: string) => one(plan, "ConfigMap", name);

    it("has its children wait for what it waits for itself", () => {
        for (const child of ["app-first", "app-second"]) {
            for (const first of ["istiod-first", "istiod-second", "other"]) {
                assert.equal(dependsOn(plan, map(child), map(first)), true, `${child} does not wait for ${first}`);
            }
        }
    });

    it("has one child wait for another without forgetting the rest", () => {
        assert.ok(map("app-second").dependencies.includes(map("app-first").urn));
        assert.ok(map("app-second").dependencies.includes(map("other").urn));
        assert.equal(dependsOn(plan, map("app-first"), map("app-second")), false);
    });

    it("has its children go with what it goes with: the engine hands that down by itself", () => {
        const cluster = map("cluster").urn;
        const children = ["app-first", "istiod-first"].map((name) => effectiveDeletedWith(plan, map(name)));
        assert.deepEqual(children, [cluster, cluster]);
    });

    it("waits for nothing and goes with nothing if not told to", () => {
        const { dependencies, deletedWith, parent } = map("alone-first");
        assert.deepEqual([dependencies, deletedWith, parent], [[], null, one(plan, "Pair", "alone").urn]);
    });

    it("is of this program's own type", () => {
        assert.equal(one(plan, "Pair", "app").type, "oke-mesh:test:Pair");
    });

    // A plain child is created in order all the same, because it waits for its parent; but the state would not say what
    // it needs. Should this fail after an update of the SDK, Component may have become unnecessary.
    it("is needed: in a plain component the dependencies end at the component", () => {
        assert.deepEqual(map("plain-child").dependencies, []);
        assert.deepEqual(one(plan, "Plain").dependencies, [map("istiod-first").urn, map("istiod-second").urn]);
    });
});

describe("every component of the library", () => {
    let plan: Plan;
    before(async () => {
        plan = await record({ config: {} }, () => {
            const awaited = object("awaited");
            Object.entries(EVERY_COMPONENT).forEach(([name, make]) => make(name, { dependsOn: awaited }));
        });
    });

    it("is above all that it makes, so that users' options and transforms reach it", () => {
        const roots = plan.resources.filter(({ parent }) => parent === null);
        assert.deepEqual(roots.map(({ name }) => name).sort(), ["awaited", ...Object.keys(EVERY_COMPONENT)].sort());
    });

    it("has all that it makes wait for what it waits for itself", () => {
        const awaited = one(plan, "ConfigMap", "awaited");
        const others = plan.resources.filter((resource) => resource.urn !== awaited.urn);
        assert.ok(others.length > 150, `${others.length} resources`);
        assert.deepEqual(
            others.filter((resource) => !dependsOn(plan, resource, awaited)).map(({ name }) => name),
            [],
        );
    });
});
