import { strict as assert } from "node:assert";
import type { Check, Finding } from "../../verify/check";
import { renderJson, renderJunit, renderTable } from "../../verify/report";
import type { Result } from "../../verify/run";

const result = (name: string, finding: Finding, more: Partial<Check> = {}): Result => ({
    check: { group: "install", name, expected: "2 ready", run: () => Promise.resolve(finding), ...more },
    finding,
    seconds: 1.23456,
});

const RESULTS: Result[] = [
    result("nodes", { verdict: "passed", seen: "2 ready" }, { guide: "Creating an OKE cluster" }),
    result(
        "istiod",
        {
            verdict: "failed",
            seen: "0 ready of 0",
            causes: [
                { what: "It is scaled to 0.", fix: "Scale it back.", command: "kubectl scale deployment istiod" },
                { what: "No node has room.", fix: "Add nodes." },
            ],
        },
        { guide: "Installing Istio" },
    ),
    result("page", { verdict: "unknown", seen: "no answer within 20 s", causes: [] }, { group: "gateway" }),
    result("reviews", { verdict: "skipped", seen: "no curl" }, { group: "gateway" }),
];

describe("the table", () => {
    it("has a line for each check, then the causes, likeliest first, and a summary", () =>
        assert.equal(
            renderTable(RESULTS),
            `install (guide: Creating an OKE cluster; Installing Istio)
  ok      nodes    2 ready
  FAILED  istiod   0 ready of 0 (expected: 2 ready)

gateway
  unknown page     no answer within 20 s (expected: 2 ready)
  skipped reviews  no curl (expected: 2 ready)

install, istiod (guide: Installing Istio):
  - It is scaled to 0. Scale it back.
      kubectl scale deployment istiod
  - No node has room. Add nodes.

1 passed, 1 failed, 1 unknown, 1 skipped
`,
        ));

    it("says once what several checks have for their cause", () => {
        const causes = [{ what: "Nobody answers.", fix: "Look.", command: "kubectl get nodes" }];
        const same = ["a", "b", "c", "d", "e"].map((name) => result(name, { verdict: "unknown", seen: "no", causes }));
        assert.match(
            renderTable([...same, RESULTS[1]!]),
            /\n\ninstall, a; install, b; install, c; 2 others:\n {2}- Nobody answers\. Look\.\n {6}kubectl get nodes\n\ninstall, istiod/,
        );
    });

    it("uses colours only where it is told to", () => {
        assert.doesNotMatch(renderTable(RESULTS), /\u001b/);
        assert.match(renderTable(RESULTS, true), /\u001b\[31mFAILED/);
    });

    it("keeps what servers say on one line, short, and away from the terminal's controls", () => {
        const said = `<html>\n\u001b[2Jcleared\u0007${"x".repeat(5000)}`;
        const table = renderTable([result("page", { verdict: "failed", seen: said, causes: [] })]);
        assert.doesNotMatch(table, /\u001b|\u0007/);
        assert.match(table, /^ {2}FAILED {2}page {2}<html> \[2Jclearedx+ \(expected/m);
        assert.ok(table.length < 500);
    });

    it("says that there was nothing to check", () =>
        assert.equal(renderTable([]).trim(), "0 passed, 0 failed, 0 unknown, 0 skipped"));
});

describe("the JSON", () => {
    it("has each check with its verdict and causes", () => {
        const { schemaVersion, stack, checks } = JSON.parse(renderJson("dev", RESULTS)) as {
            schemaVersion: number;
            stack: string;
            checks: object[];
        };
        assert.deepEqual([schemaVersion, stack, checks.length], [1, "dev", 4]);
        assert.deepEqual(checks[0], {
            group: "install",
            name: "nodes",
            expected: "2 ready",
            guide: "Creating an OKE cluster",
            verdict: "passed",
            seen: "2 ready",
            seconds: 1.235,
        });
    });
});

describe("the JUnit report", () => {
    it("counts failures and errors, and says what was expected and seen", () => {
        const report = renderJunit("dev", RESULTS);
        assert.match(report, /<testsuite name="dev" tests="4" failures="1" errors="1" skipped="1">/);
        assert.match(report, /<testcase name="nodes" classname="install" time="1.235"><\/testcase>/);
        assert.match(
            report,
            /<failure message="0 ready of 0">expected: 2 ready\nseen: 0 ready of 0\nIt is scaled to 0\./,
        );
        assert.match(report, /<error message="no answer within 20 s">/);
        assert.match(report, /<skipped message="no curl"\/>/);
    });

    it("is XML whatever was seen", () => {
        const odd = `a & b < c > "d" 'e' ]]> \u0000\u001b\ud800\uffff ü 😀`;
        const report = renderJunit("dev", [result(odd, { verdict: "failed", seen: odd, causes: [] })]);
        const shown = "a &amp; b &lt; c &gt; &quot;d&quot; 'e' ]]&gt;  ü 😀";
        assert.ok(report.includes(`<testcase name="${shown}"`), report);
        assert.ok(report.includes(`seen: ${shown}`), report);
        // https://www.w3.org/TR/xml/#charsets
        assert.doesNotMatch(report, /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
        assert.doesNotMatch(report.replace(/&(amp|lt|gt|quot);/g, ""), /&/);
        const open = [...report.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)].filter(([, , , alone]) => !alone);
        const depth = open.reduce((sum, [, end]) => sum + (end ? -1 : 1), 0);
        assert.equal(depth, 0);
    });
});
