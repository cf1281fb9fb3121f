import type {
    AuthorizationPolicySpec,
    PeerAuthenticationSpec,
    WorkloadSelector,
} from "../../../components/istio/api/specs";
import type { Plan } from "../../model";
import { kubernetesObjects, type Planned } from "../objects";

export type AuthorizationPolicy = Planned<AuthorizationPolicySpec>;
export type PeerAuthentication = Planned<PeerAuthenticationSpec>;

export type SecurityObjects = ReturnType<typeof securityObjects>;

/** The plan's Kubernetes objects that matter for security, read once. */
export function securityObjects(plan: Plan) {
    const ofKind = kubernetesObjects(plan);
    return {
        authorization: ofKind("security.istio.io/AuthorizationPolicy"),
        peers: ofKind("security.istio.io/PeerAuthentication"),
        authentication: ofKind("security.istio.io/RequestAuthentication"),
        deployments: ofKind("apps/Deployment"),
        serviceEntries: ofKind("networking.istio.io/ServiceEntry"),
        virtualServices: ofKind("networking.istio.io/VirtualService"),
        /** cert-manager's Certificates. */
        certificates: ofKind("cert-manager.io/Certificate"),
        namespaces: ofKind("/Namespace"),
        envoyFilters: ofKind("networking.istio.io/EnvoyFilter"),
    };
}

/** The labels that a policy selects by; undefined if it takes all pods. */
export function selectorOf({ spec }: Planned<{ selector?: WorkloadSelector }>): Record<string, string> | undefined {
    return spec.selector?.matchLabels;
}
