import { strict as assert } from "node:assert";
import { at } from "../../../plan/model";
import { ofType, one } from "../../../plan/query";
import { nothing, planned, serviceOf, values } from "./support";

describe("Jaeger", () => {
    const selector = {
        "app.kubernetes.io/name": "jaeger",
        "app.kubernetes.io/instance": "jaeger",
        "app.kubernetes.io/component": "all-in-one",
    };

    it("has the Services of Istio's sample, at the pod its chart makes", async () => {
        const services = ofType(await planned({ jaeger: nothing }), "Service").map(serviceOf);
        assert.deepEqual(services, [
            { name: "tracing", ports: ["80 to 16686", "16685 to 16685"], selector },
            { name: "jaeger-collector", ports: ["4317 to 4317", "4318 to 4318"], selector },
        ]);
    });

    it("takes OTLP at the ports its Services lead to, and keeps a bounded number of traces", async () => {
        const config = at(await values("jaeger", { jaeger: nothing }), "userconfig");
        assert.deepEqual(at(config, "receivers"), {
            otlp: { protocols: { grpc: { endpoint: "0.0.0.0:4317" }, http: { endpoint: "0.0.0.0:4318" } } },
        });
        assert.deepEqual(at(config, "extensions", "jaeger_storage"), {
            backends: { primary_store: { memory: { max_traces: 20_000 } } },
        });
    });

    it("restarts its pod when its configuration changes, by whichever value", async () => {
        const label = async (extraValues: Record<string, unknown>) =>
            at(await values("jaeger", { jaeger: { extraValues } }), "jaeger", "podLabels", "oke-mesh/config") as string;
        const known = await label({});
        assert.match(known, /^[0-9a-f]{8}$/);
        assert.equal(await label({}), known);
        assert.equal(await label({ jaeger: { affinity: {} } }), known);
        assert.notEqual(await label({ userconfig: { extensions: { healthcheckv2: { use_v2: false } } } }), known);
        assert.notEqual(await label({ uiconfig: { menu: [] } }), known);
    });

    it("names in its pipeline only what it has", async () => {
        const config = at(await values("jaeger", { jaeger: nothing }), "userconfig");
        const has = (part: string) => Object.keys(at(config, part) as object).sort();
        assert.deepEqual(at(config, "service", "pipelines", "traces"), {
            receivers: has("receivers"),
            exporters: has("exporters"),
        });
        assert.deepEqual((at(config, "service", "extensions") as string[]).sort(), has("extensions"));
        const store = at(config, "exporters", "jaeger_storage_exporter", "trace_storage") as string;
        assert.equal(at(config, "extensions", "jaeger_query", "storage", "traces"), store);
        assert.ok(at(config, "extensions", "jaeger_storage", "backends", store));
    });
});

describe("Zipkin", () => {
    it("is the Service zipkin at 9411, and behind tracing", async () => {
        const plan = await planned({ zipkin: nothing });
        const { values: given } = one(plan, "Release").inputs;
        assert.deepEqual([at(given, "fullnameOverride"), at(given, "service", "port")], ["zipkin", 9411]);
        assert.deepEqual(ofType(plan, "Service").map(serviceOf), [
            {
                name: "tracing",
                ports: ["80 to 9411"],
                selector: { "app.kubernetes.io/name": "zipkin", "app.kubernetes.io/instance": "zipkin" },
            },
        ]);
    });

    it("does not go with Jaeger", async () => {
        await assert.rejects(planned({ jaeger: nothing, zipkin: nothing }), /choose one/);
    });
});
