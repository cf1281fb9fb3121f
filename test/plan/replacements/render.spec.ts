import { strict as assert } from "node:assert";
import type { Plan, Resource } from "../../../plan/model";
import { record } from "../../../plan/record/record";
import { diff } from "../../../plan/report/diff";
import { renderJson } from "../../../plan/report/json";
import { renderMarkdown } from "../../../plan/report/markdown";
import { renderReplaced, replacedAsJson, replacedSince } from "../../../plan/replacements/render";
import { Subnet, Vcn } from "@pulumi/oci/core";
import { ConfigMap, Secret } from "@pulumi/kubernetes/core/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import { NodePool } from "@pulumi/oci/containerengine";

interface Small {
    label?: string;
    isPublic?: boolean;
    clusterId?: string;
    data?: string;
    mutable?: boolean;
    protect?: boolean;
    pool?: string;
    stack?: string;
}

/** A VCN with a subnet, a pool, and a cluster's provider with a Secret and a ConfigMap. */
function planned({ label = "a", isPublic = false, clusterId = "c1", data = "x", ...rest }: Small = {}): Promise<Plan> {
    const { mutable, protect, pool = "one", stack = "dev" } = rest;
    return record({ stack, config: {} }, () => {
        const vcn = new Vcn("vcn", { compartmentId: "c", dnsLabel: label });
        new Subnet(
            "subnet",
            { compartmentId: "c", vcnId: vcn.id, prohibitPublicIpOnVnic: !isPublic },
            { deleteBeforeReplace: true, protect },
        );
        new NodePool(`pool-${pool}`, { compartmentId: "c", clusterId: "c", nodeShape: "s" });
        const provider = new Provider("k8s", { clusterIdentifier: clusterId, enableConfigMapMutable: mutable });
        new Secret("secret", { metadata: { name: "s", namespace: "n" }, stringData: { data } }, { provider });
        new ConfigMap("map", { metadata: { name: "m", namespace: "n" }, data: { data } }, { provider });
    });
}

async function replaced(before: Small, after: Small) {
    return replacedSince(await planned(before), await planned(after));
}

const lines = async (before: Small, after: Small) =>
    renderReplaced(await replaced(before, after))
        .trimEnd()
        .split("\n");

const LEGEND = "(-+ deleted, then created; +- created, then the old one is deleted)";

describe("replacements", () => {
    it("do not exist if everything can be updated, and then nothing is reported", async () => {
        assert.equal(renderReplaced(await replaced({ mutable: true }, { mutable: true })), "");
    });

    it("say why, in which order, and what is lost", async () => {
        assert.deepEqual(await lines({}, { isPublic: true }), [
            `Replaced: 1 resource ${LEGEND}`,
            "-+ Subnet subnet: prohibitPublicIpOnVnic changes",
            "! Subnet subnet is deleted, then created again: everything in it is deleted first.",
        ]);
    });

    it("include resources that use the new identity in a property that cannot change", async () => {
        assert.deepEqual((await lines({}, { label: "b" })).slice(0, 3), [
            `Replaced: 2 resources ${LEGEND}`,
            "+- Vcn vcn: dnsLabel changes",
            "-+ Subnet subnet: vcnId comes from vcn",
        ]);
    });

    it("include everything in a replaced cluster", async () => {
        assert.deepEqual(await lines({}, { clusterId: "c2" }), [
            `Replaced: 3 resources ${LEGEND}`,
            "+- kubernetes k8s: clusterIdentifier changes",
            "+- 2 objects of the cluster, with the cluster",
        ]);
    });

    it("of a ConfigMap depend on the provider's setting", async () => {
        const names = async (mutable: boolean) =>
            (await replaced({ mutable }, { mutable, data: "y" })).replacements.map(({ resource }) => resource.name);
        assert.deepEqual(await names(false), ["map"]);
        assert.deepEqual(await names(true), []);
    });

    it("that are refused because of protection say so", async () => {
        const { warnings } = await replaced({ protect: true }, { protect: true, isPublic: true });
        assert.match(warnings.join(), /it is protected: `pulumi up` fails/);
    });

    it("warn of what is deleted for good as well", async () => {
        assert.deepEqual(await lines({}, { pool: "two" }), [
            "! NodePool pool-one is deleted: its nodes are deleted; their pods start on other nodes or stay pending.",
        ]);
    });

    it("are not looked for between two stacks", async () => {
        assert.equal(renderReplaced(await replaced({}, { label: "b", stack: "prod" })), "");
    });

    it("are in the JSON, and before the difference in the comment", async () => {
        const [before, after] = [await planned(), await planned({ isPublic: true })];
        const found = replacedSince(before, after);
        const json = JSON.parse(renderJson(after, { replacements: replacedAsJson(found) })) as {
            replacements: unknown;
        };
        const subnet = after.resources.find(({ name }) => name === "subnet") as Resource;
        assert.deepEqual(json.replacements, {
            replaced: [{ urn: subnet.urn, because: [{ property: "prohibitPublicIpOnVnic" }], deletedFirst: true }],
            warnings: found.warnings,
        });
        const comment = renderMarkdown(after, { difference: diff(before, after), origin: "old", replaced: found });
        assert.ok(comment.indexOf("-+ Subnet subnet") > 0);
        assert.ok(comment.indexOf("-+ Subnet subnet") < comment.indexOf("```diff"));
    });
});
