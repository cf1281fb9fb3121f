import { at, isHidden, isUnknown, type Resource } from "../model";
import { shortType } from "../query";

/**
 * What a reader wants to know about a resource besides its name, in a few words, by the last part of its type.
 * A kind that is not listed shows its name alone.
 */
const factsByKind: Record<string, (inputs: unknown) => unknown[]> = {
    Vcn: (inputs) => [list(at(inputs, "cidrBlocks"))],
    Subnet: (inputs) => [at(inputs, "cidrBlock"), at(inputs, "prohibitPublicIpOnVnic") ? "private" : "public"],
    RouteTable: (inputs) => [count(at(inputs, "routeRules"), "rule")],
    Cluster: (inputs) => [
        at(inputs, "kubernetesVersion"),
        lower(at(inputs, "type")),
        endpointFact(at(inputs, "endpointConfig", "isPublicIpEnabled")),
        at(inputs, "clusterPodNetworkOptions", 0, "cniType"),
    ],
    NodePool: (inputs) => [
        at(inputs, "nodeShape"),
        suffixed(at(inputs, "nodeShapeConfig", "ocpus"), " OCPU"),
        suffixed(at(inputs, "nodeShapeConfig", "memoryInGbs"), " GB"),
        suffixed(at(inputs, "nodeConfigDetails", "size"), " nodes"),
        at(inputs, "kubernetesVersion"),
        prefixed("image ", at(inputs, "nodeSourceDetails", "imageId")),
    ],
    ApmDomain: (inputs) => [at(inputs, "isFreeTier") ? "always free" : undefined],
    Log: (inputs) => [lower(at(inputs, "logType")), suffixed(at(inputs, "retentionDuration"), " days")],
    Alarm: (inputs) => [lower(at(inputs, "severity")), at(inputs, "query")],
    Release: (inputs) => [
        basename(at(inputs, "chart")),
        at(inputs, "version"),
        prefixed("in ", at(inputs, "namespace")),
        prefixed("from ", withoutScheme(at(inputs, "repositoryOpts", "repo"))),
    ],
    Namespace: (inputs) => [
        at(inputs, "metadata", "labels", "istio-injection") === "enabled" ? "sidecar injection" : undefined,
        prefixed("revision ", at(inputs, "metadata", "labels", "istio.io/rev")),
        prefixed("pods ", at(inputs, "metadata", "labels", "pod-security.kubernetes.io/enforce")),
    ],
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
    Gateway: (inputs) => [
        items(at(inputs, "spec", "servers"))
            .map(serverFact)
            .join("; "),
    ],
    VirtualService: (inputs) => [list(at(inputs, "spec", "hosts")), count(at(inputs, "spec", "http"), "route")],
    DestinationRule: (inputs) => [
        at(inputs, "spec", "host"),
        prefixed("subsets ", list(items(at(inputs, "spec", "subsets")).map((subset) => at(subset, "name")))),
    ],
    ServiceEntry: (inputs) => [list(at(inputs, "spec", "hosts"))],
    PeerAuthentication: (inputs) => [at(inputs, "spec", "mtls", "mode")],
    AuthorizationPolicy: (inputs) => [
        at(inputs, "spec", "action") ?? "ALLOW",
        count(at(inputs, "spec", "rules"), "rule"),
    ],
    NetworkSecurityGroupSecurityRule: (inputs) => [lower(at(inputs, "direction"))],
};

/** The facts worth showing beside a resource's name. Unknown values say how they become known. */
export function factsOf(resource: Resource): string[] {
    const facts = factsByKind[shortType(resource.type)]?.(resource.inputs) ?? [];
    return facts.filter((fact) => fact !== undefined && fact !== "" && fact !== null).map(text);
}

/** What Pulumi is told to do with the resource later on. */
export function careOf(resource: Resource): string[] {
    return [
        resource.protect ? "protected" : "",
        resource.retainOnDelete ? "kept on delete" : "",
        resource.importId ? `imports ${resource.importId}` : "",
    ].filter(Boolean);
}

/** A port and its hosts, such as `80 HTTP for bookinfo.example.com`. */
export function serverFact(server: unknown): string {
    const port = [at(server, "port", "number"), at(server, "port", "protocol")].filter((part) => part !== undefined);
    return `${port.map(text).join(" ")} for ${list(at(server, "hosts")) || "no host"}`;
}

function endpointFact(isPublic: unknown): string | undefined {
    return typeof isPublic === "boolean" ? `${isPublic ? "public" : "private"} endpoint` : undefined;
}

/** A value in words, on one line. */
export function text(value: unknown): string {
    if (isHidden(value)) {
        return "[secret]";
    }
    if (isUnknown(value)) {
        return value.$unknown.length > 0 ? "known after apply" : "looked up";
    }
    return typeof value === "string" ? value : JSON.stringify(value);
}

/** The array at a place, empty where there is none or it is unknown. */
export function items(value: unknown): unknown[] {
    return Array.isArray(value) ? value : [];
}

function list(value: unknown): string {
    return Array.isArray(value) ? value.map(text).join(", ") : value === undefined ? "" : text(value);
}

function count(value: unknown, noun: string): string | undefined {
    return Array.isArray(value) ? plural(value.length, noun) : undefined;
}

/** `1 rule`, `2 rules`. */
export function plural(amount: number, noun: string): string {
    return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

function prefixed(prefix: string, value: unknown): string | undefined {
    return value === undefined || value === "" ? undefined : prefix + text(value);
}

function suffixed(value: unknown, suffix: string): string | undefined {
    return value === undefined ? undefined : text(value) + suffix;
}

function lower(value: unknown): unknown {
    return typeof value === "string" ? value.toLowerCase().replaceAll("_", " ") : value;
}

function withoutScheme(value: unknown): unknown {
    return typeof value === "string" ? value.replace(/^https:\/\//, "") : value;
}

function basename(value: unknown): unknown {
    return typeof value === "string" ? value.slice(value.lastIndexOf("/") + 1) : value;
}
