import { ANNOTATIONS } from "../annotations";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import type { Release } from "@pulumi/kubernetes/helm/v3";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { podSecurityLabels, type PodSecurity } from "../podSecurity";
import type { AuthorizerProvider } from "./authorizers";
import { istioRelease } from "./chart";
import { isAutoscaled, spreadOverNodes, type Replicas } from "../replicas";
import { meshConfig, type MeshConfigArgs } from "./meshConfig";
import { authorizationSecret, authorizationVariable } from "./tracing/apm";
import type { IstiodTracing } from "./tracing/tracingPlan";
import { CNI_NAMESPACE, cniValues, imageWithDigest, type Digests } from "./cni";
import type { Resources } from "../resources";
import type { BaseValues, CniValues, IstiodValues } from "./values";
import { ISTIO_NAMESPACE } from "./versions";

export interface ControlPlaneArgs {
    /** Istio release of charts and images, such as 1.31.4. */
    version: string;
    /** Helm repository, OCI registry path, or folder with the charts. */
    chartRepository: string;
    /** Registry path of Istio's images. */
    hub: string;
    /** Images with a shell in them, or without. @default "default" */
    variant?: "default" | "distroless";
    /** Digests of images, instead of the version as their tag. @default none */
    digests?: Digests;
    /** Image pull Secrets that exist in istio-system and in application namespaces. */
    imagePullSecrets: string[];
    /** Replicas of istiod. From two on, with a PodDisruptionBudget. */
    replicas: Replicas;
    /** Requests and limits of istiod. */
    resources: Resources;
    /** Requests and limits of each sidecar. */
    proxyResources: Resources;
    /** Networks that workloads reach without their sidecar, or the only ones that go through it. @default none */
    bypass?: { cidrs: string[]; allExcept: string[] };
    /** Redirect traffic with nftables instead of iptables. */
    nativeNftables: boolean;
    /** Append `-shadow` to the host that mirrored requests are for. @default true, upstream's is false since Istio 1.28 */
    shadowHostSuffix?: boolean;
    /** Let proxies count what circuit breakers have left. @default true, upstream's is false since Istio 1.29 */
    circuitBreakerRemaining?: boolean;
    /** Redirect traffic by a plugin on the nodes, so that pods need no privileges for it. @default off */
    cni?: { enabled: boolean };
    /** Pod Security Standard that the namespace enforces. @default "baseline" */
    podSecurity?: PodSecurity;
    /** Let istiod be reached at its own ports only, by NetworkPolicies. @default false */
    networkPolicies?: boolean;
    /** Authorizers that policies may ask. @default none */
    authorizers?: AuthorizerProvider[];
    /** Mesh-wide proxy settings. */
    meshConfig: MeshConfigArgs;
    /** Part of istiod in tracing. @default none */
    tracing?: IstiodTracing;
    /** Chart values that no argument covers. */
    extraValues: { base: Record<string, unknown>; istiod: Record<string, unknown>; cni?: Record<string, unknown> };
}

/**
 * Istio's kinds and istiod, the control plane. Whatever is of an Istio kind, or is to be injected with a sidecar,
 * depends on this component.
 * Guide: "Installing Istio with istioctl".
 */
export class ControlPlane extends Component {
    /** Namespace of the control plane and the ingress gateway. */
    readonly namespace: pulumi.Output<string>;
    /** Version of the charts, once istiod runs. */
    readonly version: pulumi.Output<string>;

    constructor(name: string, args: ControlPlaneArgs, opts: pulumi.ComponentResourceOptions) {
        super("istio:ControlPlane", name, opts);

        const namespace = new Namespace(
            `${name}-namespace`,
            { metadata: { name: ISTIO_NAMESPACE, labels: podSecurityLabels(args.podSecurity ?? "baseline") } },
            this.childOptions,
        );
        const base = istioRelease<BaseValues>(
            `${name}-base`,
            {
                ...this.chart(args, namespace),
                chart: "base",
                // The kinds outlive the release; a later installation adopts them only under the same name (istio/istio#43204).
                releaseName: "istio-base",
                values: { defaultRevision: "default" },
                extraValues: args.extraValues.base,
            },
            this.childOptions,
        );
        // Before any pod that relies on it; its own pods reach into the nodes, so they stand apart from istio-system.
        const cni = args.cni?.enabled && this.addCni(`${name}-cni`, args, base);
        const authorization = args.tracing?.authorization;
        // istiod reads the key at its start, and does not start without the Secret.
        const key =
            authorization &&
            authorizationSecret(`${name}-apm-key`, authorization, namespace.metadata.name, this.childOptions);
        const istiod = istioRelease<IstiodValues>(
            `${name}-istiod`,
            {
                ...this.chart(args, namespace),
                chart: "istiod",
                releaseName: "istiod",
                values: istiodValues(args),
                extraValues: args.extraValues.istiod,
            },
            this.after(base, ...(cni ? [cni] : []), ...(key ? [key] : [])),
        );

        this.namespace = namespace.metadata.name;
        this.version = versionOf(istiod);
        this.registerOutputs({ namespace: this.namespace, version: this.version });
    }

