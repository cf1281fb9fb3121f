import { strict as assert } from "node:assert";
import * as path from "node:path";
import { at, type Plan } from "../../plan/model";
import { ofType, one } from "../../plan/query";
import { judge } from "../../policies/judge";
import { recorded } from "../support/recorded";
import { planOf } from "../stacks/plans";

const folder = path.join(__dirname, "../../examples/two-teams/shop");

describe("two teams on one cluster", () => {
    let shop: Plan;

    before(async () => {
        shop = await recorded({ stack: "prod", folder });
    });

    it("the application's stack takes the cluster from the platform's outputs", async () => {
        assert.deepEqual(
            shop.reads.map(({ type, id }) => [type, id]),
            [["pulumi:pulumi:StackReference", "organization/oke-mesh/prod"]],
        );
        const platform = await planOf("prod");
        assert.deepEqual(
            ["kubeconfig", "gatewayAddress"].filter((name) => !(name in platform.outputs)),
            [],
        );
    });

    it("and has nothing outside of its own namespace", () => {
        const objects = shop.resources.filter(({ type }) => type.startsWith("kubernetes:"));
        const places = objects.map(
            ({ inputs }) => at(inputs, "metadata", "namespace") ?? at(inputs, "metadata", "name"),
        );
        assert.deepEqual([...new Set(places)], ["shop"]);
        assert.deepEqual(ofType(shop, "Release"), []);
    });

    it("opens its host at the platform's gateway, and passes the policies of production", () => {
        assert.deepEqual(at(one(shop, "Gateway").inputs, "spec", "selector"), { istio: "ingressgateway" });
        assert.deepEqual(judge(shop.resources, { level: "prod", exceptions: [] }).violations, []);
    });

    it("finds HTTPS open there, although the platform has no host of its own", async () => {
        const platform = await recorded({ stack: "prod", override: { bookinfo: { enabled: false } } });
        const release = one(platform, "Release", "istio-ingressgateway-release");
        const ports = at(release.inputs, "values", "service", "ports") as { port: number }[];
        assert.deepEqual(
            ports.map(({ port }) => port),
            [80, 443],
        );
    });
});
