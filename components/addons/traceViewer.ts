import { Service } from "@pulumi/kubernetes/core/v1";
import type { Release } from "@pulumi/kubernetes/helm/v3";
import * as pulumi from "@pulumi/pulumi";
import type { Resources } from "../resources";
import { addonRelease } from "./addon";

/** Where Kiali and users find whichever tracing add-on is on. Named as in Istio's samples. */
export const TRACE_VIEWER = { service: "tracing", port: 80, grpcPort: 16685 } as const;

/** Requests and limits of a pod that keeps traces in its memory. */
export const TRACES_IN_MEMORY: Resources = {
    requests: { cpu: "100m", memory: "256Mi" },
    limits: { memory: "1Gi" },
};

/** A tracing add-on that is one pod. */
export interface TracingAddonArgs<Values extends object> {
    addon: "jaeger" | "zipkin";
    namespace: pulumi.Input<string>;
    values: Values;
    /** Version of the chart. @default the one this program is built for */
    version?: string;
    /** Chart values that no argument covers. @default none */
    extraValues?: Record<string, unknown>;
    /** Labels of the pod that the chart makes. */
    selector: Record<string, string>;
    /** Port of the page that shows traces. */
    pagePort: number;
    /** Port at which traces are queried over gRPC. @default none */
    grpcPort?: number;
}

/** The release of a tracing add-on, and the Service that its page is found at. */
export function tracingAddon<Values extends object>(
    name: string,
    { addon, namespace, version, values, extraValues, selector, pagePort, grpcPort }: TracingAddonArgs<Values>,
    opts: pulumi.CustomResourceOptions,
): Release {
    const release = addonRelease(name, addon, { namespace, version, values, extraValues }, opts);
    const ports = [
        { name: "http-query", port: TRACE_VIEWER.port, targetPort: pagePort },
        ...(grpcPort === undefined
            ? []
            : [{ name: "grpc-query", port: TRACE_VIEWER.grpcPort, targetPort: grpcPort, appProtocol: "grpc" }]),
    ];
    const metadata = { name: TRACE_VIEWER.service, namespace };
    new Service(
        `${name}-query`,
        { metadata, spec: { selector, ports } },
        pulumi.mergeOptions(opts, { dependsOn: release }),
    );
    return release;
}
