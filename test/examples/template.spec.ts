import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { recorded } from "../support/recorded";

describe("pulumi new from this repository", () => {
    const { template } = parse(readFileSync(path.join(__dirname, "../../Pulumi.yaml"), "utf8")) as {
        template: { config: Record<string, { description: string; default?: string }> };
    };
    const answers: Record<string, string> = {
        "oci:tenancyOcid": "ocid1.tenancy.oc1..aaaa",
        compartmentId: "ocid1.compartment.oc1..aaaa",
    };

    it("asks for everything of the dev stack that has no value for everybody", async () => {
        const { config } = template;
        const given = Object.fromEntries(Object.keys(config).map((key) => [key, config[key]?.default ?? answers[key]]));
        const { warnings } = await recorded({ stack: "dev", override: given });
        assert.deepEqual(
            warnings.filter((warning) => warning.includes("the stack file's placeholder")),
            [],
        );
    });
});
