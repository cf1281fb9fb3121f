import { strict as assert } from "node:assert";
import type { Plan } from "../../plan/model";
import { dependsOn, ofType, one } from "../../plan/query";
import { postureOf } from "../../plan/mesh/posture/posture";
import { renderTree } from "../../plan/report/tree";
import { POOL } from "./everythingOnOci";
import { recorded } from "../support/recorded";

const planned = (override: object = {}): Promise<Plan> =>
    recorded({ stack: "dev", override: { cluster: { nodePools: [POOL] }, ...override } });

describe("node pools that grow", () => {
    it("share the provider of the home region with the logs", async () => {
        const plan = await planned();
        const home = one(plan, "pulumi:providers:oci", "oci-home");
        for (const policy of ofType(plan, "oci:Identity/policy:Policy")) {
            assert.equal(policy.provider, home.urn, policy.name);
        }
        assert.equal(ofType(plan, "oci:Identity/policy:Policy").length, 2);
    });

    it("have one without logs, too", async () => {
        const config = {
            "oci:region": "us-ashburn-1",
            "oci:tenancyOcid": "ocid1.tenancy.oc1..t",
            compartmentId: "ocid1.compartment.oc1..a",
            network: { source: "new" },
            cluster: { source: "new", nodePools: [POOL] },
        };
        const plan = await recorded({ stack: "dev", config }, "index.ts");
        const policy = one(plan, "oci:Identity/policy:Policy", "oke-autoscaler");
        assert.equal(policy.provider, one(plan, "pulumi:providers:oci", "oci-home").urn);
        assert.ok(dependsOn(plan, one(plan, "Addon", "oke-ClusterAutoscaler"), policy));
    });

    it("have the add-on before anything in the cluster", async () => {
        const plan = await planned();
        assert.ok(dependsOn(plan, one(plan, "Release", "istio-base"), one(plan, "Addon", "oke-ClusterAutoscaler")));
    });

    it("are in the security section", async () => {
        const { exposure = [] } = postureOf(await planned()) ?? {};
        const line =
            "node pools and instances of the compartment: to the ServiceAccount kube-system/cluster-autoscaler";
        assert.ok(exposure.includes(line));
        const without = await planned({ cluster: { nodePools: [{ ...POOL, autoscaling: undefined }] } });
        assert.ok(!postureOf(without)?.exposure.includes(line));
    });

    it("say so in the plan and in the runbook", async () => {
        const plan = await planned();
        assert.match(renderTree(plan), /3 nodes .* autoscaled/);
        const alarm = one(plan, "Alarm", "alarms-unschedulable-pods");
        assert.match(
            JSON.stringify(alarm.inputs.body),
            /raise autoscaling\.max, or size of a pool without it, in cluster\.nodePools/,
        );
    });
});
