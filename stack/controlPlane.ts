import type { ControlPlaneArgs } from "../components/istio/controlPlane";
import type { TracingPlan } from "../components/istio/tracing/tracingPlan";
import type { Settings } from "../config/schema";

/** The control plane as the settings describe it. */
export function controlPlaneArgs({ istio, egress }: Settings, tracing: TracingPlan): ControlPlaneArgs {
    return {
        ...istio,
        meshConfig: { ...istio.meshConfig, outboundTrafficPolicy: egress.mode },
        bypass: egress.bypass,
        tracing: tracing.istiod,
    };
}
