import { strict as assert } from "node:assert";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { chartSource, istioRelease, type ChartArgs } from "../../../components/istio/chart";
import type { Resource } from "../../../plan/model";
import { one } from "../../../plan/query";
import { record } from "../../../plan/record/record";

const args: ChartArgs<object> = {
    chart: "istiod",
    version: "1.31.1",
    repository: "https://charts.example.com",
    releaseName: "istiod",
    namespace: "istio-system",
    values: {},
    extraValues: {},
};

/** The release as the engine would get it. */
async function released(values: object, extraValues: Record<string, unknown> = {}): Promise<Resource> {
    const plan = await record({}, () => void istioRelease("mesh-istiod", { ...args, values, extraValues }, {}));
    return one(plan, "Release");
}

describe("chartSource", () => {
    const sources: [from: string, source: object][] = [
        [
            "https://blob.istio.io/istio-release/charts",
            { chart: "istiod", repositoryOpts: { repo: "https://blob.istio.io/istio-release/charts" } },
        ],
        ["http://charts.intranet:8080/", { chart: "istiod", repositoryOpts: { repo: "http://charts.intranet:8080" } }],
        ["oci://ghcr.io/istio/release/charts", { chart: "oci://ghcr.io/istio/release/charts/istiod" }],
        ["oci://iad.ocir.io/tenancy/charts/", { chart: "oci://iad.ocir.io/tenancy/charts/istiod" }],
        ["./charts", { chart: "./charts/istiod-1.31.1.tgz" }],
        ["../shared/charts/", { chart: "../shared/charts/istiod-1.31.1.tgz" }],
        ["/srv/charts", { chart: "/srv/charts/istiod-1.31.1.tgz" }],
    ];
    for (const [repository, source] of sources) {
        it(`finds a chart at ${repository}`, () => {
            const found = chartSource({ chart: "istiod", version: "1.31.1", repository });
            assert.deepEqual(found, { ...source, version: "1.31.1" });
        });
    }
});

describe("istioRelease", () => {
    // Pulumi's name for it would end in -1a2b3c, and so would the gateway's label and the webhooks.
    it("has the name it is given, not Pulumi's", async () => {
        const { name, inputs } = await released({});
        assert.deepEqual([name, inputs.name, inputs.namespace], ["mesh-istiod", "istiod", "istio-system"]);
    });

    it("installs whole or not at all, and has Pulumi wait longer than Helm does", async () => {
        const { inputs, customTimeouts } = await released({});
        assert.deepEqual([inputs.atomic, inputs.cleanupOnFail, inputs.skipAwait], [true, true, undefined]);
        assert.equal(inputs.timeout, 600);
        const minutes = Object.values(customTimeouts).map((text) => Number(/^(\d+)m$/.exec(text)?.[1]));
        assert.equal(minutes.length, 3);
        assert.ok(minutes.every((given) => given * 60 > 600));
    });
});

describe("extra values", () => {
    const merges: [what: string, values: object, extra: Record<string, unknown>, merged: object][] = [
        ["nothing", { a: 1 }, {}, { a: 1 }],
        ["a key of its own", { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
        ["a value that is set already", { a: { b: 1, c: 1 } }, { a: { b: 2 } }, { a: { b: 2, c: 1 } }],
        ["a list, whole", { ports: [{ name: "http", port: 80 }] }, { ports: [{ port: 1 }] }, { ports: [{ port: 1 }] }],
        ["an empty list", { ports: [80, 443] }, { ports: [] }, { ports: [] }],
        ["a mapping in place of a scalar", { a: "text" }, { a: { b: 1 } }, { a: { b: 1 } }],
        ["null, which takes a chart's default away", { a: { b: 1 } }, { a: { b: null } }, { a: { b: null } }],
    ];
    for (const [what, values, extra, merged] of merges) {
        it(`replace or add ${what}`, async () => {
            assert.deepEqual((await released(values, extra)).inputs.values, merged);
        });
    }

    it("leave the values of other releases alone, which share constants with these", async () => {
        const shared = { labels: { istio: "ingressgateway" } };
        await released(shared, { labels: { istio: "other" } });
        assert.deepEqual(shared, { labels: { istio: "ingressgateway" } });
    });

    // Walking into an Output makes an empty mapping of it, and the load balancer would lose its subnet.
    it("leave an Output as it is: unknown on its own, the rest known", async () => {
        const plan = await record({}, () => {
            const { id, metadata } = new Namespace("subnet", { metadata: { name: "known" } });
            const annotations = { subnet: id, shape: "flexible", name: metadata.name, key: pulumi.secret("k") };
            const extraValues = { service: { annotations: { extra: "yes" } } };
            istioRelease("gateway", { ...args, values: { service: { annotations } }, extraValues }, {});
        });
        const { urn } = one(plan, "Namespace");
        assert.deepEqual(one(plan, "Release").inputs.values, {
            service: {
                annotations: {
                    subnet: { $unknown: [urn] },
                    shape: "flexible",
                    name: "known",
                    key: { $secret: true },
                    extra: "yes",
                },
            },
        });
    });
});
