import { strict as assert } from "node:assert";
import type * as pulumi from "@pulumi/pulumi";
import { COLLECTOR } from "../../../../components/istio/tracing/collector";
import { tracingPlan } from "../../../../components/istio/tracing/tracingPlan";
import { at } from "../../../../plan/model";
import { dependsOn, ofType, one } from "../../../../plan/query";
import { args, BACKENDS, HOST, istiod, planned, resolved, specOf, toApm, valuesOf, zipkinPath } from "./support";

const TRACES = "/20200101/opentelemetry/private/v1/traces";

describe("tracing", () => {
    it("through otlp has istiod hand the header to proxies, which call APM by themselves", async () => {
        const plan = await planned(() => toApm("otlp"));
        const http = {
            path: TRACES,
            timeout: "10s",
            headers: [{ name: "Authorization", envName: "OCI_APM_AUTHORIZATION" }],
        };
        assert.deepEqual(istiod(plan, "meshConfig", "extensionProviders"), [
            { name: "oci-apm", opentelemetry: { service: HOST, port: 24443, http } },
        ]);
        assert.deepEqual(istiod(plan, "envVarFrom"), [
            { name: "OCI_APM_AUTHORIZATION", valueFrom: { secretKeyRef: { name: "oci-apm", key: "authorization" } } },
        ]);
        assert.deepEqual(specOf(plan, "Telemetry"), {
            tracing: [{ providers: [{ name: "oci-apm" }], randomSamplingPercentage: 5 }],
        });
    });

    it("through zipkin has the key in the provider's path, and nowhere as plain text", async () => {
        const plan = await planned(() => toApm("zipkin"));
        assert.deepEqual(istiod(plan, "meshConfig", "extensionProviders"), [
            { name: "oci-apm", zipkin: { service: HOST, port: 24443, path: { $secret: true } } },
        ]);
        const { istiod: asked } = tracingPlan(toApm("zipkin", "a key/1"));
        const path = at(asked, "extensionProviders", 0, "zipkin", "path") as pulumi.Output<string>;
        assert.equal(await resolved(path), zipkinPath("public-span", "a%20key%2F1"));
        assert.equal(ofType(plan, "Secret").length, 0);
    });

    for (const transport of ["otlp", "zipkin"] as const) {
        it(`through ${transport} leads to APM's host by a TLS connection that checks the certificate`, async () => {
            const plan = await planned(() => toApm(transport));
            assert.deepEqual(specOf(plan, "ServiceEntry"), {
                hosts: [HOST],
                location: "MESH_EXTERNAL",
                resolution: "DNS",
                ports: [
                    { number: 24443, name: "https-spans", protocol: "HTTPS", targetPort: 443 },
                    // An application's own TLS passes as it is: the DestinationRule is for the other port.
                    { number: 443, name: "https", protocol: "HTTPS" },
                ],
            });
            const tls = { mode: "SIMPLE", sni: HOST, caCertificates: "/etc/ssl/certs/ca-certificates.crt" };
            assert.deepEqual(specOf(plan, "DestinationRule"), {
                host: HOST,
                trafficPolicy: { portLevelSettings: [{ port: { number: 24443 }, tls }] },
            });
        });
    }

    it("through a collector keeps the key out of every proxy", async () => {
        const plan = await planned(() => toApm("collector"));
        const service = "opentelemetry-collector.istio-system.svc.cluster.local";
        assert.deepEqual(istiod(plan, "meshConfig", "extensionProviders"), [
            { name: "opentelemetry-collector", opentelemetry: { service, port: 4317 } },
        ]);
        assert.deepEqual([istiod(plan, "envVarFrom"), istiod(plan, "podAnnotations")], [undefined, undefined]);
        assert.deepEqual(ofType(plan, "ServiceEntry"), []);
        const release = one(plan, "Release", "telemetry-collector");
        const { name, chart, version, repositoryOpts } = release.inputs;
        assert.deepEqual(
            [name, chart, version, at(repositoryOpts, "repo")],
            [service.split(".")[0], COLLECTOR.chart, COLLECTOR.version, COLLECTOR.repository],
        );
        assert.equal(dependsOn(plan, release, one(plan, "Secret")), true);
        assert.equal(dependsOn(plan, one(plan, "Telemetry"), release), true);
    });

    it("through a collector sends traces and metrics to APM's two roots, with the header from a Secret", async () => {
        const values = valuesOf(await planned(() => toApm("collector")), "telemetry-collector");
        assert.deepEqual(at(values, "alternateConfig", "exporters", "otlp_http"), {
            traces_endpoint: `https://${HOST}${TRACES}`,
            metrics_endpoint: `https://${HOST}/20200101/opentelemetry/v1/metrics`,
            headers: { Authorization: "${env:OCI_APM_AUTHORIZATION}" },
        });
        assert.deepEqual(at(values, "extraEnvs", 0, "valueFrom", "secretKeyRef"), {
            name: "oci-apm",
            key: "authorization",
        });
        const pipelines = at(values, "alternateConfig", "service", "pipelines") as Record<string, unknown>;
        const parts = ["receivers", "processors", "exporters"];
        for (const pipeline of Object.values(pipelines)) {
            for (const part of parts) {
                const defined = Object.keys(at(values, "alternateConfig", part) as object);
                const used = at(pipeline, part) as string[];
                assert.deepEqual(
                    used.filter((each) => !defined.includes(each)),
                    [],
                );
            }
        }
    });

    it("takes the collector from another place if told to", async () => {
        const collector = { chartRepository: "oci://iad.ocir.io/tenancy/charts", image: "iad.ocir.io/tenancy/otel" };
        const { inputs } = one(
            await planned(() => ({ ...toApm("collector"), collector })),
            "Release",
            "telemetry-collector",
        );
        assert.equal(inputs.chart, "oci://iad.ocir.io/tenancy/charts/opentelemetry-collector");
        assert.equal(at(inputs.values, "image", "repository"), "iad.ocir.io/tenancy/otel");
    });

    it("goes to Jaeger by OTLP and to Zipkin in its own format, where the add-ons listen", async () => {
        const providers = BACKENDS.map((backend) => tracingPlan({ ...args, backend }).istiod.extensionProviders);
        assert.deepEqual(providers, [
            [
                {
                    name: "jaeger",
                    opentelemetry: { service: "jaeger-collector.istio-system.svc.cluster.local", port: 4317 },
                },
            ],
            [{ name: "zipkin", zipkin: { service: "zipkin.istio-system.svc.cluster.local", port: 9411 } }],
        ]);
        for (const backend of BACKENDS) {
            const plan = await planned(() => ({ ...args, backend }));
            assert.deepEqual(at(specOf(plan, "Telemetry"), "tracing", 0, "providers"), [{ name: backend }]);
            assert.deepEqual([...ofType(plan, "ServiceEntry"), ...ofType(plan, "Secret")], []);
        }
    });

    it("needs an APM domain to go to APM", () => {
        assert.throws(() => tracingPlan({ ...args, backend: "apm" }), /^Error: apm is missing/);
    });

    it("tags spans with a request's header or with a text", async () => {
        const customTags = { tenant: "header:x-tenant", stage: "prod", odd: "header:" };
        const tags = {
            tenant: { header: { name: "x-tenant" } },
            stage: { literal: { value: "prod" } },
            odd: { literal: { value: "header:" } },
        };
        const plan = await planned(() => ({ ...toApm("otlp"), customTags }));
        assert.deepEqual(at(specOf(plan, "Telemetry"), "tracing", 0, "customTags"), tags);
        const { istiod: asked } = tracingPlan({ ...toApm("bootstrap"), customTags });
        assert.deepEqual(asked.proxyDefaults, { sampling: 5, customTags: tags });
    });

    for (const sampling of [0, 0.01, 100]) {
        it(`of ${sampling} percent is written as such, not left to a default`, () => {
            const { telemetry } = tracingPlan({ ...toApm("otlp"), sampling });
            assert.equal(telemetry?.randomSamplingPercentage, sampling);
        });
    }
});