    private addCni(name: string, args: ControlPlaneArgs, base: Release): Release {
        return istioRelease<CniValues>(
            name,
            {
                version: args.version,
                repository: args.chartRepository,
                namespace: CNI_NAMESPACE,
                chart: "cni",
                releaseName: "istio-cni",
                values: cniValues(args),
                extraValues: args.extraValues.cni ?? {},
            },
            this.after(base),
        );
    }

    private chart(args: ControlPlaneArgs, namespace: Namespace) {
        return { version: args.version, repository: args.chartRepository, namespace: namespace.metadata.name };
    }
}

function versionOf(release: Release): pulumi.Output<string> {
    return release.status.apply(({ version }) => version);
}

/**
 * Addresses that istiod never fetches keys of token issuers from, whoever writes a RequestAuthentication: its own, and the
 * node's metadata service, which hands out the node's credentials. Istio refuses the latter by itself from 1.31.1 on.
 */
const NO_KEYS_FROM = ["127.0.0.0/8", "169.254.0.0/16"];

const RUNTIME_DEFAULT = { type: "RuntimeDefault" } as const;

/** The guide's `istioctl install` runs overwrite each other's `--set`; one set of values does not. */
export function istiodValues(args: ControlPlaneArgs): IstiodValues {
    const { replicas, tracing, shadowHostSuffix = true, circuitBreakerRemaining = true } = args;
    const authorization = tracing?.authorization;
    return {
        ...(isAutoscaled(replicas)
            ? { autoscaleEnabled: true, autoscaleMin: replicas.min, autoscaleMax: replicas.max }
            : { autoscaleEnabled: false, replicaCount: replicas.min }),
        resources: args.resources,
        topologySpreadConstraints: spreadOverNodes(replicas, { app: "istiod" }),
        ...(authorization && {
            podAnnotations: { [ANNOTATIONS.apmKey]: authorization.fingerprint },
            envVarFrom: [authorizationVariable(authorization)],
        }),
        env: {
            // The guide shows both; Istio turned them off later: releasenotes/notes of 1.28 and 1.29.
            DISABLE_SHADOW_HOST_SUFFIX: String(!shadowHostSuffix),
            DISABLE_TRACK_REMAINING_CB_METRICS: String(!circuitBreakerRemaining),
            BLOCKED_CIDRS_IN_JWKS_URIS: NO_KEYS_FROM.join(","),
        },
        meshConfig: meshConfig(args.meshConfig, tracing, args.authorizers),
        ...imageWithDigest(args, "pilot"),
        seccompProfile: RUNTIME_DEFAULT,
        cni: { enabled: args.cni?.enabled ?? false },
        global: {
            hub: args.hub,
            ...(args.variant === "distroless" && { variant: args.variant }),
            imagePullSecrets: args.imagePullSecrets,
            nativeNftables: args.nativeNftables,
            networkPolicy: { enabled: args.networkPolicies ?? false },
            proxy: {
                resources: args.proxyResources,
                ...captured(args),
                ...imageWithDigest(args, "proxyv2"),
                seccompProfile: RUNTIME_DEFAULT,
            },
            ...(args.digests?.proxyv2 && { proxy_init: imageWithDigest(args, "proxyv2") }),
        },
    };
}

/** Istio's own are everything but nothing, which an empty text would change. */
function captured({ bypass }: ControlPlaneArgs) {
    return {
        ...(bypass?.cidrs.length && { excludeIPRanges: bypass.cidrs.join(",") }),
        ...(bypass?.allExcept.length && { includeIPRanges: bypass.allExcept.join(",") }),
    };
}
