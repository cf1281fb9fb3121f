import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ociProperties } from "../../../plan/replacements/ociProperties";
import { generateReplacing, replacingFile } from "../../../scripts/generate-replacing";
import { everythingOnOci } from "../../stacks/everythingOnOci";

const components = join(__dirname, "../../../components/oci");

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

    it("are checked with everything that components make on OCI", async () => {
        const made = new Set((await everythingOnOci()).resources.map(({ type }) => type.split(":").at(-1)));
        const sources = readdirSync(components).map((file) => readFileSync(join(components, file), "utf8"));
        const classes = sources.flatMap((source) => {
            const modules = [...source.matchAll(/import \* as (\w+) from "@pulumi\/oci\//g)].map(([, name]) => name);
            const uses = source.matchAll(/new (\w+)\.([A-Z]\w+)\(/g);
            return [...uses].flatMap(([, name, kind]) => (modules.includes(name) ? [kind] : []));
        });
        assert.ok(classes.length > 20);
        assert.deepEqual(
            classes.filter((kind) => !made.has(kind)),
            [],
            "turn them on in test/stacks/everythingOnOci.ts",
        );
    });
});
