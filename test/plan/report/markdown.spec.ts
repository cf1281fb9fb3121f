import { strict as assert } from "node:assert";
import type { Plan, Resource, Value } from "../../../plan/model";
import { one } from "../../../plan/query";
import { diff } from "../../../plan/report/diff";
import { limit, renderMarkdown } from "../../../plan/report/markdown";
import { renderMermaid } from "../../../plan/report/mermaid";
import { meshPicture } from "../../../plan/report/pictures/mesh";
import { planOf, recordDemo } from "../fixtures/demo";
import { sesame } from "../fixtures/sesame";

describe("renderMarkdown", () => {
    let plan: Plan;
    before(async () => {
        plan = await recordDemo();
    });

    it("holds summary, warnings, diagram, outputs and a table per component, and no secret", () => {
        const markdown = renderMarkdown(plan);
        assert.match(markdown, /^## Plan of `demo\/dev`\n\nPlan of demo\/dev: a simulation/);
        assert.match(markdown, /\*\*15 resources in 2 components: 8 oci, 7 kubernetes\*\*/);
        assert.match(markdown, /\*\*Warnings\*\*\n\n- `Undefined value/);
        assert.match(markdown, /```mermaid\nflowchart TB\n/);
        assert.match(markdown, /- `kubeconfig`: `secret, known after apply, from Cluster oke/);
        assert.match(
            markdown,
            /<b>network<\/b> Network, 6 resources.*\n\n\| kind .*\n.*\n\| Vcn \| 1 \| `vcn 10\.0\.0\.0\/16 protected` \|/,
        );
        assert.equal(markdown.includes(sesame), false);
    });

    it("shows the difference when there is one to show", () => {
        const against = { difference: diff(planOf({}), plan), origin: "main.json" };
        assert.match(renderMarkdown(plan, against), /```diff\nDifference from main\.json: 18 added, 0 removed/);
    });

    /** A plan with a thousand services, or anything else. */
    const many = (count: number, inputs: (index: number) => Record<string, Value>): Plan => {
        const service = one(plan, "Service");
        const resources = Array.from({ length: count }, (_, index): Resource => ({
            ...service,
            name: `service-${index}`,
            urn: `${service.urn}-${index}`,
            type: `kubernetes:core/v1:Kind${index}`,
            inputs: inputs(index),
        }));
        return planOf({ resources, warnings: Array.from({ length: 50 }, () => "x".repeat(3_000)) });
    };

    it("stays below GitHub's limit and leaves nothing open", () => {
        const large = many(3_000, (index) => ({
            kind: "Service",
            metadata: { name: `s-${index}` },
            spec: { ports: [{ port: 80 }] },
        }));
        const markdown = renderMarkdown(large, { difference: diff(planOf({}), large), origin: "main.json" });
        assert.ok(markdown.length < limit, String(markdown.length));
        assert.equal((markdown.match(/^```/gm) ?? []).length % 2, 0);
        assert.equal(markdown.split("<details>").length, markdown.split("</details>").length);
        assert.match(markdown, /omitted: the comment would be too long/);
        assert.match(markdown, /… and 2960 more services/);
    });

    it("escapes names in tables, fences and code spans", () => {
        const name = 'x`|</details>\n@everyone <img src="x">"]; click n0';
        const hostile = planOf({
            resources: [{ ...one(plan, "Service"), name, inputs: { kind: "Service", metadata: { name } } }],
            warnings: [name],
        });
        const markdown = renderMarkdown(hostile);
        const outsideCode = markdown.replace(/```[\s\S]*?```/g, "").replace(/`[^`\n]*`/g, "");
        assert.doesNotMatch(outsideCode, /@everyone|<img|\]; click/);
        const row = markdown.split("\n").find((line) => line.startsWith("| Service"))!;
        assert.equal(row.replaceAll("\\|", "").split("|").length, 5);
        assert.doesNotMatch(renderMermaid(meshPicture(hostile)), /"\]; click|<img/);
    });
});

describe("renderMermaid", () => {
    let plan: Plan;
    before(async () => {
        plan = await recordDemo();
    });

    it("draws clients, gateway with hosts and ports, services and versions", () => {
        assert.equal(
            renderMermaid(meshPicture(plan)),
            `flowchart TB
    n0("clients"):::outside
    n1{{"bookinfo-gateway<br/>Istio Gateway<br/>80 HTTP for bookinfo.example.com"}}:::gateway
    n2("any host outside"):::external
    subgraph n4["bookinfo, mutual TLS PERMISSIVE"]
        n3["productpage<br/>port 9080, productpage-v1"]:::service
    end
    n0 --> n1
    n1 --> n3
    n4 --> n2
`,
        );
    });

    /** A Kubernetes object of the bookinfo namespace. */
    const object = (kind: string, name: string, spec: Value, apiVersion = "networking.istio.io/v1"): Resource => ({
        ...one(plan, "Service"),
        type: `kubernetes:x/v1:${kind}`,
        urn: `${kind}/${name}`,
        inputs: { apiVersion, kind, metadata: { name, namespace: "bookinfo" }, spec },
    });
    const version = (name: string): Resource =>
        object(
            "Deployment",
            `reviews-${name}`,
            { template: { metadata: { labels: { app: "reviews", version: name } } } },
            "apps/v1",
        );
    const reviews = () => object("Service", "reviews", { selector: { app: "reviews" }, ports: [{ port: 9080 }] }, "v1");

    it("writes the share of each version on its arrow", () => {
        const host = "reviews.bookinfo.svc.cluster.local";
        const route = [
            { destination: { host: "reviews", subset: "v1" }, weight: 90 },
            { destination: { host, subset: "v2" }, weight: 10 },
        ];
        const subsets = ["v1", "v2", "v3"].map((name) => ({ name, labels: { version: name } }));
        const resources = [
            reviews(),
            ...["v1", "v2", "v3"].map(version),
            object("VirtualService", "reviews", {
                hosts: ["reviews"],
                http: [{ match: [{ uri: { prefix: "/x" } }], route: [] }, { route }],
            }),
            object("DestinationRule", "reviews", { host, subsets }),
        ];
        const diagram = renderMermaid(meshPicture(planOf({ resources })));
        assert.match(diagram, / {4}n0 -->\|"others 90%"\| n1\n {4}n0 -->\|"others 10%"\| n2\n {4}n0 -\.-> n3\n/);
    });

    it("does not connect objects of the same name in another namespace", () => {
        const elsewhere = version("v1");
        (elsewhere.inputs.metadata as Record<string, Value>).namespace = "other";
        const { boxes } = meshPicture(planOf({ resources: [reviews(), elsewhere] }));
        assert.deepEqual(
            boxes.map(({ lines }) => lines),
            [["reviews", "port 9080"]],
        );
    });

    it("is empty without a mesh", () => {
        assert.equal(renderMermaid(meshPicture(planOf({}))), "");
    });
});
