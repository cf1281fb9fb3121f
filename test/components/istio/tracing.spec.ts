import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { istiodValues, ControlPlane, type ControlPlaneArgs } from "../../../components/istio/controlPlane";
import { IngressGateway } from "../../../components/istio/ingressGateway";
import { MeshTelemetry, meshTelemetrySpec } from "../../../components/istio/meshTelemetry";
import { fingerprint } from "../../../components/istio/tracing/apm";
import { COLLECTOR } from "../../../components/istio/tracing/collector";
import { tracingPlan, type TracingArgs } from "../../../components/istio/tracing/tracingPlan";
import { Bookinfo } from "../../../components/workloads/bookinfo";
import { at, type Plan, type Resource } from "../../../plan/model";
import { dependsOn, ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record";
import { renderManifests } from "../../../plan/render/manifests";
import { validateIstio, type IstioObject } from "../../support/istioSchemas";

const KEY = "2C6YOLQSUZ5Q7IGN";
const HOST = "aaaabbbb.apm-agt.us-ashburn-1.oci.oraclecloud.com";
const TRACES = "/20200101/opentelemetry/private/v1/traces";
const ZIPKIN = "/20200101/observations/private-span?dataFormat=zipkin&dataFormatVersion=2&dataKey=";

const args: TracingArgs = { backend: "none", transport: "otlp", sampling: 5, customTags: {} };
const TRANSPORTS = ["otlp", "collector", "zipkin", "bootstrap"] as const;
const BACKENDS = ["jaeger", "zipkin"] as const;

/** To APM, with host and key as an APM domain gives them. */
const toApm = (transport: TracingArgs["transport"], key = KEY): TracingArgs => ({
    ...args,
    backend: "apm",
    transport,
    apm: { uploadHost: pulumi.output(HOST), dataKey: pulumi.secret(key) },
});

const controlPlaneArgs: ControlPlaneArgs = {
    version: "1.31.1",
    chartRepository: "https://blob.istio.io/istio-release/charts",
    hub: "docker.io/istio",
    imagePullSecrets: [],
    replicas: { min: 1, max: 1 },
    resources: {},
    proxyResources: {},
    nativeNftables: false,
    meshConfig: {
        trustDomain: "cluster.local",
        outboundTrafficPolicy: "ALLOW_ANY",
        accessLogEncoding: "JSON",
        holdApplicationUntilProxyStarts: false,
        dnsCapture: false,
    },
    extraValues: { base: {}, istiod: {} },
};

/** A mesh with Bookinfo, wired as index.ts does it. `what` is made inside the recording, where its outputs belong. */
function planned(what: () => TracingArgs, accessLogFilter?: string): Promise<Plan> {
    return record({}, () => {
        const tracing = tracingPlan(what());
        const controlPlane = new ControlPlane("istio", { ...controlPlaneArgs, tracing: tracing.istiod }, {});
        const onMesh = { dependsOn: controlPlane };
        const { namespace } = controlPlane;
        if (meshTelemetrySpec({ tracing, accessLogFilter })) {
            new MeshTelemetry("telemetry", { namespace, tracing, accessLogFilter }, onMesh);
        }
        const { version, chartRepository, replicas, resources } = controlPlaneArgs;
        const proxyBootstrap = tracing.bootstrap;
        const gateway = { serviceType: "ClusterIP" as const, ports: [], imagePullSecrets: [], extraValues: {} };
        new IngressGateway(
            "gateway",
            { ...gateway, version, chartRepository, replicas, resources, namespace, proxyBootstrap },
            onMesh,
        );
        const bookinfo = { namespace: "bookinfo", hub: "docker.io/istio", tag: "1.20.3", imagePullSecrets: [] };
        new Bookinfo("bookinfo", { ...bookinfo, replicas: 1, istioVersion: version, proxyBootstrap }, onMesh);
    });
}

const valuesOf = (plan: Plan, release: string) => one(plan, "Release", release).inputs.values;
const istiod = (plan: Plan, ...path: string[]) => at(valuesOf(plan, "istio-istiod"), ...path);
const specOf = (plan: Plan, kind: string) => one(plan, kind).inputs.spec;
const resolved = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

describe("tracing", () => {
    it("through otlp has istiod hand the header to proxies, which call APM by themselves", async () => {
        const plan = await planned(() => toApm("otlp"));
        const http = {
            path: TRACES,
            timeout: "10s",
            headers: [{ name: "Authorization", envName: "OCI_APM_AUTHORIZATION" }],
        };
        assert.deepEqual(istiod(plan, "meshConfig", "extensionProviders"), [
            { name: "oci-apm", opentelemetry: { service: HOST, port: 443, http } },
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
            { name: "oci-apm", zipkin: { service: HOST, port: 443, path: { $secret: true } } },
        ]);
        const { istiod: asked } = tracingPlan(toApm("zipkin", "a key/1"));
        const path = at(asked, "extensionProviders", 0, "zipkin", "path") as pulumi.Output<string>;
        assert.equal(await resolved(path), `${ZIPKIN}a%20key%2F1`);
        assert.equal(ofType(plan, "Secret").length, 0);
    });

    for (const transport of ["otlp", "zipkin"] as const) {
        it(`through ${transport} leads to APM's host by a TLS connection that checks the certificate`, async () => {
            const plan = await planned(() => toApm(transport));
            assert.deepEqual(specOf(plan, "ServiceEntry"), {
                hosts: [HOST],
                location: "MESH_EXTERNAL",
                resolution: "DNS",
                ports: [{ number: 443, name: "https", protocol: "HTTPS" }],
            });
            const tls = { mode: "SIMPLE", sni: HOST, caCertificates: "/etc/ssl/certs/ca-certificates.crt" };
            assert.deepEqual(specOf(plan, "DestinationRule"), {
                host: HOST,
                trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls }] },
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
        assert.throws(() => tracingPlan({ ...args, backend: "apm" }), /needs an APM domain/);
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

describe("the guide's bootstrap", () => {
    let plan: Plan;
    before(async () => {
        plan = await planned(() => toApm("bootstrap"));
    });

    it("is JSON that names APM as the tracer of the whole proxy, over TLS that checks the certificate", async () => {
        const json = JSON.parse(await resolved(tracingPlan(toApm("bootstrap")).bootstrap!.json)) as unknown;
        const cluster = at(json, "static_resources", "clusters", 0);
        const tracer = at(json, "tracing", "http", "typed_config");
        assert.deepEqual(tracer, {
            "@type": "type.googleapis.com/envoy.config.trace.v3.ZipkinConfig",
            collector_cluster: at(cluster, "name"),
            collector_endpoint: ZIPKIN + KEY,
            collector_endpoint_version: "HTTP_JSON",
            trace_id_128bit: true,
            shared_span_context: false,
        });
        const endpoint = at(cluster, "load_assignment", "endpoints", 0, "lb_endpoints", 0, "endpoint", "address");
        assert.deepEqual(endpoint, { socket_address: { address: HOST, port_value: 443 } });
        const tls = at(cluster, "transport_socket", "typed_config");
        assert.equal(at(tls, "sni"), HOST);
        assert.ok(at(tls, "common_tls_context", "validation_context", "trusted_ca", "filename"));
    });

    it("stands beside the gateway and beside Bookinfo, before their pods", () => {
        const maps = ofType(plan, "ConfigMap");
        const placed = maps.map(({ inputs }) => [at(inputs, "metadata", "namespace"), at(inputs, "metadata", "name")]);
        assert.deepEqual(placed.sort(), [
            ["bookinfo", "istio-custom-bootstrap-config"],
            ["istio-system", "istio-custom-bootstrap-config"],
        ]);
        const [gateway, bookinfo] = ["gateway-bootstrap", "bookinfo-bootstrap"].map((name) =>
            one(plan, "ConfigMap", name),
        );
        assert.equal(dependsOn(plan, one(plan, "Release", "gateway-release"), gateway!), true);
        for (const deployment of ofType(plan, "Deployment")) {
            assert.equal(dependsOn(plan, deployment, bookinfo!), true, deployment.name);
        }
    });

    it("is asked for by the gateway and by all six Deployments", () => {
        const templates = ofType(plan, "Deployment").map(({ inputs }) =>
            at(inputs, "spec", "template", "metadata", "annotations"),
        );
        const annotated = [...templates, at(valuesOf(plan, "gateway-release"), "podAnnotations")];
        assert.deepEqual(
            annotated.map((annotations) => at(annotations, "sidecar.istio.io/bootstrapOverride")),
            Array.from({ length: 7 }, () => "istio-custom-bootstrap-config"),
        );
    });

    // A tracer in a listener takes precedence over the one in the bootstrap.
    it("has no provider and no Telemetry beside it; sampling is a default of the proxies", () => {
        assert.deepEqual(ofType(plan, "Telemetry"), []);
        assert.equal(istiod(plan, "meshConfig", "extensionProviders"), undefined);
        assert.deepEqual(istiod(plan, "meshConfig", "defaultConfig", "tracing"), { sampling: 5 });
    });

    it("leaves logging to the mesh's Telemetry", async () => {
        const filtered = await planned(() => toApm("bootstrap"), "response.code >= 400");
        assert.deepEqual(Object.keys(specOf(filtered, "Telemetry") as object), ["accessLogging"]);
    });

    // Proxies read bootstrap and sampling when they start.
    it("restarts all proxies when key, sampling or tags change, and else does not", async () => {
        const annotation = async (changes: Partial<TracingArgs> = {}) => {
            const changed = await planned(() => ({ ...toApm("bootstrap"), ...changes }));
            const seven = [
                at(valuesOf(changed, "gateway-release"), "podAnnotations", "oke-mesh/proxy-bootstrap"),
                ...ofType(changed, "Deployment").map(({ inputs }) =>
                    at(inputs, "spec", "template", "metadata", "annotations", "oke-mesh/proxy-bootstrap"),
                ),
            ];
            assert.equal(new Set(seven).size, 1);
            return seven[0];
        };
        const otherKey = { uploadHost: HOST, dataKey: pulumi.secret("another") };
        const all = [
            annotation(),
            annotation({ apm: otherKey }),
            annotation({ sampling: 6 }),
            annotation({ customTags: { a: "b" } }),
        ];
        assert.equal(new Set(await Promise.all(all)).size, 4);
        assert.equal(await annotation(), await annotation());
    });
});

describe("the data key", () => {
    for (const transport of TRANSPORTS) {
        it(`through ${transport} stands in no input, output or manifest as plain text`, async () => {
            const plan = await planned(() => toApm(transport), "response.code >= 400");
            const encoded = Buffer.from(`dataKey ${KEY}`).toString("base64");
            for (const text of [JSON.stringify(plan), JSON.stringify(renderManifests(plan))]) {
                assert.equal(text.includes(KEY), false);
                assert.equal(text.includes(encoded), false);
            }
            // It is there all the same.
            assert.match(JSON.stringify(plan), /"\$secret":true/);
        });

        it(`through ${transport} leaves in plan and preview what else there is to see`, async () => {
            const plan = await planned(() => toApm(transport));
            const hidden = plan.resources.flatMap(({ name, inputs }) =>
                hiddenPaths(inputs).map((path) => `${name} ${path}`),
            );
            const expected = {
                otlp: ["istio-apm-key stringData.authorization"],
                collector: ["telemetry-collector-key stringData.authorization"],
                zipkin: ["istio-istiod values.meshConfig.extensionProviders.0.zipkin.path"],
                bootstrap: [
                    "bookinfo-bootstrap data.custom_bootstrap.json",
                    "gateway-bootstrap data.custom_bootstrap.json",
                ],
            };
            assert.deepEqual(hidden.sort(), expected[transport]);
        });
    }

    it("is a Secret before istiod and the collector need it", async () => {
        for (const [transport, reader] of [
            ["otlp", "istio-istiod"],
            ["collector", "telemetry-collector"],
        ] as const) {
            const plan = await planned(() => toApm(transport));
            const secret = one(plan, "Secret");
            assert.deepEqual(secret.inputs.metadata, { name: "oci-apm", namespace: "istio-system" });
            assert.equal(dependsOn(plan, one(plan, "Release", reader), secret), true);
        }
    });

    it("when it changes restarts what reads it at its start, and nothing else", async () => {
        const readers = { otlp: "istio-istiod", collector: "telemetry-collector" } as const;
        for (const [transport, reader] of Object.entries(readers)) {
            const [first, same, other] = await Promise.all(
                [KEY, KEY, "another"].map((key) => planned(() => toApm(transport as "otlp" | "collector", key))),
            );
            const changed = (plan: Plan) =>
                plan.resources.filter(
                    ({ inputs, urn }) => JSON.stringify(inputs) !== JSON.stringify(find(first!, urn).inputs),
                );
            assert.deepEqual(changed(same!), []);
            assert.deepEqual(
                changed(other!).map(({ name }) => name),
                [reader],
            );
            const annotation = at(valuesOf(other!, reader), "podAnnotations", "oke-mesh/apm-key");
            assert.match(String(annotation), /^[0-9a-f]{8}$/);
        }
    });

    // 32 bits: among 10^24 possible keys, some 10^14 have the same fingerprint.
    it("cannot be told from its fingerprint, which is no secret", async () => {
        const output = fingerprint(pulumi.secret(KEY));
        assert.match(await resolved(output), /^[0-9a-f]{8}$/);
        assert.equal(await pulumi.isSecret(output), false);
    });
});

describe("the mesh's Telemetry", () => {
    it("is one object for tracing and logging", async () => {
        const plan = await planned(() => toApm("otlp"), "response.code >= 400");
        const { inputs } = one(plan, "Telemetry");
        assert.deepEqual(inputs.metadata, { name: "mesh-default", namespace: "istio-system" });
        assert.deepEqual(at(inputs.spec, "accessLogging"), [
            { providers: [{ name: "envoy" }], filter: { expression: "response.code >= 400" } },
        ]);
        assert.ok(at(inputs.spec, "tracing", 0));
    });

    it("only filters the access log where nothing is traced", async () => {
        const plan = await planned(() => args, "response.code >= 400");
        assert.deepEqual(Object.keys(specOf(plan, "Telemetry") as object), ["accessLogging"]);
    });

    it("is not there if nobody asks for anything, and istiod's values are what they were", async () => {
        const plan = await planned(() => args);
        assert.deepEqual(
            [...ofType(plan, "Telemetry"), ...ofType(plan, "MeshTelemetry"), ...ofType(plan, "Secret")],
            [],
        );
        const untraced = await record({}, () => void new ControlPlane("istio", controlPlaneArgs, {}));
        assert.deepEqual(valuesOf(plan, "istio-istiod"), valuesOf(untraced, "istio-istiod"));
        assert.deepEqual(
            Object.keys(istiodValues(controlPlaneArgs)).filter((key) => /envVarFrom|Annotations/.test(key)),
            [],
        );
    });

    const cases = [
        ...TRANSPORTS.map((transport): [string, () => TracingArgs] => [transport, () => toApm(transport)]),
        ...BACKENDS.map((backend): [string, () => TracingArgs] => [`backend ${backend}`, () => ({ ...args, backend })]),
    ];
    for (const [name, what] of cases) {
        it(`and all it needs is valid by Istio's schema and comes after istiod: ${name}`, async () => {
            const plan = await planned(what, "response.code >= 400");
            const objects = plan.resources.filter(({ type }) => /istio\.io\//.test(type));
            assert.ok(objects.length > 0);
            for (const object of objects) {
                assert.deepEqual(validateIstio(object.inputs as unknown as IstioObject), []);
                assert.equal(dependsOn(plan, object, one(plan, "Release", "istio-istiod")), true);
            }
        });
    }
});

function find(plan: Plan, urn: string): Resource {
    return plan.resources.find((resource) => resource.urn === urn)!;
}

/** Paths of the values that a plan does not show. */
function hiddenPaths(value: unknown, path: string[] = []): string[] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    return at(value, "$secret") === true
        ? [path.join(".")]
        : Object.entries(value).flatMap(([key, inner]) => hiddenPaths(inner, [...path, key]));
}
