import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { tracingPlan, type TracingArgs } from "../../../../components/istio/tracing/tracingPlan";
import { at, type Plan } from "../../../../plan/model";
import { dependsOn, ofType, one } from "../../../../plan/query";
import { HOST, KEY, istiod, planned, resolved, specOf, toApm, valuesOf, zipkinPath } from "./support";

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
            collector_endpoint: zipkinPath("private-span", KEY),
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
        const secrets = ofType(plan, "Secret");
        const placed = secrets.map(({ inputs }) => [
            at(inputs, "metadata", "namespace"),
            at(inputs, "metadata", "name"),
        ]);
        assert.deepEqual(placed.sort(), [
            ["bookinfo", "istio-custom-bootstrap"],
            ["istio-system", "istio-custom-bootstrap"],
        ]);
        const [gateway, bookinfo] = ["gateway-bootstrap", "bookinfo-bootstrap"].map((name) =>
            one(plan, "Secret", name),
        );
        assert.equal(dependsOn(plan, one(plan, "Release", "gateway-release"), gateway!), true);
        for (const deployment of ofType(plan, "Deployment")) {
            assert.equal(dependsOn(plan, deployment, bookinfo!), true, deployment.name);
        }
    });

    it("is mounted into the sidecars of all six Deployments and into the gateway, which are told of it", () => {
        const volume = { secret: { secretName: "istio-custom-bootstrap" } };
        const mount = { mountPath: "/etc/istio/apm-bootstrap", readOnly: true };
        const told = { ISTIO_BOOTSTRAP_OVERRIDE: "/etc/istio/apm-bootstrap/custom_bootstrap.json" };
        const sidecars = ofType(plan, "Deployment").map(({ inputs }) =>
            ["sidecar.istio.io/userVolume", "sidecar.istio.io/userVolumeMount", "proxy.istio.io/config"].map(
                (name) =>
                    JSON.parse(at(inputs, "spec", "template", "metadata", "annotations", name) as string) as unknown,
            ),
        );
        const expected = [{ "apm-bootstrap": volume }, { "apm-bootstrap": mount }, { proxyMetadata: told }];
        assert.deepEqual(
            sidecars,
            Array.from({ length: 6 }, () => expected),
        );
        const { env, volumes, volumeMounts } = valuesOf(plan, "gateway-release") as Record<string, unknown>;
        const name = "apm-bootstrap";
        assert.deepEqual([env, volumes, volumeMounts], [told, [{ name, ...volume }], [{ name, ...mount }]]);
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
