import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { DestinationRule, ServiceEntry, Telemetry, type TelemetrySpec } from "./api";
import { originateTls } from "./originateTls";
import { externalHost, SPANS_PORT } from "./tracing/apm";
import { collectorRelease } from "./tracing/collector";
import type { TracingPlan } from "./tracing/tracingPlan";

/** Arguments of `MeshTelemetry`. */
export interface MeshTelemetryArgs {
    /** Namespace of the control plane: what stands there holds for the whole mesh. */
    namespace: pulumi.Input<string>;
    /** How spans travel: a `tracingPlan`. */
    tracing: TracingPlan;
    /** Which requests proxies log, as a CEL expression. @default all */
    accessLogFilter?: string;
}

/**
 * What all proxies trace and log, and the way spans take out of the cluster. Make one only if `meshTelemetrySpec` asks for
 * something: proxies log every request by themselves.
 * Guide: "Configuring Istio to Send Traces to APM", "Observing Logs with OCI Logging".
 *
 * @example
 * ```ts
 * const tracing = tracingPlan({ backend: "apm", apm, sampling: 10 });
 * const istio = new ControlPlane("istio", { tracing: tracing.istiod }, { provider });
 * new MeshTelemetry("telemetry", { namespace: istio.namespace, tracing }, { provider, dependsOn: istio });
 * ```
 */
export class MeshTelemetry extends Component {
    constructor(name: string, args: MeshTelemetryArgs, opts?: pulumi.ComponentResourceOptions) {
        super("istio:MeshTelemetry", name, opts);

        const { tracing, namespace } = args;
        const way: pulumi.Resource[] = [];
        if (tracing.host !== undefined) {
            // In this namespace both count for proxies of all namespaces.
            const metadata = { name: "tracing-backend", namespace };
            const { host } = tracing;
            way.push(
                new ServiceEntry(`${name}-host`, { metadata, spec: externalHost(host) }, this.childOptions),
                new DestinationRule(
                    `${name}-tls`,
                    { metadata, spec: originateTls(host, [SPANS_PORT]) },
                    this.childOptions,
                ),
            );
        }
        if (tracing.collector) {
            way.push(collectorRelease(`${name}-collector`, tracing.collector, namespace, this.childOptions));
        }
        const spec = meshTelemetrySpec(args);
        if (spec) {
            // Istio takes one Telemetry without a selector per namespace, so tracing and logging share it.
            const metadata = { name: "mesh-default", namespace };
            new Telemetry(`${name}-default`, { metadata, spec }, this.after(...way));
        }
        this.registerOutputs({});
    }
}

/** What the mesh's Telemetry says; undefined if there is nothing to say. */
export function meshTelemetrySpec({
    tracing,
    accessLogFilter,
}: Pick<MeshTelemetryArgs, "tracing" | "accessLogFilter">): TelemetrySpec | undefined {
    if (!tracing.telemetry && accessLogFilter === undefined) {
        return undefined;
    }
    return {
        ...(tracing.telemetry && { tracing: [tracing.telemetry] }),
        // `envoy` is the log of meshConfig, with its place and format.
        ...(accessLogFilter !== undefined && {
            accessLogging: [{ providers: [{ name: "envoy" }], filter: { expression: accessLogFilter } }],
        }),
    };
}
