import { createHash } from "node:crypto";
import { Service } from "@pulumi/kubernetes/core/v1";
import type { Release } from "@pulumi/kubernetes/helm/v3";
import * as pulumi from "@pulumi/pulumi";
import { mergedValues } from "../helmRelease";
import type { Resources } from "../resources";
import type { AddonArgs } from "./addon";
import { TRACES_IN_MEMORY, tracingAddon } from "./traceViewer";

/** Where proxies send spans to, and the page that shows them. */
export const JAEGER = {
    collector: { service: "jaeger-collector", grpcPort: 4317, httpPort: 4318 },
    queryPort: 16686,
    queryGrpcPort: 16685,
} as const;

/**
 * The values of Jaeger's chart that this program sets.
 * https://github.com/jaegertracing/helm-charts/blob/jaeger-4.11.1/charts/jaeger/values.yaml
 */
export interface JaegerValues {
    jaeger: { image: { registry: string }; resources: Resources; podLabels: Record<string, string> };
    userconfig: JaegerConfig;
}

/** Jaeger's own configuration. https://github.com/jaegertracing/jaeger/tree/main/cmd/jaeger */
interface JaegerConfig {
    service: {
        extensions: string[];
        pipelines: { traces: { receivers: string[]; exporters: string[] } };
        telemetry: object;
    };
    extensions: {
        healthcheckv2: { use_v2: boolean; http: { endpoint: string } };
        jaeger_query: { storage: { traces: string } };
        jaeger_storage: { backends: Record<string, { memory: { max_traces: number } }> };
    };
    receivers: { otlp: { protocols: { grpc: { endpoint: string }; http: { endpoint: string } } } };
    exporters: { jaeger_storage_exporter: { trace_storage: string } };
}

/** What the chart's pod carries, given that the release is called `jaeger`. */
const SELECTOR = {
    "app.kubernetes.io/name": "jaeger",
    "app.kubernetes.io/instance": "jaeger",
    "app.kubernetes.io/component": "all-in-one",
};

/** Jaeger in one pod, with traces in its memory, under the Service names of Istio's samples. */
export function jaeger(
    name: string,
    args: AddonArgs,
    namespace: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
): Release {
    const { version, resources, extraValues = {} } = args;
    const values = withConfigLabel(jaegerValues(resources), extraValues);
    const query = { pagePort: JAEGER.queryPort, grpcPort: JAEGER.queryGrpcPort };
    const release = tracingAddon(
        name,
        { addon: "jaeger", namespace, version, values, extraValues, selector: SELECTOR, ...query },
        opts,
    );
    const { service, grpcPort, httpPort } = JAEGER.collector;
    const ports = [
        { name: "grpc-otlp", port: grpcPort, targetPort: grpcPort, appProtocol: "grpc" },
        { name: "http-otlp", port: httpPort, targetPort: httpPort, appProtocol: "http" },
    ];
    new Service(
        `${name}-collector`,
        { metadata: { name: service, namespace }, spec: { selector: SELECTOR, ports } },
        pulumi.mergeOptions(opts, { dependsOn: release }),
    );
    return release;
}

/**
 * The values with a label that changes with Jaeger's configuration, so that the pod restarts with it. The chart mounts the
 * files by `subPath`, where a running pod never sees a change, and takes labels of pods but no annotations.
 */
function withConfigLabel(values: JaegerValues, extraValues: Record<string, unknown>): JaegerValues {
    const { userconfig, uiconfig } = mergedValues(values, extraValues) as { userconfig: unknown; uiconfig?: unknown };
    const hash = createHash("sha256")
        .update(JSON.stringify([userconfig, uiconfig]))
        .digest("hex")
        .slice(0, 8);
    return { ...values, jaeger: { ...values.jaeger, podLabels: { "oke-mesh/config": hash } } };
}

function jaegerValues(resources: Resources = TRACES_IN_MEMORY): JaegerValues {
    const { grpcPort, httpPort } = JAEGER.collector;
    const everywhere = (port: number) => ({ endpoint: `0.0.0.0:${port}` });
    return {
        jaeger: {
            // Without a registry, which is the chart's default, CRI-O from 1.34 on refuses the image.
            image: { registry: "docker.io" },
            resources,
            podLabels: {},
        },
        userconfig: {
            service: {
                extensions: ["jaeger_storage", "jaeger_query", "healthcheckv2"],
                pipelines: { traces: { receivers: ["otlp"], exporters: ["jaeger_storage_exporter"] } },
                telemetry: {
                    resource: { "service.name": "jaeger" },
                    // The chart's annotations send Prometheus here.
                    metrics: { readers: [{ pull: { exporter: { prometheus: { host: "0.0.0.0", port: 8888 } } } }] },
                },
            },
            extensions: {
                healthcheckv2: { use_v2: true, http: everywhere(13133) },
                jaeger_query: { storage: { traces: "primary_store" } },
                // The oldest trace makes room. Jaeger's default, five times as many, may take more memory than the limit.
                jaeger_storage: { backends: { primary_store: { memory: { max_traces: 20_000 } } } },
            },
            receivers: { otlp: { protocols: { grpc: everywhere(grpcPort), http: everywhere(httpPort) } } },
            exporters: { jaeger_storage_exporter: { trace_storage: "primary_store" } },
        },
    };
}
