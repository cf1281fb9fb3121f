import { globalValues, imageWithDigest, type GlobalArgs } from "./globalValues";
import type { CniValues } from "./values";

/**
 * Namespace of istio-cni, whose pods write into the nodes' directories: nothing that istio-system should have to allow.
 * https://istio.io/latest/docs/setup/additional-setup/cni/
 */
export const CNI_NAMESPACE = "kube-system";

export function cniValues(args: GlobalArgs): CniValues {
    return { ...imageWithDigest(args, "install-cni"), global: globalValues(args) };
}
