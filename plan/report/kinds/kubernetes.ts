import { at } from "../../model";
import { basename, items, list, prefixed, suffixed, text, withoutScheme } from "../../words";
import type { Facts } from "./facts";

const namespaceFacts: Facts[string] = (inputs) => [
    at(inputs, "metadata", "labels", "istio-injection") === "enabled" ? "sidecar injection" : undefined,
    prefixed("revision ", at(inputs, "metadata", "labels", "istio.io/rev")),
    prefixed("pods ", at(inputs, "metadata", "labels", "pod-security.kubernetes.io/enforce")),
];

export const kubernetesFacts: Facts = {
    Release: (inputs) => [
        basename(at(inputs, "chart")),
        at(inputs, "version"),
        prefixed("in ", at(inputs, "namespace")),
        prefixed("from ", withoutScheme(at(inputs, "repositoryOpts", "repo"))),
    ],
    ConfigFile: (inputs) => [prefixed("all that is in ", at(inputs, "file"))],
    Namespace: namespaceFacts,
    NamespacePatch: (inputs) => ["existing,", ...namespaceFacts(inputs)],
    MutatingWebhookConfiguration: (inputs) => [prefixed("revision ", at(inputs, "metadata", "labels", "istio.io/rev"))],
    Deployment: (inputs) => [
        at(inputs, "spec", "replicas") === 1 ? undefined : prefixed("×", at(inputs, "spec", "replicas")),
        ...items(at(inputs, "spec", "template", "spec", "containers")).map((item) => basename(at(item, "image"))),
    ],
    Service: (inputs) => [
        at(inputs, "spec", "type"),
        list(items(at(inputs, "spec", "ports")).map((port) => at(port, "port"))),
    ],
    HorizontalPodAutoscaler: (inputs) => [
        `${text(at(inputs, "spec", "minReplicas") ?? 1)}–${text(at(inputs, "spec", "maxReplicas"))} pods`,
    ],
    PodDisruptionBudget: (inputs) => [
        prefixed("at least ", at(inputs, "spec", "minAvailable")),
        prefixed("at most ", suffixed(at(inputs, "spec", "maxUnavailable"), " away")),
    ],
};
