import { at, isMap, type Plan } from "../../model";
import { isKubernetes, isManaged } from "../../query";
import { items, text } from "../facts";
import { kubernetesObject } from "../manifests";

export type KubernetesObject = Record<string, unknown>;

/** Where policies are for the whole mesh. */
export const ROOT_NAMESPACE = "istio-system";

/** The plan's Kubernetes objects that say something of security, read once. */
export interface SecurityObjects {
    authorization: KubernetesObject[];
    peers: KubernetesObject[];
    authentication: KubernetesObject[];
    deployments: KubernetesObject[];
    gateways: KubernetesObject[];
    /** Of the Kubernetes Gateway API. */
    apiGateways: KubernetesObject[];
    httpRoutes: KubernetesObject[];
    ingresses: KubernetesObject[];
    namespaces: KubernetesObject[];
}

export function securityObjects(plan: Plan): SecurityObjects {
    const all = plan.resources
        .filter((resource) => isKubernetes(resource) && isManaged(resource))
        .map(kubernetesObject);
    const ofKind = (kind: string, group = "") =>
        all.filter((object) => object.kind === kind && word(object.apiVersion).startsWith(group));
    return {
        authorization: ofKind("AuthorizationPolicy", "security.istio.io/"),
        peers: ofKind("PeerAuthentication"),
        authentication: ofKind("RequestAuthentication"),
        deployments: ofKind("Deployment"),
        gateways: ofKind("Gateway", "networking.istio.io/"),
        apiGateways: ofKind("Gateway", "gateway.networking.k8s.io/"),
        httpRoutes: ofKind("HTTPRoute"),
        ingresses: ofKind("Ingress"),
        namespaces: ofKind("Namespace"),
    };
}

/** A value that should be a text, as one. */
export function word(value: unknown, otherwise = ""): string {
    return value === undefined ? otherwise : text(value);
}

export function nameOf(object: KubernetesObject): string {
    return word(at(object, "metadata", "name"));
}

export function namespaceOf(object: KubernetesObject): string {
    return word(at(object, "metadata", "namespace"), "default");
}

/** The texts at a place; undefined where there is no list. */
export function texts(object: unknown, ...path: (string | number)[]): string[] | undefined {
    const found = at(object, ...path);
    return Array.isArray(found) ? items(found).map((item) => word(item)) : undefined;
}

/** The labels that a policy selects by; undefined if it takes all pods. */
export function selectorOf(policy: KubernetesObject): Record<string, string> | undefined {
    const labels = at(policy, "spec", "selector", "matchLabels");
    return isMap(labels) ? (labels as Record<string, string>) : undefined;
}
