import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { renderJson } from "../../plan/report/json";
import { planComment, type Comment } from "../../scripts/ci/planComment";
import { planOf } from "../stacks/plans";

const repository = path.join(__dirname, "../..");

/** The largest comment that GitHub accepts, less what scripts/ci/post-comment.sh puts in front. */
const GITHUBS_LIMIT = 65_536 - 200;

describe("the comment on a pull request", () => {
    let folder: string;
    let before: string;

    beforeEach(async () => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "oke-mesh-pr-"));
        fs.symlinkSync(path.join(repository, "index.ts"), path.join(folder, "index.ts"));
        fs.copyFileSync(path.join(repository, "Pulumi.yaml"), path.join(folder, "Pulumi.yaml"));
        before = path.join(folder, "before.json");
        fs.writeFileSync(before, renderJson(await planOf("local")));
    });
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    /** The comment on a pull request that changes the local stack's settings. */
    function commentOn(changes: Record<string, unknown>): Promise<Comment> {
        const file = fs.readFileSync(path.join(repository, "Pulumi.local.yaml"), "utf8");
        const { config } = parse(file) as { config: Record<string, unknown> };
        const named = Object.entries(changes).map(([key, value]) => [`oke-mesh:${key}`, value] as const);
        const settings = { config: { ...config, ...Object.fromEntries(named) } };
        fs.writeFileSync(path.join(folder, "Pulumi.local.yaml"), stringify(settings, { aliasDuplicateObjects: false }));
        return planComment({ stack: "local", before, folder, print: () => undefined });
    }

    it("shows what a change of settings changes", async () => {
        const { text, code } = await commentOn({ security: { mtls: { mode: "STRICT" } } });
        assert.equal(code, 0);
        assert.match(text, /^## Plan of `oke-mesh\/local`\n/);
        assert.match(text, /```diff\nDifference from before\.json: 2 added, 0 removed, 0 changed\n/);
        assert.match(text, /\n\+ \S+:PeerAuthentication security-mtls-istio-system\.default\n```/);
        assert.match(text, /mutual TLS STRICT: plain text is refused/);
        assert.doesNotMatch(text, /No comparison/);
    });

    it("says which policies a change violates, and fails", async () => {
        const { text, code } = await commentOn({ policies: { level: "prod" } });
        assert.equal(code, 3);
        assert.match(text, /\*\*Policies\*\*\n\n- `level prod: 4 mandatory violations, 0 advisory`\n/);
        assert.match(text, /- `mandatory gateway-tls, Gateway bookinfo-ingress-gateway: serves port 80 in plain text/);
        assert.match(text, /No difference from before\.json/);
    });

    it("shows what is wrong with the settings, and how to fix it", async () => {
        const { text, code } = await commentOn({ gateway: { hosts: ["*"], serviceTyp: "NodePort" } });
        assert.equal(code, 1);
        assert.equal(
            text,
            [
                "## No plan of `local`",
                "",
                "The settings need attention:",
                "",
                "~~~~~",
                "Pulumi.local.yaml: 1 setting needs attention",
                "",
                "  gateway.serviceTyp  no such setting; did you mean serviceType?",
                "      pulumi config set --path 'gateway.serviceType' NodePort --stack local",
                "      pulumi config rm --path 'gateway.serviceTyp' --stack local",
                "~~~~~",
                "",
            ].join("\n"),
        );
    });

    it("shows the plan alone where the target branch cannot be planned, or wrote another format", async () => {
        fs.writeFileSync(before, JSON.stringify({ kind: "oke-mesh/plan", schemaVersion: 99 }));
        const other = await commentOn({});
        fs.rmSync(before);
        const missing = await commentOn({});
        assert.deepEqual([other.code, missing.code], [0, 0]);
        assert.match(missing.text, /^_No comparison with the target branch: it could not be planned, or does not have/);
        assert.match(other.text, /^_No comparison with the target branch: its plan is a plan of schema version 99/);
        for (const { text } of [other, missing]) {
            assert.match(text, /\n## Plan of `oke-mesh\/local`\n/);
            assert.doesNotMatch(text, /```diff/);
        }
    });

    it("fits into what GitHub accepts, whatever the plan's size", async () => {
        const names = Array.from({ length: 150 }, (_, index) => `${"service-".repeat(6)}${index}`);
        const all = <T>(value: T) => Object.fromEntries(names.map((name) => [name, value]));
        const services = (versions: unknown, port: unknown = 8080) => ({
            namespaces: { shop: { source: "new" } },
            services: all({ namespace: "shop", port, versions }),
            traffic: { services: all({ route: { v1: 50, v2: 50 } }) },
        });
        const plan = await commentOn(services({ v1: { version: "v1" }, v2: { version: "v2" } }));
        const problems = await commentOn(services("v1, v2", "http"));
        assert.deepEqual([plan.code, problems.code], [0, 1]);
        assert.match(plan.text, /Difference from before\.json: 302 added.*(\n\+ .*)+\n… cut\n```/);
        assert.match(problems.text, /300 settings need attention\n.*[^]*\n… cut\n~~~~~\n$/);
        for (const { text } of [plan, problems]) {
            assert.equal(text.length < GITHUBS_LIMIT, true);
        }
    });
});
