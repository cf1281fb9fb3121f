import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { Plan } from "../../plan/model";
import { policySettings } from "../../plan/policies";
import { dependsOn, isManaged, ofType } from "../../plan/query";
import { judge } from "../../policies/judge";
import { decide } from "../support/meshDecisions";
import { recorded } from "../support/recorded";

const folder = path.join(__dirname, "../../examples/library");

/** `npm run test:package` runs the same program with the packed library, elsewhere. */
describe("examples/library", () => {
    let plan: Plan;

    before(async () => {
        plan = await recorded({ stack: "dev", folder });
    });

    it("takes its mesh from the package by its name alone", () => {
        const imports = [...readFileSync(path.join(folder, "index.ts"), "utf8").matchAll(/ from "([^"]+)"/g)];
        assert.deepEqual(
            imports.map(([, from]) => from).filter((from) => !from?.startsWith("@pulumi/")),
            ["oke-mesh"],
        );
    });

    it("has everything of Istio's kinds, and the pods, wait for istiod", () => {
        const istiod = plan.resources.find(({ name }) => name === "istio-istiod")!;
        const waiting = plan.resources.filter((each) => isManaged(each) && /istio\.io|Deployment/.test(each.type));
        assert.ok(waiting.length >= 8, `${waiting.length} resources`);
        assert.deepEqual(
            waiting.filter((each) => !dependsOn(plan, each, istiod)).map(({ name }) => name),
            [],
        );
    });

    it("passes the policies of its level", () => {
        assert.deepEqual(judge(plan.resources, policySettings(folder, "dev")).violations, []);
    });

    it("lets the gateway call the storefront, and nobody else", () => {
        const to = { namespace: "shop", labels: { app: "storefront" } };
        const from = (serviceAccount: string, namespace: string) => ({ from: { serviceAccount, namespace }, to });
        assert.equal(decide(plan, from("istio-ingressgateway", "istio-system")), "allowed");
        assert.equal(decide(plan, from("storefront", "shop")), "403");
        assert.equal(decide(plan, { to }), "cut");
        assert.equal(ofType(plan, "Deployment").length, 1);
    });
});
