import { ANNOTATIONS } from "../annotations";
import { ISTIO_VERSION } from "../istio/versions";
import type { input } from "@pulumi/kubernetes/types";
import type * as pulumi from "@pulumi/pulumi";
import { ANSWERS_UNTIL_KNOWN, NEW_BEFORE_OLD } from "./graceful";
import { restrictedContainer, restrictedPod } from "./hardened";

/** Where clients stand that are not part of the mesh. */
export const LEGACY_NAMESPACE = "legacy";

/** The guide's clients. */
export type ClientName = "curl" | "httpbin" | "fortio";

/** A workload that sends requests, or answers them. */
export interface Client {
    /** Name of its Deployment, Service and ServiceAccount. */
    name: ClientName;
    /** Image with tag. */
    image: string;
    /** Command instead of the image's own. @default the image's own */
    command?: string[];
    /** Port of its Service. */
    service: {
        /** Its name, which begins with the protocol. */
        name: string;
        /** Its number. */
        port: number;
    };
    /** Port that its container listens at. @default none: it listens nowhere */
    containerPort?: number;
    /** Label `version` of its pods. @default none */
    version?: string;
    /** Annotations of its pods. @default none */
    podAnnotations?: Record<string, string>;
}

/**
 * The current form of the samples that the guide applies: `samples/sleep` is now `samples/curl`, and httpbin is a rewrite in
 * Go that listens on 8080. https://github.com/istio/istio/tree/release-1.31/samples
 */
export const CLIENTS: Record<ClientName, Client> = {
    curl: {
        name: "curl",
        image: "docker.io/curlimages/curl:8.16.0",
        command: ["/bin/sleep", "infinity"],
        // Nothing listens there; the Service gives the workload its name in the mesh.
        service: { name: "http", port: 80 },
    },
    httpbin: {
        name: "httpbin",
        image: "docker.io/mccutchen/go-httpbin:v2.15.0",
        service: { name: "http", port: 8000 },
        containerPort: 8080,
        version: "v1",
    },
    fortio: {
        name: "fortio",
        image: "docker.io/fortio/fortio:1.69.5",
        service: { name: "http", port: 8080 },
        containerPort: 8080,
        podAnnotations: {
            // Proxies leave most counters out; the guide reads `upstream_rq_pending_overflow` here.
            "proxy.istio.io/config": JSON.stringify({
                proxyStatsMatcher: { inclusionPrefixes: ["cluster.outbound", "listener_manager", "server"] },
            }),
        },
    },
};

/** What all of their pods have in common. */
export interface ClientPodArgs {
    /** Image pull Secrets that exist in the namespaces. @default none */
    imagePullSecrets?: string[];
    /** Version of the mesh; a change restarts the pods, so that their sidecars follow. @default ISTIO_VERSION */
    istioVersion?: string;
    /** Further annotations of a client's pods. @default none */
    podAnnotations?: (client: string) => Record<string, string>;
}
/** What runs without sidecars as well. */
export const LEGACY_CLIENTS = ["curl", "httpbin"] as const;

export const CLIENT_NAMES = Object.keys(CLIENTS) as ClientName[];

export function clientDeploymentSpec(
    { name, image, command, containerPort, version, podAnnotations }: Client,
    serviceAccountName: pulumi.Input<string>,
    { imagePullSecrets = [], istioVersion = ISTIO_VERSION, podAnnotations: others }: ClientPodArgs,
): input.apps.v1.DeploymentSpec {
    const labels = { app: name };
    return {
        replicas: 1,
        strategy: NEW_BEFORE_OLD,
        selector: { matchLabels: labels },
        template: {
            metadata: {
                labels: { ...labels, ...(version && { version }) },
                annotations: {
                    ...podAnnotations,
                    [ANNOTATIONS.istioVersion]: istioVersion,
                    ...others?.(name),
                },
            },
            spec: {
                serviceAccountName,
                automountServiceAccountToken: false,
                imagePullSecrets: imagePullSecrets.map((secret) => ({ name: secret })),
                securityContext: restrictedPod,
                // A shell that sleeps does not hear the signal to end.
                terminationGracePeriodSeconds: command ? 0 : undefined,
                containers: [
                    {
                        name,
                        image,
                        command,
                        imagePullPolicy: "IfNotPresent",
                        ports: containerPort ? [{ name: "http", containerPort }] : undefined,
                        lifecycle: containerPort ? ANSWERS_UNTIL_KNOWN : undefined,
                        resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "256Mi" } },
                        securityContext: restrictedContainer,
                    },
                ],
            },
        },
    };
}
