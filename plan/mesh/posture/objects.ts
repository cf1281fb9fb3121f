import { at, isMap, type Plan } from "../../model";
import { kubernetesObjects, type KubernetesObject } from "../objects";

/** Where policies are for the whole mesh. */
export const ROOT_NAMESPACE = "istio-system";

/** The plan's Kubernetes objects that say something of security, read once. */
export interface SecurityObjects {
    authorization: KubernetesObject[];
    peers: KubernetesObject[];
    authentication: KubernetesObject[];
    deployments: KubernetesObject[];
    serviceEntries: KubernetesObject[];
    virtualServices: KubernetesObject[];
    secrets: KubernetesObject[];
    /** Of cert-manager. */
    certificates: KubernetesObject[];
    namespaces: KubernetesObject[];
}

export function securityObjects(plan: Plan): SecurityObjects {
    const ofKind = kubernetesObjects(plan);
    return {
        authorization: ofKind("AuthorizationPolicy", "security.istio.io/"),
        peers: ofKind("PeerAuthentication"),
        authentication: ofKind("RequestAuthentication"),
        deployments: ofKind("Deployment"),
        serviceEntries: ofKind("ServiceEntry"),
        virtualServices: ofKind("VirtualService"),
        secrets: ofKind("Secret"),
        certificates: ofKind("Certificate", "cert-manager.io/"),
        namespaces: ofKind("Namespace"),
    };
}

/** The labels that a policy selects by; undefined if it takes all pods. */
export function selectorOf(policy: KubernetesObject): Record<string, string> | undefined {
    const labels = at(policy, "spec", "selector", "matchLabels");
    return isMap(labels) ? (labels as Record<string, string>) : undefined;
}
