import { strict as assert } from "node:assert";
import type { Plan, Resource } from "../../plan/model";
import { dependsOn, effectiveDeletedWith, ofType, one, reachedFrom } from "../../plan/query";
import { record } from "../../plan/record/record";
import { plain } from "../../plan/kubernetesObject";
import { validateIstio } from "../support/istioSchemas";
import { inCluster, isIstioKind, planOf, STACKS } from "./plans";

const KUBECONFIG_LOOKUP = "oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig";

/** What holds for every stack, whatever its settings. */
for (const stack of STACKS) {
    describe(`every resource of ${stack}`, () => {
        let plan: Plan;

        before(async () => {
            plan = await planOf(stack);
        });

        /** Names of those that break a rule, so that a failure says which. */
        const breaking = (rule: (resource: Resource) => boolean, of = plan.resources): string[] =>
            of.filter((resource) => !rule(resource)).map(({ type, name }) => `${type} ${name}`);

        it("is named after its component, so that two components never clash", () => {
            const parents = new Map(plan.resources.map((resource) => [resource.urn, resource]));
            const named = ({ name, parent }: Resource) => {
                const owner = parent === null ? undefined : parents.get(parent);
                return owner === undefined || name === owner.name || name.startsWith(`${owner.name}-`);
            };
            assert.deepEqual(breaking(named), []);
        });

        it("has an explicit provider", () => {
            const managed = plan.resources.filter(
                ({ custom, type }) => custom && !/^(pulumi:providers|random):/.test(type), // random makes numbers: nothing to sign in to
            );
            assert.deepEqual(
                breaking(({ provider }) => provider !== null, managed),
                [],
            );
        });

        it("if a component, registered its outputs", () => {
            assert.deepEqual(
                breaking(({ custom, registeredOutputs }) => custom || registeredOutputs),
                [],
            );
        });

        it("in the cluster has a name and a namespace of its own choosing", () => {
            const objects = plan.resources.filter(
                (resource) => inCluster(resource) && !resource.type.endsWith(":Release"),
            );
            const named = ({ inputs, type }: Resource) => {
                const { name, namespace } = inputs.metadata as { name?: unknown; namespace?: unknown };
                return typeof name === "string" && (type.endsWith(":Namespace") || typeof namespace === "string");
            };
            assert.deepEqual(breaking(named, objects), []);
        });

        it("of an Istio kind waits for istiod, whose webhook would refuse it", () => {
            const istiod = one(plan, "Release", "istio-istiod");
            const objects = plan.resources.filter(isIstioKind);
            assert.ok(objects.length > 0);
            assert.deepEqual(
                breaking((resource) => dependsOn(plan, resource, istiod), objects),
                [],
            );
        });

        it("of an Istio kind is valid by Istio's own schema", () => {
            const problems = plan.resources
                .filter(isIstioKind)
                .flatMap(({ inputs }) => validateIstio(plain(inputs) as Parameters<typeof validateIstio>[0]));
            assert.deepEqual(problems, []);
        });

        it("with a pod waits for istiod, or it would have no sidecar", () => {
            const istiod = one(plan, "Release", "istio-istiod");
            assert.deepEqual(
                breaking((resource) => dependsOn(plan, resource, istiod), ofType(plan, "Deployment")),
                [],
            );
        });

        const istioReleases = () => ofType(plan, "Release").filter(({ name }) => name.startsWith("istio"));

        it("of Istio's charts has the one version", () => {
            const versions = istioReleases().map(({ inputs }) => inputs.version);
            assert.deepEqual([...new Set(versions)], ["1.31.4"]);
        });

        it("of Istio's charts installs whole or not at all, under a name of its own choosing", () => {
            const releases = istioReleases().map(({ inputs }) => [inputs.name, inputs.atomic, inputs.timeout]);
            assert.deepEqual(releases, [
                ["istio-base", true, 600],
                ["istiod", true, 600],
                ["istio-ingressgateway", true, 600],
            ]);
        });

        it("does not make the gateway and Bookinfo wait for each other", () => {
            const gateway = one(plan, "Release", "istio-ingressgateway-release");
            for (const deployment of ofType(plan, "Deployment")) {
                assert.equal(dependsOn(plan, deployment, gateway), false, deployment.name);
                assert.equal(dependsOn(plan, gateway, deployment), false, deployment.name);
            }
        });

        it("is planned the same each time", async () => {
            assert.equal(JSON.stringify(await record({ stack })), JSON.stringify(plan));
        });
    });
}

