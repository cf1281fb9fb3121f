import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { findings, isRefused, judge, label, type Verdict } from "../../policies/judge";
import { LEVELS } from "../../policies/rule";
import { RULES } from "../../policies/rules";
import { policySettings } from "../../plan/policies";
import { planOf, STACKS } from "../stacks/plans";
import { CASES } from "./cases";
import { changed } from "./change";

const repository = `${__dirname}/../..`;

describe("the policies", () => {
    for (const { rule: name, plan = () => planOf("prod"), resource, spoil, reported = resource, says } of CASES) {
        it(`${name}: ${reported} ${says.source.replaceAll("\\", "")}`, async () => {
            const rule = RULES.find((each) => each.name === name)!;
            const recorded = await plan();
            assert.deepEqual(findings(rule, recorded.resources), []);
            const found = findings(rule, changed(recorded, resource, spoil).resources);
            assert.deepEqual(
                found.map(([where]) => label(where)),
                [reported],
            );
            assert.match(found[0]![1], says);
        });
    }

    it("each have a case that fails", () => {
        const tested = new Set(CASES.map(({ rule }) => rule));
        assert.deepEqual([...tested].sort(), RULES.map(({ name }) => name).sort());
    });

    it("are listed in docs/policies.md with their levels", () => {
        const page = readFileSync(`${repository}/docs/policies.md`, "utf8");
        const rows = RULES.map(
            ({ name, description, reason, levels }) =>
                `| \`${name}\` | ${description} | ${reason} | ${LEVELS.map((level) => levels[level]).join(" | ")} |`,
        );
        assert.deepEqual(page.match(/^\| `[a-z-]+` .*$/gm), rows);
    });

    for (const stack of STACKS) {
        it(`let ${stack} pass its own level`, async () => {
            const settings = policySettings(repository, stack);
            const verdict = judge((await planOf(stack)).resources, settings);
            assert.deepEqual([settings.level, verdict.unused], [stack, []]);
            assert.deepEqual(isRefused(verdict), false, JSON.stringify(verdict.violations));
        });
    }

    describe("by level", () => {
        const shown = ({ violations }: Verdict) => violations.map(({ rule, enforcement }) => `${enforcement} ${rule}`);

        it("refuse in prod what dev mentions and local ignores", async () => {
            const { resources } = await planOf("local");
            const at = (level: "prod" | "dev" | "local") => shown(judge(resources, { level, exceptions: [] }));
            assert.deepEqual(at("prod"), [
                "mandatory load-balancer-nsg",
                "mandatory wildcard-hosts",
                "mandatory gateway-tls",
                "mandatory strict-mtls",
            ]);
            assert.deepEqual(at("dev"), [
                "mandatory load-balancer-nsg",
                "advisory wildcard-hosts",
                "advisory gateway-tls",
                "advisory strict-mtls",
            ]);
            assert.deepEqual(at("local"), []);
        });

        it("leave one resource alone that is excepted, and name exceptions that nothing needs", async () => {
            const { resources } = await planOf("prod");
            const excepted = { rule: "encrypted-cluster", resource: "Cluster oke-cluster", reason: "a trial" };
            const stale = { rule: "tags", resource: "Cluster oke-cluster", reason: "a mistake" };
            assert.deepEqual(judge(resources, { level: "prod", exceptions: [excepted, stale] }), {
                level: "prod",
                violations: [],
                excused: [excepted],
                unused: [stale],
            });
            const elsewhere = { ...excepted, resource: "NodePool oke-workers" };
            assert.equal(isRefused(judge(resources, { level: "prod", exceptions: [elsewhere] })), true);
        });
    });
});
