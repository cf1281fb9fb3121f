import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { compileFunction } from "node:vm";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import type { Plan } from "../../plan/model";
import { dependsOn, one } from "../../plan/query";
import { record } from "../../plan/record/record";
import { codeIn } from "../support/markdown";
import { planOf } from "./plans";

const root = path.join(__dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const [ownFile = "", call = ""] = codeIn("docs/library.md", "ts").slice(-2);

const rootRequire = createRequire(path.join(root, "index.ts"));

/** Runs a file of the repository's root that is not there, with another one beside it. */
function run(source: string, beside: Record<string, unknown> = {}): unknown {
    const { outputText } = transpileModule(source, {
        compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true },
    });
    const module = { exports: {} as unknown };
    const make = compileFunction(outputText, ["module", "exports", "require"]) as (...scope: unknown[]) => void;
    make(module, module.exports, (name: string) => beside[name] ?? (rootRequire(name) as unknown));
    return module.exports;
}

/** What docs/library.md#add-resources-to-this-program tells users to do. */
describe("resources of one's own in index.ts", () => {
    let plan: Plan;

    before(async () => {
        const place = /^\/\/ Resources of your own:.*$/m;
        const program = read("index.ts");
        assert.match(program, place);
        const changed = `import { addOwnResources } from "./own";\n${program.replace(place, call)}`;
        plan = await record({ stack: "local" }, () => run(changed, { "./own": run(ownFile) }));
    });

    it("are planned beside all others, which stay as they are", async () => {
        const names = ({ resources }: Plan) => resources.map(({ type, name }) => `${type} ${name}`).sort();
        const added = [
            "kubernetes:core/v1:LimitRange own-limits",
            "kubernetes:telemetry.istio.io/v1:Telemetry own-sampling",
        ];
        assert.deepEqual(names(plan), [...names(await planOf("local")), ...added].sort());
    });

    it("wait for Istio and for their namespace", () => {
        for (const own of ["own-limits", "own-sampling"]) {
            const resource = plan.resources.find(({ name }) => name === own)!;
            for (const before of [one(plan, "Release", "istio-istiod"), one(plan, "Namespace", "bookinfo-namespace")]) {
                assert.ok(dependsOn(plan, resource, before), `${own} does not wait for ${before.name}`);
            }
        }
    });
});
