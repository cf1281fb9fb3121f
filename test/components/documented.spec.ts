import { strict as assert } from "node:assert";
import * as path from "node:path";
import { compileFunction } from "node:vm";
import { ScriptTarget, transpileModule } from "typescript";
import * as library from "../../components";
import { record } from "../../plan/record/record";
import { documentedBy, examplesIn } from "../support/declarations";
import { cart } from "./everyComponent";

describe("what the library exports", () => {
    const documented = documentedBy(path.join(__dirname, "../../components/index.ts"));
    const named = (problems: typeof documented) => problems.map(({ name }) => name);
    const fields = documented.filter(({ kind }) => kind === "field");

    it("is read to the last field of its arguments", () => {
        const names = new Set(named(documented));
        for (const name of ["ControlPlane", "RevisionsArgs.canary.revision", "NodePoolSpec.cycling.maximumSurge"]) {
            assert.ok(names.has(name), name);
        }
        assert.ok(fields.length > 300, `${fields.length} fields`);
    });

    it("has a docstring on everything", () => {
        assert.deepEqual(named(documented.filter(({ doc }) => doc === "")), []);
    });

    it("says what happens without each argument that is optional", () => {
        assert.deepEqual(named(fields.filter(({ optional, doc }) => optional && !doc.includes("@default"))), []);
    });

    const components = documented.filter(({ kind }) => kind === "component");

    it("shows each component in an example", () => {
        assert.ok(components.length > 25, `${components.length} components`);
        assert.deepEqual(named(components.filter((component) => examplesIn(component).length === 0)), []);
    });

    for (const component of components) {
        for (const example of examplesIn(component)) {
            it(`makes ${component.name} as its example shows it`, async () => {
                const plan = await record({ stack: "dev" }, () => run(example, givens()));
                const made = plan.resources.filter(
                    ({ type }) => type.startsWith("oke-mesh:") && type.endsWith(`:${component.name}`),
                );
                assert.equal(made.length, 1);
                assert.ok(plan.resources.some(({ parent }) => parent === made[0]?.urn));
            });
        }
    }
});

/** What the examples take from the program around them. `npm run test:package` checks their types. */
function givens(): Record<string, unknown> {
    const clusterId = "ocid1.cluster.oc1.iad.a";
    const network = library.existingNetwork({
        vcnId: "ocid1.vcn.oc1.iad.a",
        subnets: { loadBalancers: "ocid1.subnet.oc1.iad.a" },
        nsgs: { loadBalancers: ["ocid1.networksecuritygroup.oc1.iad.a"] },
    });
    const namespace = "istio-system";
    return {
        compartmentId: "ocid1.compartment.oc1..a",
        tenancyId: "ocid1.tenancy.oc1..a",
        clusterId,
        network,
        cart,
        apm: library.existingApmDomain({ domainId: "ocid1.apmdomain.oc1.iad.a", region: "us-ashburn-1" }),
        provider: undefined,
        controlPlane: Object.assign([], { namespace }),
        bookinfo: [],
    };
}

function run(example: string, values: Record<string, unknown>): void {
    const scope = { ...library, ...values };
    const { outputText } = transpileModule(`{\n${example}}`, { compilerOptions: { target: ScriptTarget.ES2022 } });
    const make = compileFunction(outputText, Object.keys(scope)) as (...values: unknown[]) => void;
    make(...Object.values(scope));
}
