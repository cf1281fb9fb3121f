import { ISTIO_NAMESPACE } from "../istio/versions";
import { addonUrl } from "./addonIngress";
import { ADDONS, type All } from "./catalogue";
import type { AddonName } from "./versions";

/** How to open an add-on. */
export interface AddonAccess {
    /** Command that forwards a port from where `kubectl` reaches the cluster. @default none: the ingress gateway serves it */
    command?: string;
    /** Address to open, while the command runs. */
    url: string;
    /** How to sign in there. */
    signIn: string;
}

/** Through the ingress gateway where it serves the add-on, else through a port of this machine. */
export function accessTo<Name extends AddonName>(name: Name, args: All[Name]): AddonAccess {
    const { page, ...addon } = ADDONS[name];
    const [signIn, ingress] = [addon.signIn(args), addon.ingress?.(args)];
    if (ingress) {
        return { url: addonUrl(ingress, page.path), signIn };
    }
    return {
        command: `kubectl -n ${ISTIO_NAMESPACE} port-forward service/${page.service} ${page.localPort}:${page.port}`,
        url: `http://localhost:${page.localPort}${page.path}`,
        signIn,
    };
}
