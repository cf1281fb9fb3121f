import * as pulumi from "@pulumi/pulumi";
import { ControlPlane } from "../../../../components/istio/controlPlane";
import type { ControlPlaneArgs } from "../../../../components/istio/controlPlaneArgs";
import { IngressGateway } from "../../../../components/istio/ingressGateway";
import { MeshTelemetry, meshTelemetrySpec } from "../../../../components/istio/meshTelemetry";
import { tracingPlan, type TracingArgs } from "../../../../components/istio/tracing/tracingPlan";
import { Bookinfo } from "../../../../components/workloads/bookinfo";
import { at, type Plan } from "../../../../plan/model";
import { one } from "../../../../plan/query";
import { record } from "../../../../plan/record/record";

export const KEY = "2C6YOLQSUZ5Q7IGN";
export const HOST = "aaaabbbb.apm-agt.us-ashburn-1.oci.oraclecloud.com";
export const zipkinPath = (observation: string, key: string) =>
    `/20200101/observations/${observation}?dataFormat=zipkin&dataFormatVersion=2&dataKey=${key}`;

export const args: TracingArgs = { backend: "none", transport: "otlp", sampling: 5, customTags: {} };
export const TRANSPORTS = ["otlp", "collector", "zipkin", "bootstrap"] as const;
export const BACKENDS = ["jaeger", "zipkin"] as const;

/** To APM, with host and key as an APM domain gives them. */
export const toApm = (transport: TracingArgs["transport"], key = KEY): TracingArgs => ({
    ...args,
    backend: "apm",
    transport,
    apm: { uploadHost: pulumi.output(HOST), dataKey: pulumi.secret(key) },
});

export const controlPlaneArgs: ControlPlaneArgs = { version: "1.31.1" };

/** A mesh with Bookinfo, wired as index.ts does it. `what` is made inside the recording, where its outputs belong. */
export function planned(what: () => TracingArgs, accessLogFilter?: string): Promise<Plan> {
    return record({}, () => {
        const tracing = tracingPlan(what());
        const controlPlane = new ControlPlane("istio", { ...controlPlaneArgs, tracing: tracing.istiod }, {});
        const onMesh = { dependsOn: controlPlane };
        const { namespace } = controlPlane;
        if (meshTelemetrySpec({ tracing, accessLogFilter })) {
            new MeshTelemetry("telemetry", { namespace, tracing, accessLogFilter }, onMesh);
        }
        const { version } = controlPlaneArgs;
        const proxyBootstrap = tracing.bootstrap;
        new IngressGateway(
            "gateway",
            { serviceType: "ClusterIP", ports: [], version, namespace, proxyBootstrap },
            onMesh,
        );
        new Bookinfo("bookinfo", { istioVersion: version, proxyBootstrap }, onMesh);
    });
}

export const valuesOf = (plan: Plan, release: string) => one(plan, "Release", release).inputs.values;
export const istiod = (plan: Plan, ...path: string[]) => at(valuesOf(plan, "istio-istiod"), ...path);
export const specOf = (plan: Plan, kind: string) => one(plan, kind).inputs.spec;
export const resolved = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
