import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { ociProperties } from "../../../plan/replacements/ociProperties";
import { generateReplacing, replacingFile } from "../../../scripts/generate-replacing";
import { everythingOnOci } from "../../stacks/everythingOnOci";

describe("the properties that replace OCI's resources", () => {
    it("are those of the installed SDK", async () => {
        assert.ok(
            readFileSync(replacingFile, "utf8") === (await generateReplacing()),
            "plan/replacements/ociProperties.ts is stale: npm run generate:replacing",
        );
    });

    it("are known for every type of OCI's that a stack can have", async () => {
        const types = (await everythingOnOci()).resources.map(({ type }) => type).filter((type) => /^oci:/.test(type));
        const unknown = types.filter((type) => !(type in ociProperties));
        assert.deepEqual(unknown, [], "add them to scripts/generate-replacing.ts");
    });
});