for (const stack of ["dev", "prod"] as const) {
    describe(`on OCI, ${stack}`, () => {
        let plan: Plan;

        before(async () => {
            plan = await planOf(stack);
        });

        it("deletes the gateway's load balancer before the network it stands in", () => {
            const gateway = one(plan, "Release", "istio-ingressgateway-release");
            const waitsFor = reachedFrom(plan, gateway.urn);
            const network = plan.resources.filter(({ custom, type }) => custom && type.startsWith("oci:Core/"));
            assert.ok(network.length > 30, "the network is not in the plan");
            assert.deepEqual(
                network.filter(({ urn }) => !waitsFor.has(urn)).map(({ name }) => name),
                [],
            );
            assert.equal(effectiveDeletedWith(plan, gateway), null, "it would be skipped, and the load balancer left");
        });

        it("skips what only lives in the cluster when the cluster goes", () => {
            const { urn } = one(plan, "Cluster");
            const kept = plan.resources.filter(
                (resource) => inCluster(resource) && effectiveDeletedWith(plan, resource) !== urn,
            );
            assert.deepEqual(
                kept.map(({ name }) => name),
                ["istio-ingressgateway-release"],
            );
        });

        it("tags everything that can carry tags", () => {
            const untaggable = /NetworkSecurityGroupSecurityRule|Addon|ManagementDashboardsImport/;
            const untagged = plan.resources.filter(
                ({ type, custom, inputs }) =>
                    custom && type.startsWith("oci:") && !untaggable.test(type) && !inputs.freeformTags,
            );
            assert.deepEqual(
                untagged.map(({ type, name }) => `${type} ${name}`),
                [],
            );
        });

        it("gives the kubeconfig out as a secret", () => {
            assert.equal(plan.outputs.kubeconfig?.secret, true);
        });

        it("protects the cluster and its network only where the stack says so", () => {
            const isProtected = plan.resources.filter((resource) => resource.protect).map(({ type }) => type);
            const expected =
                stack === "prod"
                    ? [
                          "oci:ContainerEngine/cluster:Cluster",
                          "oci:ContainerEngine/nodePool:NodePool",
                          "oci:Core/subnet:Subnet",
                          "oci:Core/vcn:Vcn",
                      ]
                    : [];
            assert.deepEqual([...new Set(isProtected)].sort(), expected);
        });
    });
}

describe("what the stacks differ in", () => {
    it("local has nothing on OCI", async () => {
        const plan = await planOf("local");
        assert.deepEqual(
            plan.resources.filter(({ type }) => type.startsWith("oci:")),
            [],
        );
        assert.deepEqual(plan.lookups, []);
        assert.equal(plan.outputs.kubeconfig, undefined);
    });

    it("prod has its API endpoint on a private address", async () => {
        const { inputs } = one(await planOf("prod"), "Cluster");
        assert.equal((inputs.endpointConfig as { isPublicIpEnabled: boolean }).isPublicIpEnabled, false);
    });

    it("no stack asks the cloud anything that settings already say", async () => {
        const plan = await record({
            stack: "dev",
            override: {
                network: {
                    oracleServices: {
                        id: "ocid1.service.oc1.iad.a",
                        cidrLabel: "all-iad-services-in-oracle-services-network",
                    },
                },
                cluster: {
                    availabilityDomains: ["Uocm:US-ASHBURN-AD-1"],
                    nodePools: [
                        {
                            name: "workers",
                            shape: "VM.Standard.E5.Flex",
                            ocpus: 2,
                            memoryInGbs: 16,
                            size: 3,
                            imageId: "ocid1.image.oc1.iad.a",
                        },
                    ],
                },
            },
        });
        assert.deepEqual(
            plan.lookups.map(({ token }) => token),
            [
                "oci:Apm/getDataKeys:getDataKeys",
                KUBECONFIG_LOOKUP,
                "oci:Identity/getRegionSubscriptions:getRegionSubscriptions",
            ],
        );
    });
});
