import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import Ajv2020 from "ajv/dist/2020";
import { parse, parseDocument } from "yaml";
import { configurationPage, stackFileSchema } from "../../scripts/configuration";
import { readSettings } from "../../config/load";
import { sections, type SectionName } from "../../config/schema";
import { readStack } from "../../plan/stackFile";
import { STACKS } from "../stacks/plans";
import { page, PAGES } from "../support/markdown";
import { asDevStack } from "../config/settings";

const root = join(__dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("generated files", () => {
    const generated: [path: string, content: () => string][] = [
        ["docs/configuration.md", configurationPage],
        ["schemas/stack.schema.json", () => `${JSON.stringify(stackFileSchema(), undefined, 2)}\n`],
    ];
    for (const [path, content] of generated) {
        it(`${path} is what config/schema says today`, () => {
            assert.ok(read(path) === content(), `${path} is stale: npm run generate:config`);
        });
    }

    it("docs/configuration.md explains every setting", () => {
        const rows = read("docs/configuration.md")
            .split("\n")
            .filter((line) => line.startsWith("| `"));
        assert.ok(rows.length > 100);
        // requests and limits have cpu and memory, which explain themselves
        const unexplained = rows.filter((row) => /\| *\|$/.test(row) && !/\.(cpu|memory)` /.test(row));
        assert.deepEqual(unexplained, []);
    });
});

describe("stack files", () => {
    asDevStack();
    const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(read("schemas/stack.schema.json")) as object);
    const stackFile = (stack: string) =>
        parse(read(`Pulumi.${stack}.yaml`)) as { config: Record<string, Record<string, unknown>> };

    for (const stack of STACKS) {
        it(`Pulumi.${stack}.yaml is valid by the JSON Schema that editors use`, () => {
            validate(stackFile(stack));
            assert.deepEqual(validate.errors, null);
        });

        it(`Pulumi.${stack}.yaml has settings the program accepts`, () => {
            const { config, secretKeys } = readStack(root, stack);
            pulumi.runtime.setAllConfig(config, secretKeys);
            const { cluster, gateway } = readSettings();
            assert.equal(cluster.source, stack === "local" ? "kubeconfig" : "new");
            assert.equal(gateway.tls !== undefined, stack === "prod");
        });

        it(`Pulumi.${stack}.yaml names the JSON Schema in its first line`, () => {
            const [, named = ""] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(read(`Pulumi.${stack}.yaml`)) ?? [];
            assert.ok(existsSync(join(root, named)) && named.endsWith(".json"), named);
        });
    }

    const mistakes: [what: string, change: (config: Record<string, Record<string, unknown>>) => void][] = [
        ["a misspelt section", (config) => (config["oke-mesh:istoi"] = {})],
        ["a misspelt setting", (config) => (config["oke-mesh:cluster"]!.contxt = "kind")],
        ["a value of the wrong kind", (config) => (config["oke-mesh:gateway"]!.hosts = "*")],
        ["a choice there is not", (config) => (config["oke-mesh:cluster"] = { source: "eks" })],
        ["a setting of another choice", (config) => (config["oke-mesh:cluster"]!.nodePools = [])],
        ["no cluster", (config) => delete config["oke-mesh:cluster"]],
    ];
    for (const [what, change] of mistakes) {
        it(`are refused by the JSON Schema with ${what}`, () => {
            const file = stackFile("local");
            change(file.config);
            assert.equal(validate(file), false);
        });
    }

    it("may hold other projects' and Pulumi's own settings", () => {
        const { config, ...rest } = stackFile("local");
        const others = { "oci:region": "us-ashburn-1", "pulumi:disable-default-providers": ["*"], "shop:size": 3 };
        assert.equal(validate({ ...rest, encryptionsalt: "v1:a:b", config: { ...config, ...others } }), true);
    });
});

describe("examples in the documentation", () => {
    const examples = PAGES.flatMap((file) =>
        page(file)
            .blocks.filter(({ language, text }) => language === "yaml" && text.includes("oke-mesh:"))
            .map(({ text }, index) => ({ title: `${file}, example ${index + 1}`, text })),
    );

    it("are there", () => assert.ok(examples.length > 5));

    for (const { title, text } of examples) {
        it(`are valid settings: ${title}`, () => {
            const document = parseDocument(text);
            assert.deepEqual(document.errors, []);
            const whole = document.toJS() as Record<string, unknown>;
            const settings = (whole.config ?? whole) as Record<string, unknown>;
            for (const [key, value] of Object.entries(settings).filter(([name]) => name.startsWith("oke-mesh:"))) {
                const section = key.slice("oke-mesh:".length);
                assert.ok(section in sections, `there is no section ${section}`);
                const { error } = sections[section as SectionName].safeParse(value);
                assert.equal(error, undefined, `${key}: ${error?.message}`);
            }
        });
    }
});
