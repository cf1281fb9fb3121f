import { ANNOTATIONS } from "../annotations";
import type { input } from "@pulumi/kubernetes/types";
import type * as pulumi from "@pulumi/pulumi";
import type { WithDefaults } from "../defaults";
import { spreadOverNodes } from "../replicas";
import { sidecarBootstrap, type ProxyBootstrap } from "../istio/tracing/bootstrap";
import { BOOKINFO_TAG, IMAGE_HUB, ISTIO_VERSION } from "../istio/versions";
import { BOOKINFO_PORT, type BookinfoService, type BookinfoVersion } from "./bookinfoServices";
import { ANSWERS_UNTIL_KNOWN, NEW_BEFORE_OLD } from "./graceful";
import { restrictedContainer, restrictedPod } from "./hardened";

/** What all of its pods have in common. */
export interface BookinfoPodArgs {
    /** Registry path of the examples-bookinfo images, without tag. @default IMAGE_HUB */
    hub?: string;
    /** Tag of the images. @default BOOKINFO_TAG */
    tag?: string;
    /** Digests of images by name (`productpage-v1`), instead of `tag`. @default none */
    digests?: Record<string, string>;
    /** Image pull Secrets that exist in the namespace. @default none */
    imagePullSecrets?: string[];
    /** Replicas of each Deployment. From two on, with a PodDisruptionBudget and a spread over nodes. @default 1 */
    replicas?: number;
    /** Version of the mesh; a change restarts the pods, so that their sidecars follow. @default ISTIO_VERSION */
    istioVersion?: string;
    /** What the sidecars start with besides istiod's own: `bootstrap` of a `tracingPlan`. @default nothing */
    proxyBootstrap?: ProxyBootstrap;
    /** Further annotations of a service's pods. @default none */
    podAnnotations?: (service: string) => Record<string, string>;
}

/** Pods of Bookinfo without further arguments. */
export const BOOKINFO_POD_DEFAULTS = {
    hub: IMAGE_HUB,
    tag: BOOKINFO_TAG,
    digests: {},
    imagePullSecrets: [],
    replicas: 1,
    istioVersion: ISTIO_VERSION,
} satisfies BookinfoPodArgs;

type Complete = WithDefaults<BookinfoPodArgs, typeof BOOKINFO_POD_DEFAULTS>;

/** How one version of one Bookinfo service runs. */
export function bookinfoDeploymentSpec(
    service: BookinfoService,
    { version, scratchDirectories, environment = {} }: BookinfoVersion,
    serviceAccountName: pulumi.Input<string>,
    args: Complete,
): input.apps.v1.DeploymentSpec {
    const labels = { app: service.name, version };
    const volumes = scratchDirectories.map((path) => ({ name: path.split("/").at(-1) ?? "", path }));
    return {
        replicas: args.replicas,
        strategy: NEW_BEFORE_OLD,
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
                        lifecycle: ANSWERS_UNTIL_KNOWN,
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

function imageOf(name: string, { hub, tag, digests }: Complete): string {
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
