import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import Ajv2020 from "ajv/dist/2020";
import { parse } from "yaml";
import { policySettings } from "../../plan/policies";
import { judge } from "../../policies/judge";
import { EXAMPLES, planOfExample, stackFileOf } from "./stackFiles";

const root = path.join(__dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

const ours = (key: string) => `${key} is the stack file's placeholder: set yours before \`pulumi up\`.`;
const nobodys = (key: string) =>
    `${key} 203.0.113.0/24 is a placeholder for documentation, which contains no real address: pulumi config set --path '${key}' '<your address>/32'`;

/** What each plan warns of: what the reader replaces, and what the case is about. */
const WARNINGS: Record<string, string[]> = {
    "always-free": [ours("compartmentId"), nobodys("cluster.endpoint.allowedCidrs[0]")],
    "existing-cluster": [
        ours("network.vcnId"),
        ours("network.subnets.loadBalancers"),
        ours("network.nsgs.loadBalancers[0]"),
        ours("cluster.id"),
    ],
    gitops: [],
    "identity-domain": [ours("security.requestAuthentication[0].issuers[0].jwksUri")],
    kind: [],
    "own-services": [],
    private: [
        ours("compartmentId"),
        ours("istio.hub"),
        ours("bookinfo.hub"),
        nobodys("network.bastion.allowedCidrs[0]"),
        "The Kubernetes API has a private address: run `pulumi up` through the bastion or from a network that reaches it (docs/cluster.md).",
    ],
};

describe("stack files in examples/", () => {
    const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(read("schemas/stack.schema.json")) as object);

    it("are all here", () => assert.deepEqual(EXAMPLES, Object.keys(WARNINGS)));

    for (const example of EXAMPLES) {
        const file = stackFileOf(example);
        const readme = `examples/${example}/README.md`;

        it(`${file} is valid by the JSON Schema, which its first line names as seen from the root`, () => {
            assert.match(read(file), /^# yaml-language-server: \$schema=\.\/schemas\/stack\.schema\.json\n/);
            validate(parse(read(file)));
            assert.deepEqual(validate.errors, null);
        });

        it(`${file} warns of what the reader replaces, and of nothing else`, async () => {
            const { stack, warnings } = await planOfExample(example);
            assert.equal(stack, example);
            assert.deepEqual([...warnings].sort(), [...WARNINGS[example]!].sort());
        });

        it(`${file} passes the policies of its level, and needs each of its exceptions`, async () => {
            const { resources } = await planOfExample(example);
            const { violations, unused } = judge(resources, policySettings(root, path.join(root, file)));
            assert.deepEqual([violations, unused], [[], []]);
        });

        it(`${readme} says how to plan and to use it`, () => {
            assert.match(read(readme), new RegExp(`npm start -- --stack ${file}( |\n)`));
            assert.ok(example === "gitops" || read(readme).includes(`cp ${file} .\n`));
        });
    }

    for (const folder of readdirSync(path.join(root, "examples")).filter((name) => !name.includes("."))) {
        it(`examples/${folder}/README.md is one screen, and in the list`, () => {
            const lines = read(`examples/${folder}/README.md`).split("\n").length;
            assert.ok(lines <= 50, `${lines} lines`);
            assert.ok(read("examples/README.md").includes(`(${folder}/README.md)`));
        });
    }
});
