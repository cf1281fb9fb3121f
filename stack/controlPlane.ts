import { authorizerProvider } from "../components/istio/authorizers";
import type { ControlPlaneArgs } from "../components/istio/controlPlaneArgs";
import type { TracingPlan } from "../components/istio/tracing/tracingPlan";
import type { Settings } from "../config/schema";
import { CANARY_TAG, canaryRevision, defaultRevision, IN_PLACE } from "../components/istio/revisions";
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

/** Which istiod injects the sidecars of a namespace, and what is new for its pods when that is another one. */
export function sidecarsIn(istio: Settings["istio"], namespace: string): { injectedBy?: string; istioVersion: string } {
    const isCanary = istio.canary?.namespaces.includes(namespace) ?? false;
    const { name, version } = isCanary ? canaryRevision(istio) : defaultRevision(istio);
    const istioVersion = name === IN_PLACE ? version : `${version} (${name})`;
    return isCanary ? { injectedBy: CANARY_TAG, istioVersion } : { istioVersion };
}

/** Which istiod serves the gateways. By its revision, since a tag would restart them again when the rest has followed. */
export function gatewayRevision(istio: Settings["istio"]): { revision?: string; version: string } {
    const { name, version } = istio.canary?.gateways ? canaryRevision(istio) : defaultRevision(istio);
    return name === IN_PLACE ? { version } : { revision: name, version };
}
