import { strict as assert } from "node:assert";
import { parse } from "yaml";
import { SPANS_PORT } from "../../components/istio/tracing/apm";
import type { TracingArgs } from "../../components/istio/tracing/tracingPlan";
import { one } from "../../plan/query";
import { HOST, isPublicKey, meshWith, none, toApm } from "../support/tracedMesh";
import { releaseOf, renderChart, skip, withHelm } from "./support";

const rendered = async (tracing: TracingArgs) =>
    renderChart(releaseOf(one(await meshWith(tracing), "Release", "istio-istiod")), process.env.ISTIO_CHARTS);

/** Needs helm and the charts, from ISTIO_CHARTS or the chart repository, but no cluster. */
describe("istiod's chart", function () {
    this.timeout(60_000);

    withHelm();

    before(async function () {
        const first = await rendered(none);
        if ("unreachable" in first) {
            return skip(this, `${first.unreachable}. Set ISTIO_CHARTS to a folder with Istio's charts.`);
        }
    });

    const service = (name: string) => `${name}.istio-system.svc.cluster.local`;
    const apm = { service: HOST, port: SPANS_PORT };
    const headers = [{ envName: "OCI_APM_AUTHORIZATION", name: "Authorization" }];
    const http = { headers, path: "/20200101/opentelemetry/private/v1/traces", timeout: "10s" };
    const path = "/20200101/observations/public-span?dataFormat=zipkin&dataFormatVersion=2&dataKey=THEKEY";
    const providersOf: [name: string, tracing: TracingArgs, providers?: object[]][] = [
        ["no tracing", none],
        ["apm by otlp", toApm("otlp", "THEKEY"), [{ name: "oci-apm", opentelemetry: { ...apm, http } }]],
        ["apm by zipkin", toApm("zipkin", "THEKEY"), [{ name: "oci-apm", zipkin: { ...apm, path } }]],
        [
            "apm by collector",
            toApm("collector", "THEKEY"),
            [
                {
                    name: "opentelemetry-collector",
                    opentelemetry: { service: service("opentelemetry-collector"), port: 4317 },
                },
            ],
        ],
        ["apm by bootstrap", toApm("bootstrap", "THEKEY")],
        [
            "jaeger",
            { ...none, backend: "jaeger" },
            [{ name: "jaeger", opentelemetry: { service: service("jaeger-collector"), port: 4317 } }],
        ],
        [
            "zipkin",
            { ...none, backend: "zipkin" },
            [{ name: "zipkin", zipkin: { service: service("zipkin"), port: 9411 } }],
        ],
    ];
    for (const [name, tracing, providers] of providersOf) {
        const key = isPublicKey(tracing) ? "has the public key there" : "has no key anywhere";
        it(`makes of ${name} exactly this provider, and ${key}`, async () => {
            const result = await rendered(tracing);
            assert.ok("manifests" in result);
            const { manifests } = result;
            const config = manifests.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "istio");
            const { extensionProviders } = parse(config?.data?.mesh ?? "") as { extensionProviders?: object[] };
            assert.deepEqual(extensionProviders, providers);
            assert.equal(JSON.stringify(manifests).includes("THEKEY"), isPublicKey(tracing));
        });
    }
});
