import type { ControlPlaneArgs } from "./controlPlane";
import type { CniValues } from "./values";

/**
 * Namespace of istio-cni, whose pods write into the nodes' directories: nothing that istio-system should have to allow.
 * https://istio.io/latest/docs/setup/additional-setup/cni/
 */
export const CNI_NAMESPACE = "kube-system";

/** Digests by image: `sha256:...`. */
export type Digests = Partial<Record<"pilot" | "proxyv2" | "install-cni", string>>;

/** The image of exactly one content; empty where the tag decides. The charts take what has a slash in it as it is. */
export function imageWithDigest({ hub, digests }: ControlPlaneArgs, image: keyof Digests): { image?: string } {
    const digest = digests?.[image];
    return digest === undefined ? {} : { image: `${hub}/${image}@${digest}` };
}

export function cniValues(args: ControlPlaneArgs): CniValues {
    return {
        ...imageWithDigest(args, "install-cni"),
        global: {
            hub: args.hub,
            ...(args.variant === "distroless" && { variant: args.variant }),
            imagePullSecrets: args.imagePullSecrets,
            nativeNftables: args.nativeNftables,
            networkPolicy: { enabled: args.networkPolicies ?? false },
        },
    };
}
