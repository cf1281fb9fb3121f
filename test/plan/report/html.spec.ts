import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import type { Plan } from "../../../plan/model";
import { one } from "../../../plan/query";
import { against } from "../../../plan/report/against";
import { renderHtml } from "../../../plan/report/html/page";
import { judge } from "../../../policies/judge";
import { planOf, recordDemo } from "../fixtures/demo";
import { sesame } from "../fixtures/sesame";

/** The page without its scripts and styles, which are the same for all plans. */
function contentOf(page: string): string {
    return page.replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, "");
}

describe("renderHtml", () => {
    let plan: Plan;
    let content: string;
    before(async () => {
        plan = await recordDemo();
        content = contentOf(renderHtml(plan, { verdict: judge(plan.resources, { level: "prod", exceptions: [] }) }));
    });

    it("has a section for each part of the plan", () => {
        const titles = [...content.matchAll(/<h2 id="[\w-]+-title">([^<]+)</g)].map(([, title]) => title);
        const expected = ["Network", "Mesh", "Policies", "Warnings", "Outputs", "Resources"];
        assert.deepEqual(titles, expected);
        assert.match(content, /<b>15<\/b> <span>resources<\/span>/);
        assert.match(content, /class="card bad">\s+<b>refused<\/b> <span>policies/);
        assert.match(
            content,
            /<span class="kind">Vcn<\/span> <b>network-vcn<\/b> <span>10\.0\.0\.0\/16 protected<\/span>/,
        );
        assert.match(content, /cidrBlocks:\n {2}- 10\.0\.0\.0\/16\n/);
    });

    it("has no secret, and says where one is", () => {
        assert.equal(content.includes(sesame), false);
        assert.match(content, /\[secret\]/);
    });

    it("allows its own scripts alone, and loads nothing", () => {
        const page = renderHtml(plan);
        const [, policy = ""] = /Content-Security-Policy" content="([^"]+)"/.exec(page) ?? [];
        const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => script!);
        const hashes = scripts.map((script) => createHash("sha256").update(script).digest("base64"));
        assert.equal(hashes.length, 3);
        assert.ok(policy.startsWith("default-src &#39;none&#39;; script-src &#39;sha256-"), policy);
        assert.ok(hashes.every((hash) => policy.includes(`&#39;sha256-${hash}&#39;`)));
        assert.doesNotMatch(contentOf(page), /<(link|img|iframe|object|script)\b| (src|on\w+)=/);
    });

    it("shows names as they are, whatever they look like", () => {
        const name = `x"]; click n0 </pre><img src=x onerror="alert(1)"><script>alert(1)</script>`;
        const hostile = { ...one(plan, "Service"), name, inputs: { kind: "Service", metadata: { name } } };
        const page = renderHtml(planOf({ resources: [hostile], warnings: [name] }));
        assert.equal(page.split("<script>").length - 1, 3);
        assert.doesNotMatch(contentOf(page), /<img|<\/pre><|alert\(1\)"/);
        assert.match(contentOf(page), /<b>x&quot;\]; click n0 &lt;\/pre&gt;&lt;img/);
    });

    it("marks what changed, and lists what is gone", () => {
        const [gone, ...resources] = plan.resources.filter(({ type }) => !type.startsWith("pulumi:"));
        const service = one(plan, "Service");
        const after = {
            ...plan,
            resources: resources.map((each) => (each === service ? { ...each, protect: true } : each)),
        };
        const page = contentOf(renderHtml(after, { against: against(plan, after, "main.json") }));
        assert.match(page, /Difference from main\.json: 0 added, \d removed, \d changed/);
        assert.match(
            page,
            /<details class="resource changed">[\s\S]*?<pre class="changes"> {4}protect: false -&gt; true<\/pre>/,
        );
        assert.ok(page.includes(`<b>${gone!.name}</b>`));
        assert.match(page, /<b>Removed<\/b>[\s\S]*?<details class="resource removed">/);
        assert.match(page, /class n\d+ changed/);
    });

    it("is complete without network, mesh or resources", () => {
        const page = contentOf(renderHtml(planOf({})));
        assert.doesNotMatch(page, /<figure|undefined/);
    });
});
