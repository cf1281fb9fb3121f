import { strict as assert } from "node:assert";
import { homeOf, homeRegion } from "../../../components/oci/homeRegion";
import { ociProvider } from "../../../components/oci/provider";
import { isUnknown } from "../../../plan/model";
import { one } from "../../../plan/query";
import { record } from "../../../plan/record/record";

const GET_SUBSCRIPTIONS = "oci:Identity/getRegionSubscriptions:getRegionSubscriptions";
const tenancyId = "ocid1.tenancy.oc1..t";
const regionSubscriptions = [
    { regionName: "us-phoenix-1", regionKey: "PHX", isHomeRegion: false },
    { regionName: "eu-frankfurt-1", regionKey: "FRA", isHomeRegion: true },
];

describe("homeRegion", () => {
    const program = () => void ociProvider("home", { region: homeRegion(tenancyId), tenancyOcid: tenancyId });

    it("is the region of a second provider", async () => {
        const plan = await record({ answers: { [GET_SUBSCRIPTIONS]: { regionSubscriptions } } }, program);
        assert.equal(one(plan, "pulumi:providers:oci", "home").inputs.region, "eu-frankfurt-1");
        assert.deepEqual(plan.lookups[0]?.inputs, { tenancyId });
    });

    it("is looked up, so unknown in a plan", async () => {
        const plan = await record({}, program);
        assert.ok(isUnknown(one(plan, "pulumi:providers:oci", "home").inputs.region));
        assert.equal(plan.lookups[0]?.finds, "home region of the tenancy");
    });

    it("is an error if OCI does not return it", () => {
        assert.throws(() => homeOf([{ regionName: "us-phoenix-1", isHomeRegion: false }]), /names no home region/);
    });
});
