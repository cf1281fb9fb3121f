import { strict as assert } from "node:assert";
import * as path from "node:path";
import { documentedBy } from "../support/declarations";

describe("what the library exports", () => {
    const documented = documentedBy(path.join(__dirname, "../../components/index.ts"));
    const named = (problems: typeof documented) => problems.map(({ name }) => name);
    const fields = documented.filter(({ kind }) => kind === "field");

    it("is read to the last field of its arguments", () => {
        const names = new Set(named(documented));
        for (const name of ["ControlPlane", "RevisionsArgs.canary.revision", "NodePoolSpec.cycling.maximumSurge"]) {
            assert.ok(names.has(name), name);
        }
        assert.ok(fields.length > 300, `${fields.length} fields`);
    });

    it("has a docstring on everything", () => {
        assert.deepEqual(named(documented.filter(({ doc }) => doc === "")), []);
    });

    it("says what happens without each argument that is optional", () => {
        assert.deepEqual(named(fields.filter(({ optional, doc }) => optional && !doc.includes("@default"))), []);
    });

    it("shows each component in an example", () => {
        const classes = documented.filter(({ kind }) => kind === "class");
        assert.deepEqual(named(classes.filter(({ doc }) => !doc.includes("@example"))), []);
    });
});
