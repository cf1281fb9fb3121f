import { strict as assert } from "node:assert";
import type { Plan } from "../../plan/model";
import { judge } from "../../policies/judge";
import type { PolicySettings } from "../../policies/rule";
import { planOf } from "../stacks/plans";
import { runPolicyHost, type Diagnostic } from "../support/policyHost";
import { CASES } from "./cases";
import { changed } from "./change";

describe("the policy pack in Pulumi's policy host", () => {
    const settings: PolicySettings = {
        level: "prod",
        exceptions: [
            { rule: "tags", resource: "Vcn network-vcn", reason: "tagged by the network's team" },
            { rule: "strict-mtls", resource: "Release istio-istiod", reason: "while services move in" },
        ],
    };
    let plan: Plan;
    let reported: Diagnostic[];

    before(async () => {
        plan = await spoiltProd();
        const config = { "oke-mesh:policies": JSON.stringify(settings) };
        reported = await runPolicyHost({ stack: "prod", config, plan });
    });

    it("reports what the plan says, by the level and the exceptions of the settings", () => {
        const { violations, excused } = judge(plan.resources, settings);
        assert.deepEqual(excused, settings.exceptions);
        assert.equal(violations.length > 10, true);
        assert.deepEqual(
            reported.map(lineOf).sort(),
            violations
                .map(({ rule, enforcement, resource, message }) => `${enforcement} ${rule}: ${resource} ${message}`)
                .sort(),
        );
    });
});

/** The prod stack with everything wrong that the cases know. */
async function spoiltProd(): Promise<Plan> {
    return CASES.reduce(
        (spoilt, { plan, resource, spoil }) => (plan ? spoilt : changed(spoilt, resource, spoil)),
        await planOf("prod"),
    );
}

/** Without the description of the rule, which Pulumi shows above the message. */
function lineOf({ rule, enforcement, message }: Diagnostic): string {
    return `${enforcement} ${rule}: ${message.slice(message.indexOf("\n") + 1)}`;
}
