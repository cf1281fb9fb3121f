import { strict as assert } from "node:assert";
import type { Plan, Resource } from "../../../plan/model";
import { diff, isEmpty, renderDiff } from "../../../plan/report/diff";
import { parseJson, renderJson, schemaVersion } from "../../../plan/report/json";
import { UserError } from "../../../plan/errors";
import { planOf, recordDemo } from "../fixtures/demo";

describe("renderDiff", () => {
    let plan: Plan;
    before(async () => {
        plan = await recordDemo();
    });

    /** The plan with its VCN changed. */
    const withVcn = (change: Partial<Resource>): Plan => ({
        ...plan,
        resources: plan.resources.map((resource) =>
            resource.name === "network-vcn" ? { ...resource, ...change } : resource,
        ),
    });

    it("says in one line that nothing changed", () => {
        assert.equal(
            renderDiff(diff(plan, parseJson(renderJson(plan), "old.json")), "old.json"),
            "No difference from old.json.\n",
        );
    });

    const label = "demo:oci:Network$oci:Core/vcn:Vcn network-vcn";
    const compartmentId = "ocid1.compartment.oc1..demo";
    const changes: [what: string, change: Partial<Resource>, lines: string[]][] = [
        [
            "a changed item of a list",
            { inputs: { compartmentId, cidrBlocks: ["10.1.0.0/16"] } },
            ['inputs.cidrBlocks[0]: "10.0.0.0/16" -> "10.1.0.0/16"'],
        ],
        [
            "an added and a removed input",
            { inputs: { cidrBlocks: ["10.0.0.0/16"], dnsLabel: "vcn" } },
            [`inputs.compartmentId: "${compartmentId}" -> (none)`, 'inputs.dnsLabel: (none) -> "vcn"'],
        ],
        [
            "a key that is no identifier",
            { inputs: { compartmentId, cidrBlocks: ["10.0.0.0/16"], freeformTags: { "a.b/c": "1" } } },
            ['inputs.freeformTags: (none) -> {"a.b/c":"1"}'],
        ],
        [
            "a value that became unknown",
            { inputs: { compartmentId: { $unknown: ["urn"] }, cidrBlocks: ["10.0.0.0/16"] } },
            [`inputs.compartmentId: "${compartmentId}" -> known after apply`],
        ],
        [
            "a value that became secret",
            { inputs: { compartmentId: { $secret: true }, cidrBlocks: ["10.0.0.0/16"] } },
            [`inputs.compartmentId: "${compartmentId}" -> [secret]`],
        ],
        ["a lost protection", { protect: false }, ["protect: true -> false"]],
        [
            "new dependencies, whatever their order",
            { dependencies: ["urn:pulumi:dev::demo::a$b:C::one", "urn:pulumi:dev::demo::d:E::two"] },
            ["dependencies: + C one, + E two"],
        ],
    ];
    for (const [what, change, lines] of changes) {
        it(`shows ${what}`, () => {
            const shown = renderDiff(diff(plan, withVcn(change)), "old.json");
            const expected = ["Difference from old.json: 0 added, 0 removed, 1 changed", `~ ${label}`];
            assert.equal(shown, [...expected, ...lines.map((line) => `    ${line}`), ""].join("\n"));
        });
    }

    it("compares dependencies as a set, and says what an unknown value does not", () => {
        const [first, second, third] = ["one", "two", "three"].map((name) => `urn:pulumi:dev::demo::a:B::${name}`);
        const from = (urn = "") => ({ compartmentId: { $unknown: [urn] } });
        const before = withVcn({ dependencies: [first!, second!], inputs: from(first) });
        const shown = renderDiff(
            diff(before, withVcn({ dependencies: [third!, second!], inputs: from(third) })),
            "old.json",
        );
        assert.deepEqual(shown.split("\n").slice(2, -1), [
            "    dependencies: + B three, - B one",
            "    inputs.compartmentId: known after apply, from other sources",
        ]);
    });

    it("shows what is added and removed", () => {
        const without = { ...plan, resources: plan.resources.filter(({ name }) => name !== "network-vcn") };
        assert.match(
            renderDiff(diff(without, plan), "x"),
            /1 added, 0 removed, 0 changed\n\+ demo:oci:Network\$.*network-vcn\n/,
        );
        assert.match(
            renderDiff(diff(plan, without), "x"),
            /0 added, 1 removed, 0 changed\n- demo:oci:Network\$.*network-vcn\n/,
        );
    });

    it("shows outputs that changed", () => {
        const output = (value: string) => planOf({ outputs: { url: { value, secret: false, from: [] } } });
        assert.match(
            renderDiff(diff(output("http://a"), output("http://b")), "x"),
            /~ stack outputs\n {4}url: "http:\/\/a" -> "http:\/\/b"/,
        );
    });

    it("compares two stacks as if they had one name", async () => {
        const other = await recordDemo({ stack: "prod" });
        const { added, removed, changed } = diff(plan, other);
        assert.deepEqual([added.length, removed.length], [0, 0]);
        assert.deepEqual(
            changed.map(({ resource }) => resource.name),
            ["istiod", "bookinfo-gateway", "productpage-routes"],
        );
        assert.equal(isEmpty(diff(plan, other)), false);
    });
});

describe("parseJson", () => {
    const edited = (changes: object) => JSON.stringify({ ...JSON.parse(renderJson(planOf({}))), ...changes });
    const refused: [what: string, text: string, error: RegExp][] = [
        ["text", "hello", /old\.json is not JSON: /],
        [
            "another JSON file",
            '{"name":"oke-mesh"}',
            /old\.json is not a plan\. Write one with: npm start -- --json FILE/,
        ],
        ["a list", "[]", /is not a plan/],
        [
            "a newer plan",
            '{"kind":"oke-mesh/plan","schemaVersion":99}',
            new RegExp(`schema version 99, this program reads version ${schemaVersion}`),
        ],
        [
            "half a plan",
            edited({ resources: undefined }),
            /old\.json is incomplete or was edited.*\n\n {2}resources {3}.*expected array/,
        ],
        ["a URN that is none", edited({ resources: [{ urn: 5 }] }), /\n {2}resources\[0\]\.urn {3}.*expected string/],
        ["a resource that is none", edited({ resources: [null] }), /\n {2}resources\[0\] {3}.*expected object/],
        ["an output without a value", edited({ outputs: { a: null } }), /\n {2}outputs\.a {3}.*expected object/],
        ["a stack without a name", edited({ stack: 1 }), /\n {2}stack {3}.*expected string/],
        ["too many errors to list", edited({ resources: Array(7).fill(1) }), /resources\[4\].*\n {2}… and 2 more$/],
    ];
    for (const [what, text, error] of refused) {
        it(`refuses ${what}`, () => {
            assert.throws(
                () => parseJson(text, "old.json"),
                (thrown: Error) => {
                    assert.match(thrown.message, error);
                    return thrown instanceof UserError;
                },
            );
        });
    }
});
