import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { documentedBy, examplesIn } from "../support/declarations";
import { runWithEngine } from "../support/engine";
import { codeIn } from "../support/markdown";
import { recorded } from "../support/recorded";
import { installedConsumer, root, type Consumer } from "./consumer";

const EXAMPLE = path.join(root, "examples/library");
const [program = "", mocksTest = "", transforms = "", ownResources = ""] = codeIn("docs/library.md", "ts");

/** Pulumi's template for TypeScript, and stricter: nothing is skipped, not even the declarations of the packages. */
const COMMON_JS = {
    strict: true,
    target: "es2020",
    module: "commonjs",
    moduleResolution: "node",
    noImplicitReturns: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    types: ["node"],
    outDir: "out",
};
/** The declarations are the same, and checked above. */
const ES_MODULE = {
    ...COMMON_JS,
    ...{ target: "es2022", module: "nodenext", moduleResolution: "nodenext", skipLibCheck: true },
};

/** The examples of docstrings and of the page, each on its own, with what they take from the program around them. */
function examples(): string {
    const documented = documentedBy(path.join(root, "components/index.ts"));
    const names = documented.filter(({ kind }) => kind !== "field" && kind !== "type").map(({ name }) => name);
    const exported = readFileSync(path.join(root, "components/index.ts"), "utf8");
    const blocks = [...documented.flatMap(examplesIn), transforms].map((code) => `{\n${code}}\n`);
    return [
        `import { ProviderResource } from "@pulumi/pulumi";`,
        `import { ${names.filter((name) => new RegExp(`\\b${name}\\b`).test(exported)).join(", ")} } from "oke-mesh";`,
        `import type { ApmBackend, MeshService, OkeNetwork } from "oke-mesh";`,
        `declare const [compartmentId, tenancyId, clusterId]: [string, string, string];`,
        `declare const [network, apm, cart]: [OkeNetwork, ApmBackend, MeshService];`,
        `declare const [provider, controlPlane, bookinfo]: [ProviderResource, ControlPlane, Bookinfo];`,
        ...blocks,
    ].join("\n");
}

/** A program of this kind of module in a folder of its own, compiled by its own TypeScript. */
function compiled({ folder }: Consumer, kind: "commonjs" | "module", sources: Record<string, string>): string {
    const home = path.join(folder, kind);
    mkdirSync(home);
    const write = (file: string, content: object | string) =>
        writeFileSync(path.join(home, file), typeof content === "string" ? content : JSON.stringify(content));
    const files = Object.keys(sources);
    write("package.json", { private: true, type: kind, main: "out/index.js" });
    write("tsconfig.json", { compilerOptions: kind === "module" ? ES_MODULE : COMMON_JS, files });
    Object.entries(sources).forEach(([file, content]) => write(file, content));
    try {
        execFileSync(process.execPath, ["../node_modules/typescript/bin/tsc"], { cwd: home, encoding: "utf8" });
    } catch (error) {
        assert.fail((error as { stdout: string }).stdout);
    }
    return home;
}

describe("the packed library, in a program elsewhere", () => {
    let consumer: Consumer;

    before(() => {
        consumer = installedConsumer();
    });

    after(() => rmSync(consumer.folder, { recursive: true }));

    it("holds compiled components with their types, and nothing else of this repository", () => {
        const ofComponents = (file: string) =>
            existsSync(path.join(root, "components", file.replace(/(\.d\.ts|\.js)$/, ".ts")));
        assert.deepEqual(
            consumer.files.filter((file) => !ofComponents(file)),
            ["CHANGELOG.md", "LICENSE", "NOTICE.md", "README.md", "package.json"],
        );
        assert.ok(consumer.files.includes("index.d.ts") && consumer.files.length > 200);
    });

    it("says nothing of settings, stack files and this machine", () => {
        const texts = consumer.files
            .filter((file) => /\.(js|d\.ts)$/.test(file))
            .map((file) => readFileSync(path.join(consumer.folder, "node_modules/oke-mesh", file), "utf8"));
        const found = texts.flatMap(
            (text) => text.match(/pulumi config|pulumi stack|Pulumi\.[<\w]+|config\/schema/g) ?? [],
        );
        assert.deepEqual(found, []);
        assert.ok(texts.every((text) => !text.includes(root)));
    });

    it("takes Pulumi's packages from the program, and brings the others", () => {
        const { peerDependencies, dependencies } = consumer.manifest;
        assert.deepEqual(
            Object.keys(peerDependencies),
            ["kubernetes", "oci", "pulumi", "random", "tls"].map((name) => `@pulumi/${name}`),
        );
        assert.deepEqual(
            Object.keys(dependencies).filter((name) => name.startsWith("@pulumi/")),
            [],
        );
    });

    it("has the version of the program, which the changelog describes", () => {
        const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
        assert.equal(consumer.manifest.version, version);
        assert.match(readFileSync(path.join(root, "CHANGELOG.md"), "utf8"), new RegExp(`^## ${version}\\b`, "m"));
    });

    it("has a program in its page that is the example", () => {
        assert.equal(program, readFileSync(path.join(EXAMPLE, "index.ts"), "utf8"));
    });

    for (const kind of ["commonjs", "module"] as const) {
        describe(kind === "module" ? "as an ECMAScript module" : "as CommonJS", () => {
            let home: string;

            it("passes strict TypeScript: the program, its test, every example of a docstring", () => {
                // Pulumi's packages have no `exports`, so modules must name their files.
                const named = (source: string) =>
                    kind === "module" ? source.replace(/("@pulumi\/kubernetes\/[^"]+)"/g, '$1/index.js"') : source;
                const sources = {
                    "index.ts": program,
                    "index.test.ts": mocksTest,
                    "own.ts": ownResources.replace("./components", "oke-mesh"),
                    "examples.ts": examples(),
                };
                home = compiled(
                    consumer,
                    kind,
                    Object.fromEntries(Object.entries(sources).map(([file, source]) => [file, named(source)])),
                );
            });

            it("makes in Pulumi's language runtime what the plan says", async () => {
                const run = await runWithEngine({
                    ...{ folder: home, stack: "dev", config: {}, dryRun: false, tsconfig: "tsconfig.json" },
                });
                assert.deepEqual([run.errors, run.code], [[], 0]);
                const plan = await recorded({ stack: "dev", folder: EXAMPLE });
                assert.deepEqual(
                    run.registered.filter((resource) => !resource.startsWith("pulumi:pulumi:Stack ")).sort(),
                    plan.resources.map(({ type, name }) => `${type} ${name}`).sort(),
                );
            });

            it("is tested with mocks as the page shows", () => {
                execFileSync(process.execPath, ["--test", "out/index.test.js"], { cwd: home, stdio: "pipe" });
            });
        });
    }
});
