import { withDefaults } from "../defaults";
import { IMAGE_HUB } from "./versions";

/** What istiod and istio-cni are told alike. */
export interface GlobalArgs {
    /** Registry path of Istio's images, without tag. @default IMAGE_HUB */
    hub?: string;
    /** Images with a shell in them, or without. @default "default" */
    variant?: "default" | "distroless";
    /** Digests of images, instead of the version as their tag. @default none */
    digests?: Digests;
    /** Image pull Secrets that exist in istio-system and in application namespaces. @default none */
    imagePullSecrets?: string[];
    /** Redirect traffic with nftables instead of iptables. @default false */
    nativeNftables?: boolean;
    /** Let istiod be reached at its own ports only, by NetworkPolicies. @default false */
    networkPolicies?: boolean;
}

const DEFAULTS = {
    hub: IMAGE_HUB,
    imagePullSecrets: [],
    nativeNftables: false,
    networkPolicies: false,
} satisfies GlobalArgs;

/** Digests by image: `sha256:...`. */
export type Digests = Partial<Record<"pilot" | "proxyv2" | "install-cni", string>>;

/** `global` of the charts. */
export interface GlobalValues {
    hub: string;
    /** The chart's own default has a shell. */
    variant?: "distroless";
    imagePullSecrets: string[];
    nativeNftables: boolean;
    networkPolicy: { enabled: boolean };
}

export function globalValues(args: GlobalArgs): GlobalValues {
    const { hub, variant, imagePullSecrets, nativeNftables, networkPolicies } = withDefaults(args, DEFAULTS);
    return {
        hub,
        ...(variant === "distroless" && { variant }),
        imagePullSecrets,
        nativeNftables,
        networkPolicy: { enabled: networkPolicies },
    };
}

/** The image of exactly one content; empty where the tag decides. The charts take what has a slash in it as it is. */
export function imageWithDigest({ hub = DEFAULTS.hub, digests }: GlobalArgs, image: keyof Digests): { image?: string } {
    const digest = digests?.[image];
    return digest === undefined ? {} : { image: `${hub}/${image}@${digest}` };
}
