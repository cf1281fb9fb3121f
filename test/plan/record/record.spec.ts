import { strict as assert } from "node:assert";
import * as identity from "@pulumi/oci/identity";
import * as apm from "@pulumi/oci/apm";
import * as core from "@pulumi/oci/core";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../../../plan/model";
import { one, ofType } from "../../../plan/query";
import { record } from "../../../plan/record/record";
import { renderJson } from "../../../plan/report/json";
import { recordDemo } from "../fixtures/demo";
import { sesame } from "../fixtures/sesame";

const clusterUrn = "urn:pulumi:dev::demo::demo:oci:Cluster$oci:ContainerEngine/cluster:Cluster::oke";
const poolUrn = "urn:pulumi:dev::demo::demo:oci:Cluster$oci:ContainerEngine/nodePool:NodePool::oke-pool";

describe("record", () => {
    let plan: Plan;
    before(async () => {
        plan = await recordDemo();
    });

    it("gives a resource the engine's URN and its component as parent", () => {
        const vcn = one(plan, "Vcn");
        assert.equal(vcn.urn, "urn:pulumi:dev::demo::demo:oci:Network$oci:Core/vcn:Vcn::network-vcn");
        assert.equal(vcn.parent, one(plan, "demo:oci:Network").urn);
        assert.equal(one(plan, "demo:oci:Network").parent, null);
    });

    it("keeps the options that decide what happens later", () => {
        const vcn = one(plan, "Vcn");
        assert.equal(vcn.protect, true);
        assert.deepEqual(vcn.ignoreChanges, ["definedTags"]);
        assert.deepEqual(vcn.aliases, [{ name: "vcn" }]);
        assert.deepEqual(one(plan, "Subnet").customTimeouts, { create: "15m" });
        assert.deepEqual(one(plan, "NetworkSecurityGroup").replaceOnChanges, ["vcnId"]);
        const provider = one(plan, "pulumi:providers:kubernetes");
        assert.equal(one(plan, "Namespace").provider, provider.urn);
        assert.equal(one(plan, "Namespace").deletedWith, provider.urn);
        assert.equal(one(plan, "Namespace").protect, false);
    });

    it("expands a dependency on a component to what the component holds", () => {
        const names = one(plan, "oci:ContainerEngine/cluster:Cluster").dependencies.map((urn) => urn.split("::")[3]);
        const inNetwork = [
            "network-nsg",
            "network-rule-1",
            "network-rule-2",
            "network-rule-3",
            "network-vcn",
            "network-workers",
        ];
        assert.deepEqual([...names].sort(), inNetwork);
    });

    it("marks an unknown value with the resources it comes from", () => {
        const pool = one(plan, "NodePool");
        assert.deepEqual(pool.inputs.clusterId, { $unknown: [clusterUrn] });
        assert.deepEqual(pool.propertyDependencies, { clusterId: [clusterUrn] });
        assert.equal(pool.inputs.nodeShape, "VM.Standard.E5.Flex");
    });

    it("keeps what a lookup depends on although its inputs are unknown", () => {
        const provider = one(plan, "pulumi:providers:kubernetes");
        assert.deepEqual(provider.inputs.kubeconfig, { $unknown: [clusterUrn, poolUrn] });
        assert.deepEqual(provider.dependencies, [clusterUrn, poolUrn]);
    });

    it("records each lookup and leaves its answer unknown", () => {
        const compartmentId = "ocid1.compartment.oc1..demo";
        const domains = {
            token: "oci:Identity/getAvailabilityDomains:getAvailabilityDomains",
            finds: "availability domains of the region",
            inputs: { compartmentId },
            dependencies: [],
        };
        const kubeconfig = {
            token: "oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig",
            finds: "kubeconfig of the cluster",
            inputs: { clusterId: { $unknown: [clusterUrn] } },
            dependencies: [clusterUrn, poolUrn],
        };
        assert.deepEqual(plan.lookups, [kubeconfig, domains, domains]);
        const { placementConfigs } = one(plan, "NodePool").inputs.nodeConfigDetails as Record<string, unknown>;
        assert.deepEqual(placementConfigs, { $unknown: [] });
        assert.deepEqual(plan.outputs.domains, { value: { $unknown: [] }, secret: false, from: [] });
    });

    it("keeps no secret", () => {
        assert.deepEqual(one(plan, "Secret").inputs.stringData, { password: { $secret: true } });
        assert.equal(renderJson(plan).includes(sesame), false);
        assert.equal(renderJson(plan).includes(Buffer.from(sesame).toString("base64")), false);
    });

    it("says what the stack outputs are or come from", () => {
        const service = one(plan, "Service").urn;
        assert.deepEqual(Object.keys(plan.outputs), ["address", "domains", "greeting", "kubeconfig"]);
        assert.deepEqual(plan.outputs.greeting, { value: "moin", secret: false, from: [] });
        assert.deepEqual(plan.outputs.address, { value: { $unknown: [service] }, secret: false, from: [service] });
        assert.equal(plan.outputs.kubeconfig?.secret, true);
    });

    it("notices a component that does not register its outputs", () => {
        const network = one(plan, "demo:oci:Network");
        assert.equal(network.registeredOutputs, true);
        assert.deepEqual(Object.keys(network.outputs), ["vcnId"]);
        assert.equal(one(plan, "demo:oci:Cluster").registeredOutputs, false);
    });

    it("collects the SDK's warnings", () => {
        assert.deepEqual(plan.warnings, ["Undefined value (absent) will not show as a stack output."]);
    });

    it("lists a resource after its dependencies, otherwise in the program's order", () => {
        const names = plan.resources.map(({ name }) => name);
        assert.deepEqual(names.slice(0, 5), [
            "network",
            "network-vcn",
            "network-workers",
            "network-nsg",
            "network-rule-1",
        ]);
        const place = new Map(plan.resources.map(({ urn }, index) => [urn, index]));
        for (const [index, resource] of plan.resources.entries()) {
            const before = [...resource.dependencies, resource.parent, resource.provider].filter((urn) => urn !== null);
            assert.ok(
                before.every((urn) => place.get(urn)! < index),
                resource.urn,
            );
        }
    });

    it("gives the same bytes every time, also when recordings are started together", async () => {
        const again = await Promise.all([recordDemo(), recordDemo({ stack: "prod" }), recordDemo()]);
        assert.equal(renderJson(again[0]), renderJson(plan));
        assert.equal(renderJson(again[2]), renderJson(plan));
        assert.equal(again[1].stack, "prod");
    });

    it("does not depend on the order in which promises settle", async () => {
        const program = (slow: string) => () => {
            for (const name of ["b", "a", "c"]) {
                const delay = new Promise<string>((resolve) => setTimeout(() => resolve("x"), name === slow ? 20 : 1));
                new ConfigMap(name, { data: { delay } });
                pulumi.output(delay).apply(() => new ConfigMap(`late-${name}`));
            }
        };
        const [one, other] = [await record({}, program("a")), await record({}, program("b"))];
        assert.deepEqual(
            one.resources.map(({ name }) => name),
            ["b", "a", "c", "late-a", "late-b", "late-c"],
        );
        assert.equal(renderJson(one), renderJson(other));
    });

    it("merges overrides over the stack's settings", async () => {
        const changed = await recordDemo({ override: { greeting: "servus", login: { user: "root" } } });
        assert.equal(changed.outputs.greeting?.value, "servus");
    });

    it("runs a function with the given settings and answers", async () => {
        const compartmentId = "ocid1.compartment.oc1..a";
        const token = "oci:Identity/getAvailabilityDomains:getAvailabilityDomains";
        const answers = { [token]: { availabilityDomains: [{ name: "AD-1" }, { name: "AD-2" }] } };
        const answered = await record({ config: { zone: 1 }, answers }, () => {
            const zone = new pulumi.Config().requireNumber("zone");
            const { availabilityDomains } = identity.getAvailabilityDomainsOutput({ compartmentId });
            return { domain: availabilityDomains[zone]!.name };
        });
        assert.equal(answered.outputs.domain?.value, "AD-2");
    });

    it("records reads of existing resources", async () => {
        const read = await record({}, () => {
            core.Vcn.get("shared", "ocid1.vcn.oc1..a");
        });
        assert.deepEqual(ofType(read, "Vcn"), []);
        assert.deepEqual(
            read.reads.map(({ name, id }) => ({ name, id })),
            [{ name: "shared", id: "ocid1.vcn.oc1..a" }],
        );
    });
});

describe("record, when the program fails", () => {
    const failing = (mode: string) => recordDemo({ override: { mode } });

    it("throws what the program threw", async () => {
        await assert.rejects(failing("unhappy"), (error) => pulumi.RunError.isInstance(error));
        await assert.rejects(failing("broken"), new TypeError("the program is broken"));
    });

    it("does not lose an error inside apply", async () => {
        await assert.rejects(failing("late-failure"), /failed inside apply/);
    });

    it("refuses two resources with one URN, as the engine does", async () => {
        await assert.rejects(
            failing("twice"),
            /Duplicate resource URN 'urn:pulumi:dev::demo::kubernetes:core\/v1:Namespace::bookinfo'/,
        );
    });

    it("says how to list a lookup it does not know", async () => {
        const program = () => apm.getApmDomainsOutput({ compartmentId: "ocid1.compartment.oc1..a" });
        await assert.rejects(record({}, program), /getApmDomains.*plan\/record\/lookups\.ts/);
    });

    it("records the next program without effects of the previous one", async () => {
        assert.deepEqual((await recordDemo()).outputs.greeting?.value, "moin");
    });
});
