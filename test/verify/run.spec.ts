import { strict as assert } from "node:assert";
import { causesIn, failed, passed, skipped, type Check, type Finding, type Group } from "../../verify/check";
import { chosen, exitCodeOf, runChecks, runUntilPassed, type Limits } from "../../verify/run";

const check = (name: string, run: () => Promise<Finding>, group: Group = "install"): Check => ({
    group,
    name,
    expected: "it",
    run,
});
const good = (name: string, group?: Group) => check(name, () => Promise.resolve(passed("yes")), group);
const bad = (name: string) => check(name, () => Promise.resolve(failed("no", [])));
const throws = (name: string) => check(name, () => Promise.reject(new Error("socket hang up")));
const hangs = (name: string) => check(name, () => new Promise(() => undefined));

const quiet = () => undefined;
const SHORT: Limits = { check: 0.05, run: 60, pause: 0.01, silent: Infinity };

/** Checks as a look has them. */
const all = (...checks: Check[]) => ({ checks, sideBySide: 6 });

describe("a run of checks", () => {
    it("keeps the order of the checks, whichever ends first", async () => {
        const late = check("late", () => new Promise((resolve) => setImmediate(() => resolve(passed("at last")))));
        const results = await runChecks(all(late, good("early"), bad("bad")), quiet);
        assert.deepEqual(
            results.map(({ check: { name }, finding }) => [name, finding.verdict]),
            [
                ["late", "passed"],
                ["early", "passed"],
                ["bad", "failed"],
            ],
        );
    });

    it("goes on after a check that throws, and one that hangs, and says what was waited for", async () => {
        const results = await runChecks(all(throws("a"), hangs("pods of b"), good("c")), quiet, SHORT);
        const [thrown, hung, last] = results.map(({ finding }) => finding);
        assert.deepEqual([thrown?.verdict, thrown?.seen], ["unknown", "socket hang up"]);
        assert.deepEqual([hung?.verdict, hung?.seen], ["unknown", "no answer within 0.05 s: pods of b"]);
        assert.ok(hung?.verdict === "unknown" && hung.causes[0]?.command === "kubectl get nodes");
        assert.equal(last?.verdict, "passed");
    });

    it("takes an error that is thrown at once like one that comes later", async () => {
        const atOnce = check("at once", () => {
            throw new Error("no such pod");
        });
        const [result] = await runChecks(all(atOnce), quiet);
        assert.deepEqual([result?.finding.verdict, result?.finding.seen], ["unknown", "no such pod"]);
    });

    it("starts nothing more once it has taken too long: a cluster that stops answering ends it", async () => {
        const many = Array.from({ length: 30 }, (_, index) => hangs(`check ${index}`));
        const results = await runChecks(all(...many, good("last")), quiet, { ...SHORT, run: 0.06 });
        assert.equal(results.length, 31);
        assert.match(results[0]!.finding.seen, /no answer within 0\.05 s/);
        assert.deepEqual(
            [results[30]?.finding.verdict, results[30]?.finding.seen],
            ["unknown", "not started: the run took longer than 0.06 s"],
        );
    });

    it("starts nothing more once several in a row got no answer, and keeps what was seen", async () => {
        const silent = Array.from({ length: 4 }, (_, index) => hangs(`check ${index}`));
        const given = { checks: [good("first"), ...silent, good("last")], sideBySide: 2 };
        const results = await runChecks(given, quiet, { ...SHORT, silent: 3 });
        assert.deepEqual(
            results.map(({ finding }) => finding.seen.replace(/:.*\d$/, "")),
            ["yes", ...silent.map(() => "no answer within 0.05 s"), "not started: the cluster stopped answering"],
        );
    });

    it("takes a refused connection for no answer", async () => {
        const refused = check("a", () => Promise.reject(Object.assign(new Error("no"), { code: "ECONNREFUSED" })));
        const given = { checks: [refused, good("last")], sideBySide: 1 };
        const [first, last] = await runChecks(given, quiet, { ...SHORT, silent: 1 });
        assert.deepEqual(causesIn(first!.finding)[0]?.command, "kubectl get nodes");
        assert.equal(last?.finding.seen, "not started: the cluster stopped answering");
    });

    it("hands out what was found so far, for who interrupts it", async () => {
        const seen: string[][] = [];
        await runChecks(all(good("a"), bad("b")), (_done, _of, results) =>
            seen.push(results.map(({ check: { name } }) => name)),
        );
        assert.deepEqual(seen, [["a"], ["a", "b"]]);
    });

    it("counts every check once", async () => {
        const seen: string[] = [];
        await runChecks(all(good("a"), throws("b"), bad("c")), (done, of) => seen.push(`${done} of ${of}`));
        assert.deepEqual(seen, ["1 of 3", "2 of 3", "3 of 3"]);
    });

    it("runs never more than six at a time", async () => {
        let running = 0;
        let most = 0;
        const counted = check("counted", async () => {
            most = Math.max(most, ++running);
            await new Promise((resolve) => setImmediate(resolve));
            running--;
            return passed("");
        });
        await runChecks(all(...Array.from({ length: 20 }, () => counted)), quiet);
        assert.equal(most, 6);
    });

    it("puts chosen groups into the order of the guide", () => {
        const checks = [good("z", "objects"), good("y", "gateway"), good("x", "install"), good("w", "gateway")];
        assert.deepEqual(
            chosen(checks, ["objects", "gateway"]).map(({ name }) => name),
            ["y", "w", "z"],
        );
    });
});

