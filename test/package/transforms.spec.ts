import { strict as assert } from "node:assert";
import * as path from "node:path";
import { record } from "../../plan/record/record";
import { EVERY_COMPONENT } from "../components/everyComponent";
import { runWithEngine, type Registered } from "../support/engine";

/** What users change without a fork: docs/library.md#change-what-no-argument-covers */
describe("transforms, in Pulumi's language runtime", () => {
    const names = (resources: { type: string; name: string }[]) =>
        resources.map(({ type, name }) => `${type} ${name}`).sort();
    let planned: string[];
    let registered: Registered[];

    before(async () => {
        const plan = await record({ config: {} }, () => {
            Object.entries(EVERY_COMPONENT).forEach(([name, make]) => make(name.toLowerCase(), {}));
        });
        planned = names(plan.resources);
        const run = await runWithEngine({
            folder: path.join(__dirname, "transformed"),
            stack: "dev",
            config: {},
            dryRun: false,
            tsconfig: "../../../tsconfig.pulumi.json",
        });
        assert.deepEqual([run.errors, run.code], [[], 0]);
        registered = run.resources;
    });

    for (const by of ["byTheComponent", "byTheStack"]) {
        it(`${by} reach every child of every component, Helm releases and custom objects too`, () => {
            assert.ok(planned.length > 150, `${planned.length} resources`);
            assert.deepEqual(names(registered.filter(({ inputs }) => inputs[by] === true)), planned);
        });
    }

    it("change options too", () => {
        assert.deepEqual(names(registered.filter(({ protect }) => protect)), planned);
    });
});
