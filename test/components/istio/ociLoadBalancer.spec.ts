import { strict as assert } from "node:assert";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import { ociLoadBalancerAnnotations, type OciLoadBalancerArgs } from "../../../components/istio/ociLoadBalancer";
import { record } from "../../../plan/record/record";

const args: Required<Omit<OciLoadBalancerArgs, "reservedIp">> = {
    type: "lb",
    internal: false,
    minimumMbps: 10,
    maximumMbps: 100,
    subnetId: "ocid1.subnet.oc1.iad.s",
    nsgIds: ["ocid1.networksecuritygroup.oc1.iad.a", "ocid1.networksecuritygroup.oc1.iad.b"],
    freeformTags: { project: "oke-mesh", stack: "dev" },
    definedTags: { "Operations.CostCenter": "42", "Operations.Owner": "mesh", "Security.Level": "1" },
};

async function annotations(
    changes: Partial<typeof args & Pick<OciLoadBalancerArgs, "reservedIp">> = {},
): Promise<Record<string, unknown>> {
    const plan = await record({}, () => ({ annotations: ociLoadBalancerAnnotations({ ...args, ...changes }) }));
    return plan.outputs.annotations?.value as Record<string, unknown>;
}

/**
 * Word for word from OCI's pages:
 * https://github.com/oracle/oci-cloud-controller-manager/blob/master/docs/load-balancer-annotations.md
 * https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/contengcreatingloadbalancer_topic-Summaryofannotations.htm
 */
describe("annotations of an OCI load balancer", () => {
    it("are these", async () => {
        assert.deepEqual(await annotations(), {
            "oci.oraclecloud.com/load-balancer-type": "lb",
            "service.beta.kubernetes.io/oci-load-balancer-shape": "flexible",
            "service.beta.kubernetes.io/oci-load-balancer-shape-flex-min": "10",
            "service.beta.kubernetes.io/oci-load-balancer-shape-flex-max": "100",
            "service.beta.kubernetes.io/oci-load-balancer-subnet1": "ocid1.subnet.oc1.iad.s",
            "service.beta.kubernetes.io/oci-load-balancer-internal": "false",
            "service.beta.kubernetes.io/oci-load-balancer-security-list-management-mode": "None",
            "oci.oraclecloud.com/oci-network-security-groups":
                "ocid1.networksecuritygroup.oc1.iad.a,ocid1.networksecuritygroup.oc1.iad.b",
            "oci.oraclecloud.com/initial-freeform-tags-override": '{"project":"oke-mesh","stack":"dev"}',
            "oci.oraclecloud.com/initial-defined-tags-override":
                '{"Operations":{"CostCenter":"42","Owner":"mesh"},"Security":{"Level":"1"}}',
        });
    });

    // Its own prefix for everything but the type: the controller does not read the other one's for it.
    it("are these for a network load balancer", async () => {
        assert.deepEqual(await annotations({ type: "nlb", internal: true }), {
            "oci.oraclecloud.com/load-balancer-type": "nlb",
            "oci-network-load-balancer.oraclecloud.com/subnet": "ocid1.subnet.oc1.iad.s",
            "oci-network-load-balancer.oraclecloud.com/internal": "true",
            "oci-network-load-balancer.oraclecloud.com/oci-network-security-groups":
                "ocid1.networksecuritygroup.oc1.iad.a,ocid1.networksecuritygroup.oc1.iad.b",
            "oci-network-load-balancer.oraclecloud.com/security-list-management-mode": "None",
            "oci-network-load-balancer.oraclecloud.com/external-ip-only": "true",
            "oci-network-load-balancer.oraclecloud.com/initial-freeform-tags-override":
                '{"project":"oke-mesh","stack":"dev"}',
            "oci-network-load-balancer.oraclecloud.com/initial-defined-tags-override":
                '{"Operations":{"CostCenter":"42","Owner":"mesh"},"Security":{"Level":"1"}}',
        });
    });

    for (const type of ["lb", "nlb"] as const) {
        // An override that is empty hides the tags OKE sets for the cluster.
        it(`leave tags to OKE where there are none (${type})`, async () => {
            const keys = Object.keys(await annotations({ type, freeformTags: {}, definedTags: {} }));
            assert.deepEqual(
                keys.filter((key) => key.includes("tags")),
                [],
            );
        });

        it(`wait for a subnet and a group that are yet to be made, and for nothing else (${type})`, async () => {
            const plan = await record({}, () => {
                const { id } = new Namespace("network");
                return { annotations: ociLoadBalancerAnnotations({ ...args, type, subnetId: id, nsgIds: [id] }) };
            });
            const value = plan.outputs.annotations?.value as Record<string, unknown>;
            const unknown = Object.keys(value).filter((key) => typeof value[key] !== "string");
            assert.equal(unknown.length, 2);
            assert.ok(unknown.every((key) => /subnet1?$|oci-network-security-groups$/.test(key)));
        });
    }
});