describe("--wait", () => {
    /** A look whose checks pass from the given try on. */
    function looks(passesFrom: Record<string, number>) {
        const runs: string[] = [];
        let tries = 0;
        let closed = 0;
        const look = () => {
            tries++;
            const at = tries;
            const checks = Object.entries(passesFrom).map(([name, first]) =>
                check(name, () => {
                    runs.push(`${name}${at}`);
                    return Promise.resolve(at >= first ? passed("yes") : failed("not yet", []));
                }),
            );
            return { ...all(...checks), close: () => void closed++ };
        };
        return { look, runs, closed: () => closed };
    }

    it("repeats what failed alone, with a fresh look each time, and ends when all passed", async () => {
        const { look, runs, closed } = looks({ a: 1, b: 3, c: 2 });
        const results = await runUntilPassed(look, 600, quiet, SHORT);
        assert.deepEqual(runs, ["a1", "b1", "c1", "b2", "c2", "b3"]);
        assert.equal(closed(), 3);
        assert.deepEqual(
            results.map(({ check: { name }, finding }) => `${name} ${finding.verdict}`),
            ["a passed", "b passed", "c passed"],
        );
    });

    it("repeats what could not be checked", async () => {
        let tries = 0;
        const flaky = check("a", () =>
            tries++ === 0 ? Promise.reject(new Error("reset")) : Promise.resolve(passed("")),
        );
        const results = await runUntilPassed(() => ({ ...all(flaky), close: quiet }), 600, quiet, SHORT);
        assert.equal(exitCodeOf(results), 0);
        assert.equal(tries, 2);
    });

    it("without it, tries once", async () => {
        const { look, runs } = looks({ a: 2 });
        assert.equal(exitCodeOf(await runUntilPassed(look, 0, quiet, SHORT)), 1);
        assert.deepEqual(runs, ["a1"]);
    });

    it("ends at its time with what was seen last", async () => {
        const { look, runs } = looks({ a: 1, b: Infinity });
        const results = await runUntilPassed(look, 0.1, quiet, { ...SHORT, pause: 0.03 });
        assert.equal(exitCodeOf(results), 1);
        assert.ok(runs.length > 2 && runs.length < 8, runs.join());
        assert.deepEqual(
            results.map(({ finding }) => finding.verdict),
            ["passed", "failed"],
        );
    });
});

describe("the exit code", () => {
    const unknown: Finding = { verdict: "unknown", seen: "", causes: [] };
    const table: [findings: Finding[], code: number][] = [
        [[passed(""), passed("")], 0],
        [[passed(""), skipped("")], 0],
        [[passed(""), failed("", [])], 1],
        [[unknown, failed("", [])], 1],
        [[passed(""), unknown], 2],
        [[], 2],
    ];
    const exits = (findings: Finding[], named?: Group[]) =>
        exitCodeOf(
            findings.map((finding) => ({ check: good("a"), finding, seconds: 0 })),
            named,
        );
    for (const [findings, code] of table) {
        it(`is ${code} for ${findings.map(({ verdict }) => verdict).join(", ") || "no check at all"}`, () =>
            assert.equal(exits(findings), code));
    }

    it("is 2 where nothing of a group that was asked for could be checked, and 0 where something was", () => {
        assert.equal(exits([skipped("")], ["install"]), 2);
        assert.equal(exits([passed(""), skipped("")], ["install"]), 0);
        assert.equal(exits([passed("")], ["install", "alarms"]), 2);
    });
});
