import { strict as assert } from "node:assert";
import { Release } from "@pulumi/kubernetes/helm/v3";
import { DnsRecords } from "../../../components/oci/dnsRecords";
import { findReservedIp, newReservedIp } from "../../../components/oci/reservedIp";
import { dependsOn, ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record/record";

const PUBLIC_IP = "oci:Core/publicIp:PublicIp";
const RRSET = "oci:Dns/rrset:Rrset";
const GET_IP = "oci:Core/getPublicIp:getPublicIp";
const id = "ocid1.publicip.oc1.iad.a";
const tags = { freeformTags: { project: "shop" }, definedTags: { "Operations.CostCenter": "42" } };

describe("a reserved address", () => {
    const planned = (protect?: boolean) =>
        record({}, () => ({
            address: newReservedIp("ip", { compartmentId: "c", displayName: "shop-gateway", protect, ...tags }, {}),
        }));

    it("is made with these inputs, and whoever has it is nobody's change", async () => {
        const plan = await planned();
        const { inputs, ignoreChanges, protect } = one(plan, PUBLIC_IP);
        assert.deepEqual(inputs, { compartmentId: "c", displayName: "shop-gateway", lifetime: "RESERVED", ...tags });
        assert.deepEqual(ignoreChanges, ["privateIpId"]);
        assert.equal(protect, false);
        assert.deepEqual(plan.outputs.address?.from, [one(plan, PUBLIC_IP).urn]);
    });

    it("is protected on request", async () => {
        assert.equal(one(await planned(true), PUBLIC_IP).protect, true);
    });

    const found = (lifetime: string) =>
        record({ answers: { [GET_IP]: { lifetime, ipAddress: "192.0.2.7" } } }, () => ({
            address: findReservedIp(id, {}),
        }));

    it("that exists is looked up by its OCID", async () => {
        const plan = await found("RESERVED");
        assert.equal(plan.outputs.address?.value, "192.0.2.7");
        assert.deepEqual(
            plan.lookups.map(({ token, inputs }) => [token, inputs]),
            [[GET_IP, { id }]],
        );
        assert.deepEqual(ofType(plan, PUBLIC_IP), []);
    });

    it("is not one that goes with what has it", async () => {
        await assert.rejects(found("EPHEMERAL"), /The public IP 192\.0\.2\.7 is ephemeral, not reserved/);
    });
});

describe("DNS records", () => {
    const hosts = ["shop.example.com", "*.shop.example.com", "example.com"];
    const planned = (more: { viewId?: string } = {}) =>
        record({}, () => {
            const gateway = new Release("gateway", { chart: "gateway" });
            const records = { zone: "example.com", hosts, address: "192.0.2.7", ttl: 60, ...more };
            new DnsRecords("records", records, { dependsOn: gateway });
        });

    it("are one set for each host, wildcards and the zone's own name included", async () => {
        const plan = await planned();
        const expected = (domain: string) => ({
            zoneNameOrId: "example.com",
            domain,
            rtype: "A",
            items: [{ domain, rtype: "A", rdata: "192.0.2.7", ttl: 60 }],
        });
        assert.deepEqual(
            ofType(plan, RRSET).map(({ name, inputs }) => [name, inputs]),
            hosts.map((domain) => [`records-${domain}`, expected(domain)]),
        );
    });

    it("name the view of a private zone", async () => {
        const sets = ofType(await planned({ viewId: "ocid1.dnsview.oc1.iad.v" }), RRSET);
        assert.deepEqual([...new Set(sets.map(({ inputs }) => inputs.viewId))], ["ocid1.dnsview.oc1.iad.v"]);
    });

    it("come after what the component waits for, so they go before it", async () => {
        const plan = await planned();
        for (const set of ofType(plan, RRSET)) {
            assert.ok(dependsOn(plan, set, one(plan, "Release")), set.name);
            assert.equal(set.deleteBeforeReplace, true);
        }
    });
});
