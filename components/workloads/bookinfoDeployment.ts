import { ANNOTATIONS } from "../annotations";
import type { input } from "@pulumi/kubernetes/types";
import type * as pulumi from "@pulumi/pulumi";
import { spreadOverNodes } from "../replicas";
import { sidecarBootstrap } from "../istio/tracing/bootstrap";
import type { BookinfoArgs } from "./bookinfo";
import { BOOKINFO_PORT, type BookinfoService, type BookinfoVersion } from "./bookinfoServices";
import { restrictedContainer, restrictedPod } from "./hardened";

/** How one version of one Bookinfo service runs. */
export function bookinfoDeploymentSpec(
    service: BookinfoService,
    { version, scratchDirectories, environment = {} }: BookinfoVersion,
    serviceAccountName: pulumi.Input<string>,
    args: BookinfoArgs,
): input.apps.v1.DeploymentSpec {
    const labels = { app: service.name, version };
    const volumes = scratchDirectories.map((path) => ({ name: path.split("/").at(-1) ?? "", path }));
    return {
        replicas: args.replicas,
        selector: { matchLabels: labels },
        template: {
            metadata: {
                labels,
                annotations: {
                    ...service.podAnnotations,
                    [ANNOTATIONS.istioVersion]: args.istioVersion,
                    ...(args.proxyBootstrap && sidecarBootstrap(args.proxyBootstrap)),
                    ...args.podAnnotations?.(service.name),
                },
            },
            spec: {
                serviceAccountName,
                // Bookinfo never calls the Kubernetes API; the sidecar has a token of its own.
                automountServiceAccountToken: false,
                imagePullSecrets: args.imagePullSecrets.map((name) => ({ name })),
                topologySpreadConstraints: spreadOverNodes({ min: args.replicas, max: args.replicas }, labels),
                securityContext: restrictedPod,
                containers: [
                    {
                        name: service.name,
                        image: imageOf(`${service.name}-${version}`, args),
                        imagePullPolicy: "IfNotPresent",
                        ports: [{ name: "http", containerPort: BOOKINFO_PORT }],
                        env: Object.entries(environment).map(([name, value]) => ({ name, value })),
                        ...probes,
                        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
                        securityContext: restrictedContainer,
                        volumeMounts: volumes.map(({ name, path }) => ({ name, mountPath: path })),
                    },
                ],
                volumes: volumes.map(({ name }) => ({ name, emptyDir: {} })),
            },
        },
    };
}

function imageOf(name: string, { hub, tag, digests = {} }: BookinfoArgs): string {
    const digest = digests[name];
    return `${hub}/examples-bookinfo-${name}${digest === undefined ? `:${tag}` : `@${digest}`}`;
}

const health = { httpGet: { path: "/health", port: "http" } };

/** Reviews takes most of a minute to start on small nodes, so starting and living are judged apart. */
const probes = {
    startupProbe: { ...health, periodSeconds: 2, failureThreshold: 90 },
    readinessProbe: { ...health, periodSeconds: 10 },
    livenessProbe: { ...health, periodSeconds: 20, failureThreshold: 3 },
};
