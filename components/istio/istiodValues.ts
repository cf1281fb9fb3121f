import type * as pulumi from "@pulumi/pulumi";
import { ANNOTATIONS } from "../annotations";
import { checkReplicas, isAutoscaled, spreadOverNodes } from "../replicas";
import type { Resources } from "../resources";
import type { ControlPlaneArgs, ResolvedControlPlaneArgs } from "./controlPlaneArgs";
import { globalValues, imageWithDigest, type GlobalValues } from "./globalValues";
import { meshConfig, type MeshConfig } from "./meshConfig";
import { defaultRevision, IN_PLACE, type Revision } from "./revisions";
import { authorizationVariable } from "./tracing/apm";
import { wrongArgument } from "../wrongArgument";
import type { SeccompProfile, SecretVariable, TopologySpreadConstraint } from "./values";

/** The values of istiod's chart that this program sets. */
export interface IstiodValues {
    /** Left out where it is upgraded in place. */
    revision?: string;
    autoscaleEnabled: boolean;
    autoscaleMin?: number;
    autoscaleMax?: number;
    replicaCount?: number;
    resources: Resources;
    topologySpreadConstraints?: TopologySpreadConstraint[];
    podAnnotations?: Record<string, pulumi.Input<string>>;
    env: Record<string, string>;
    envVarFrom?: SecretVariable[];
    meshConfig: MeshConfig;
    /** Image with its digest, instead of `hub` and version. */
    image?: string;
    seccompProfile: SeccompProfile;
    /** Whether istio-cni redirects the traffic of pods, which then need no privileges for it. */
    cni: { enabled: boolean };
    global: GlobalValues & {
        /** Leave out the webhook that injects sidecars. */
        operatorManageWebhooks?: true;
        proxy: {
            resources: Resources;
            image?: string;
            seccompProfile: SeccompProfile;
            /** Networks, separated by commas. */
            excludeIPRanges?: string;
            includeIPRanges?: string;
        };
        proxy_init?: { image?: string };
    };
}

/**
 * Addresses that istiod never fetches keys of token issuers from, whoever writes a RequestAuthentication: its own, and the
 * node's metadata service, which hands out the node's credentials. Istio refuses the latter by itself from 1.31.1 on.
 */
const NO_KEYS_FROM = ["127.0.0.0/8", "169.254.0.0/16"];

const RUNTIME_DEFAULT = { type: "RuntimeDefault" } as const;

/** The guide's `istioctl install` runs overwrite each other's `--set`; one set of values does not. */
export function istiodValues(
    given: ResolvedControlPlaneArgs,
    revision: Revision = defaultRevision(given),
): IstiodValues {
    const args = { ...given, digests: revision.digests };
    const { replicas, tracing, shadowHostSuffix, circuitBreakerRemaining } = args;
    checkReplicas(replicas);
    const isInPlace = revision.name === IN_PLACE;
    const authorization = tracing?.authorization;
    return {
        ...(!isInPlace && { revision: revision.name }),
        ...(isAutoscaled(replicas)
            ? { autoscaleEnabled: true, autoscaleMin: replicas.min, autoscaleMax: replicas.max }
            : { autoscaleEnabled: false, replicaCount: replicas.min }),
        resources: args.resources,
        topologySpreadConstraints: spreadOverNodes(replicas, {
            app: "istiod",
            ...(!isInPlace && { "istio.io/rev": revision.name }),
        }),
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
            ...globalValues(args),
            // The tag of the default revision injects then, and one pod is not for two istiods to inject.
            ...(isInPlace && defaultRevision(args).name !== IN_PLACE && { operatorManageWebhooks: true as const }),
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
    if (bypass?.cidrs?.length && bypass.allExcept?.length) {
        throw wrongArgument("bypass.allExcept", "is there beside bypass.cidrs, its opposite: choose one");
    }
    return {
        ...(bypass?.cidrs?.length && { excludeIPRanges: bypass.cidrs.join(",") }),
        ...(bypass?.allExcept?.length && { includeIPRanges: bypass.allExcept.join(",") }),
    };
}
