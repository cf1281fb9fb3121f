import { strict as assert } from "node:assert";
import { logUploadStatements, subjectOf } from "../../../components/oci/logUploadPolicy";
import { nodeMatchingRule } from "../../../components/oci/nodeDynamicGroup";

const compartmentId = "ocid1.compartment.oc1..a";
const tenancyId = "ocid1.tenancy.oc1..t";
const logGroupId = "ocid1.loggroup.oc1.iad.g";

describe("policies for agents", () => {
    const subjects: [name: string, identityDomain: string, subject: string][] = [
        ["agents", "Default", "agents"],
        ["agents", "Ops", "'Ops'/'agents'"],
        ["agents", "Ops Team", "'Ops Team'/'agents'"],
    ];
    for (const [name, identityDomain, subject] of subjects) {
        it(`call ${name} of ${identityDomain} ${subject}`, () => {
            const group = { name, identityDomain };
            assert.equal(subjectOf(group), subject);
            const logGroup = { id: logGroupId, compartmentId: "ocid1.compartment.oc1..logs" };
            assert.deepEqual(logUploadStatements({ group, compartmentId, logGroup }), [
                `allow dynamic-group ${subject} to {LOG_CONTENT_PUSH} in compartment id ocid1.compartment.oc1..logs where target.loggroup.id = '${logGroupId}'`,
                `allow dynamic-group ${subject} to {UNIFIED_AGENT_CONFIG_GENERATE} in compartment id ${compartmentId}`,
            ]);
        });
    }

    it("name the tenancy if the root compartment is meant", () => {
        const group = { name: "agents", identityDomain: "Default" };
        const logGroup = { id: logGroupId, compartmentId: tenancyId };
        for (const statement of logUploadStatements({ group, compartmentId: tenancyId, logGroup })) {
            assert.match(statement, / in tenancy( where target\.loggroup\.id = .*)?$/);
        }
    });

    it("match nodes by compartment, and by all their defined tags when given", () => {
        assert.equal(nodeMatchingRule("c"), "all {instance.compartment.id = 'c'}");
        assert.equal(
            nodeMatchingRule("c", { "Oke.Cluster": "shop", "Oke.Role": "node" }),
            "all {instance.compartment.id = 'c', tag.Oke.Cluster.value = 'shop', tag.Oke.Role.value = 'node'}",
        );
    });
});
