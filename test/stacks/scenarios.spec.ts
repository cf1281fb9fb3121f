import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HTTPRoute } from "../../components/istio/api";
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from "../../mesh/scenarios";
import { at, type Plan } from "../../plan/model";
import { dependsOn, ofType, one } from "../../plan/query";
import { diff, renderDiff } from "../../plan/report/diff";
import { validateIstio } from "../support/istioSchemas";
import { pictureProblem } from "../support/pictures";
import { recorded } from "../support/recorded";
import { trafficProblemsIn } from "../support/trafficChecks";
import { GUIDE, OPEN_PATHS, SUBSETS } from "./guidedTraffic";
import { isIstioKind, planOf } from "./plans";

const plans = new Map<ScenarioName, Plan>();

/** Specs of a kind by the name of the object. */
function specs(plan: Plan, kind: string): Record<string, unknown> {
    return Object.fromEntries(
        ofType(plan, kind).map(({ inputs }) => [at(inputs, "metadata", "name") as string, inputs.spec]),
    );
}

const withoutUndefined = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe("the guide's scenarios", () => {
    before(async () => {
        for (const scenario of SCENARIO_NAMES) {
            plans.set(scenario, await recorded({ stack: "local", override: { traffic: { scenario } } }));
        }
    });

    for (const scenario of SCENARIO_NAMES) {
        const step = GUIDE[scenario];
        const plan = () => plans.get(scenario)!;

        describe(scenario, () => {
            it("has the guide's VirtualServices", () => {
                const expected = Object.entries(step.routes).map(([host, http]) => [host, { hosts: [host], http }]);
                const { bookinfo, ...others } = specs(plan(), "VirtualService");
                assert.deepEqual(others, withoutUndefined(Object.fromEntries(expected)));
                assert.deepEqual(Object.keys(bookinfo as object), ["gateways", "hosts", "http"]);
            });

            it("has the guide's DestinationRules", () => {
                const expected = Object.entries(SUBSETS).map(([host, versions]) => {
                    const subsets = versions.map((version) => ({ name: version, labels: { version } }));
                    const trafficPolicy = host === "productpage" ? step.productpagePolicy : undefined;
                    return [host, { host, subsets, trafficPolicy }];
                });
                const found = specs(plan(), "DestinationRule");
                assert.deepEqual(found, withoutUndefined(Object.fromEntries(expected)));
            });

            it("keeps the gateway's open paths open, and treats them as inside the mesh", () => {
                const v1 = { destination: { host: "productpage", port: { number: 9080 }, subset: "v1" } };
                const expected: HTTPRoute[] = [...(step.atGateway ?? []), { match: OPEN_PATHS, route: [v1] }];
                assert.deepEqual(at(specs(plan(), "VirtualService").bookinfo, "http"), expected);
            });

            it("has a picture in the walkthrough that shows it as it is", async () => {
                assert.equal(await pictureProblem(`walkthrough-${scenario}`), undefined);
            });

            it("is valid by Istio's schema, and each object fits the others", () => {
                const objects = plan().resources.filter(isIstioKind);
                const problems = objects.flatMap(({ inputs }) =>
                    validateIstio(inputs as unknown as Parameters<typeof validateIstio>[0]),
                );
                assert.deepEqual([...problems, ...trafficProblemsIn(plan())], []);
            });

            it("has versions before the routes that name them", () => {
                for (const service of Object.keys(SUBSETS)) {
                    const versions = one(plan(), "DestinationRule", `traffic-${service}`);
                    assert.ok(
                        dependsOn(plan(), one(plan(), "VirtualService", `traffic-${service}`), versions),
                        service,
                    );
                }
                const versions = one(plan(), "DestinationRule", "traffic-productpage");
                assert.ok(
                    dependsOn(plan(), one(plan(), "VirtualService", "bookinfo-ingress-virtualservice"), versions),
                );
            });

            it("says where it is from, what to expect and how to see it", () => {
                const { guide, expect, see } = SCENARIOS[scenario];
                assert.ok([guide, expect, see].every((text) => text.length > 5));
                assert.equal(plan().scenario, scenario);
            });
        });
    }

    it("lead from each to any other by updates in place alone", () => {
        let ways = 0;
        for (const [from, before] of plans) {
            for (const [to, after] of plans) {
                const { added, removed, changed, outputs } = diff(before, after);
                if (from === to) {
                    continue;
                }
                ways += 1;
                const way = `${from} -> ${to}`;
                assert.deepEqual([added, removed, outputs], [[], [], []], way);
                assert.ok(changed.length > 0, `${way} changes nothing`);
                for (const { resource, changes } of changed) {
                    assert.ok(isIstioKind(resource), `${way} changes ${resource.urn}`);
                    // Anything else, such as metadata, would be another object.
                    const elsewhere = changes.filter(({ path }) => !path.startsWith("inputs.spec."));
                    assert.deepEqual(elsewhere, [], way);
                    const hosts = changes.filter(({ path }) => /^inputs\.spec\.(hosts|host|gateways)/.test(path));
                    assert.deepEqual(hosts, [], way);
                }
            }
        }
        assert.equal(ways, SCENARIO_NAMES.length * (SCENARIO_NAMES.length - 1));
    });

    it("add nothing but routes to a stack without traffic settings", async () => {
        const { added, removed, changed } = diff(await planOf("local"), plans.get("all-v1")!);
        const services = Object.keys(SUBSETS).map((service) => `traffic-${service}`);
        assert.deepEqual(added.map(({ name }) => name).sort(), services.sort());
        assert.deepEqual(removed, []);
        assert.deepEqual(
            changed.map(({ resource }) => resource.name),
            ["bookinfo-ingress-virtualservice"],
        );
    });

    it("change what docs/walkthrough.md shows", async () => {
        const page = readFileSync(join(__dirname, "../../docs/walkthrough.md"), "utf8");
        const command = /^\$ npm start -s -- --stack local --scenario (\S+) --against (\S+)\.json\n([\s\S]*?)```/gm;
        const shown = [...page.matchAll(command)];
        assert.deepEqual(shown.map(([, scenario]) => scenario).sort(), [...SCENARIO_NAMES].sort());
        for (const [, scenario, before = "", text] of shown) {
            const earlier = before === "before" ? await planOf("local") : plans.get(before as ScenarioName)!;
            const difference = diff(earlier, plans.get(scenario as ScenarioName)!);
            assert.equal(text, renderDiff(difference, `${before}.json`), scenario);
        }
    });

    it("yield to what is set beside them, setting by setting", async () => {
        const services = { reviews: { route: { v3: 100 } }, productpage: { timeout: "10s" } };
        const traffic = { scenario: "user-identity", services };
        const plan = await recorded({ stack: "local", override: { traffic } });
        const { reviews, productpage, details } = specs(plan, "VirtualService");
        assert.deepEqual(at(reviews, "http"), [
            {
                match: [{ headers: { "end-user": { exact: "jason" } } }],
                route: [{ destination: { host: "reviews", subset: "v2" } }],
            },
            { route: [{ destination: { host: "reviews", subset: "v3" } }] },
        ]);
        assert.deepEqual(at(productpage, "http", 0, "timeout"), "10s");
        assert.deepEqual(at(details, "http"), GUIDE["all-v1"].routes.details.map(withoutUndefined));
    });
});
