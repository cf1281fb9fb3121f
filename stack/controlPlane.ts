import { authorizerProvider } from "../components/istio/authorizers";
import type { ControlPlaneArgs } from "../components/istio/controlPlaneArgs";
import type { TracingPlan } from "../components/istio/tracing/tracingPlan";
import type { Settings } from "../config/schema";
import { hasAddons } from "./addons";

/** The control plane as the settings describe it. */
export function controlPlaneArgs(settings: Settings, tracing: TracingPlan): ControlPlaneArgs {
    const { istio, egress, security } = settings;
    const authorizers = Object.entries(security.authorization.providers);
    return {
        ...istio,
        meshConfig: { ...istio.meshConfig, outboundTrafficPolicy: egress.mode },
        bypass: egress.bypass,
        tracing: tracing.istiod,
        authorizers: authorizers.map(([name, authorizer]) => authorizerProvider(name, authorizer)),
        networkPolicies: security.networkPolicies.enabled,
        // Charts of add-ons make pods of their own kinds in this namespace; the mesh itself needs no more than this.
        podSecurity: hasAddons(settings) || tracing.collector ? "baseline" : "restricted",
    };
}
