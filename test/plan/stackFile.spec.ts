import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { UserError } from "../../plan/errors";
import { readStack } from "../../plan/stackFile";
import { folder } from "./fixtures/demo";

describe("readStack", () => {
    it("passes settings as the engine does: text, JSON, project defaults below", () => {
        assert.deepEqual(readStack(folder, "dev"), {
            project: "demo",
            folder,
            stack: "dev",
            config: {
                "demo:greeting": "moin",
                "demo:farewell": "bye",
                "oci:region": "us-ashburn-1",
                "demo:replicas": "2",
                "demo:hosts": '["bookinfo.example.com"]',
                "demo:login": '{"user":"admin","password":"[secret]"}',
            },
            secretKeys: ["demo:login"],
            warnings: [],
        });
    });

    it("warns about an ESC environment, which only the Pulumi CLI can open", () => {
        const { config, warnings } = readStack(folder, "prod");
        assert.equal(config["demo:greeting"], "hello");
        assert.match(warnings.join(), /Pulumi\.prod\.yaml.*ESC environment/);
    });

    it("lists the existing stacks", () => {
        assert.throws(
            () => readStack(folder, "prdo"),
            (error: Error) => {
                assert.match(
                    error.message,
                    /no stack "prdo".*Did you mean prod\?\nStacks with a settings file: .*dev, .*prod, /,
                );
                return error instanceof UserError;
            },
        );
    });

    describe("with the path of a stack file elsewhere", () => {
        const project = fs.mkdtempSync(path.join(os.tmpdir(), "stack-"));
        const elsewhere = path.join(project, "examples/kind");
        const file = path.join(elsewhere, "Pulumi.kind.yaml");
        before(() => {
            fs.mkdirSync(elsewhere, { recursive: true });
            fs.writeFileSync(path.join(project, "Pulumi.yaml"), "name: near\n");
            fs.writeFileSync(file, "config:\n  greeting: ahoi\n");
        });
        after(() => fs.rmSync(project, { recursive: true }));

        it("takes the settings from there, the stack's name from the file's, and the project nearest to it", () => {
            const read = readStack(folder, file);
            assert.deepEqual([read.stack, read.folder, read.config["near:greeting"]], ["kind", project, "ahoi"]);
        });

        const none = "is no stack file: a path must lead to a file Pulumi.<name>.yaml.";
        const wrong: [what: string, named: string, problem: string][] = [
            ["the folder", elsewhere, none],
            ["a file that is not there", path.join(elsewhere, "Pulumi.knid.yaml"), "does not exist."],
            ["a file that is no stack's", path.join(elsewhere, "README.md"), none],
        ];
        for (const [what, named, problem] of wrong) {
            it(`says which file is there if ${what} is named`, () => {
                fs.writeFileSync(path.join(elsewhere, "README.md"), "");
                const message = `${named} ${problem}\nThere is ${file}.`;
                assert.throws(() => readStack(folder, named), new UserError(message));
            });
        }

        it("says that no project is near", () => {
            const lonely = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "stack-")), "Pulumi.a.yaml");
            fs.writeFileSync(lonely, "");
            assert.throws(() => readStack(folder, lonely), /Pulumi\.a\.yaml belongs to no project/);
            fs.rmSync(path.dirname(lonely), { recursive: true });
        });
    });

    /** What a stack file with this text holds. */
    const read = (text: string) => {
        const directory = fs.mkdtempSync(path.join(os.tmpdir(), "stack-"));
        fs.writeFileSync(path.join(directory, "Pulumi.yaml"), "name: demo\n");
        fs.writeFileSync(path.join(directory, "Pulumi.bad.yaml"), text);
        try {
            return readStack(directory, "bad");
        } finally {
            fs.rmSync(directory, { recursive: true });
        }
    };

    const malformed: [what: string, text: string, error: RegExp][] = [
        ["a bad indent", "config:\n  a: 1\n b: 2\n", /Pulumi\.bad\.yaml:3:1: .*\n\n3 \|  b: 2\n {4}\^$/],
        ["an open bracket", "config:\n  demo:hosts: [a, b\n", /Pulumi\.bad\.yaml:3:1: /],
        ["a repeated key", "config:\n  a: 1\n  a: 2\n", /Pulumi\.bad\.yaml:3:3: .*unique/],
        ["a tab", "config:\n\ta: 1\n", /Pulumi\.bad\.yaml:2:1: .*[Tt]ab/],
        ["a list of settings", "config:\n  - a\n", /Pulumi\.bad\.yaml:2:3: config must hold keys and values/],
        ["plain text", "hello\n", /Pulumi\.bad\.yaml:1:1: the file must hold keys and values/],
        ["an alias without anchor", "config:\n  a: *b\n", /Pulumi\.bad\.yaml:2:6: .*b\n\n2 \|   a: \*b\n {9}\^$/],
        ["the second alias", "config:\n  a: &x 1\n  b: [*x, *y]\n", /Pulumi\.bad\.yaml:3:11: .*y\n/],
        [
            "a key it does not know",
            "\nconfg:\n  a: 1\n",
            /yaml:2:1: .* no key "confg"\. Did you mean config\?\n\n2 \| confg/,
        ],
        [
            "a setting beside config",
            "config:\n  a: 1\ndemo:b: 2\n",
            /:3:1: .* no key "demo:b"\. Settings belong under config; a stack file has config, environment, /,
        ],
    ];
    for (const [what, text, error] of malformed) {
        it(`points at ${what}`, () => {
            assert.throws(() => read(text), error);
        });
    }

    it("has no position rather than a wrong one", () => {
        const bomb = ["a", "b", "c"].map((name, depth, names) => {
            const items = Array(20).fill(depth === 0 ? "x" : `*${names[depth - 1]}`);
            return `  ${name}: &${name} [${items.join(", ")}]\n`;
        });
        assert.throws(() => read(`config:\n${bomb.join("")}`), /Pulumi\.bad\.yaml: Excessive alias count/);
    });

    it("accepts every key that Pulumi writes", () => {
        const keys = ["secretsprovider: passphrase", "encryptedkey: x", "encryptionsalt: v1:x", "environment: [dev]"];
        const { config, warnings } = read([...keys, "config:", "  demo:a: 1", "mainEnvironment: demo/dev"].join("\n"));
        assert.deepEqual(config, { "demo:a": "1" });
        assert.equal(warnings.length, 1);
        assert.match(read("mainEnvironment: demo/dev").warnings.join(), /ESC environment/);
    });

    it("passes a setting without a value as empty text, and a null inside one as null", () => {
        const { config } = read("config:\n  demo:a:\n  demo:b: ~\n  demo:c:\n    d:\n");
        assert.deepEqual(config, { "demo:a": "", "demo:b": "", "demo:c": '{"d":null}' });
    });

    it("reads an empty stack file as no settings", () => {
        const directory = fs.mkdtempSync(path.join(os.tmpdir(), "stack-"));
        fs.writeFileSync(
            path.join(directory, "Pulumi.yaml"),
            "name: demo\nconfig:\n  demo:a:\n    value:\n      b: 1\n",
        );
        fs.writeFileSync(path.join(directory, "Pulumi.empty.yaml"), "# nothing yet\n");
        assert.deepEqual(readStack(directory, "empty").config, { "demo:a": '{"b":1}' });
        fs.rmSync(directory, { recursive: true });
    });
});
