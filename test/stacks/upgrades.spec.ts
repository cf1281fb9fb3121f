import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Plan } from "../../plan/model";
import { record } from "../../plan/record/record";
import { replacementsOf } from "../../plan/replacements/replacements";
import { diff, isEmpty, renderDiff } from "../../plan/report/diff";
import { runCommand } from "../config/fixable";

const root = join(__dirname, "../..");
const PAGE = readFileSync(join(root, "docs/upgrades.md"), "utf8");
const dev = parse(readFileSync(join(root, "Pulumi.dev.yaml"), "utf8")) as { config: Record<string, object> };

type Override = Record<string, Record<string, unknown>>;

/** What the page's examples start with; commands write into lists of the stack's file. */
const START: Record<string, Override> = {
    local: { istio: { version: "1.30.8" } },
    dev: { cluster: { ...dev.config["oke-mesh:cluster"] } },
};

interface Step {
    stack: string;
    commands: string[];
    /** The difference that the page shows. */
    shown: string;
    /** Commands that take the step back. */
    back: string[];
}

/** The steps of each section: its commands, their difference, the way back. */
function sections(page: string): [heading: string, steps: Step[]][] {
    return page.split(/^## /m).map((section) => {
        const [heading = ""] = section.split("\n");
        const steps = section.split(/(?=^```console\n\$ pulumi config )/m).flatMap((part): Step[] => {
            const [, stack, shown] =
                /^\$ npm start -s -- --stack (\S+) --against before\.json\n([\s\S]*?)```/m.exec(part) ?? [];
            const commands = [...part.matchAll(/^\$ (pulumi config .*)$/gm)].map(([, command]) => command!);
            const back = [...part.matchAll(/^Back: `(.+)`$/gm)].map(([, command]) => command!);
            return stack === undefined || shown === undefined ? [] : [{ stack, commands, shown, back }];
        });
        return [heading, steps];
    });
}

/** Commands lay their settings over those of the stack's file. */
function after(settings: Override, commands: string[]): Override {
    const next = structuredClone(settings);
    commands.forEach((command) => runCommand(next, command));
    return next;
}

describe("the steps of docs/upgrades.md", () => {
    for (const [heading, steps] of sections(PAGE)) {
        let settings: Override;
        let plan: Plan;

        for (const { stack, commands, shown, back } of steps) {
            it(`${heading}: ${commands.join(", ")}`, async () => {
                settings ??= START[stack]!;
                plan ??= await record({ stack, override: settings });
                const before = plan;
                settings = after(settings, commands);
                plan = await record({ stack, override: settings });
                const difference = diff(before, plan);
                assert.equal(renderDiff(difference, "before.json"), shown);
                const added = new Set(difference.added.map(({ urn }) => urn));
                assert.deepEqual(replacementsOf(plan, difference, added), []);
                if (back.length > 0) {
                    const returned = await record({ stack, override: after(settings, back) });
                    assert.ok(isEmpty(diff(before, returned)), `${back.join(", ")} does not lead back`);
                }
            });
        }
    }
});
