import { ISTIO_NAMESPACE } from "../istio/versions";
import { addonUrl, type AddonIngress } from "./addonIngress";
import { GRAFANA } from "./grafana";
import { JAEGER } from "./jaeger";
import { KIALI, type KialiArgs } from "./kiali";
import { PROMETHEUS } from "./prometheus";
import { TRACE_VIEWER } from "./traceViewer";
import type { AddonName } from "./versions";
import { ZIPKIN } from "./zipkin";

/** How to open an add-on. */
export interface AddonAccess {
    /** Command that forwards a port from where `kubectl` reaches the cluster. Absent where the ingress gateway serves it. */
    command?: string;
    /** Address to open, while the command runs. */
    url: string;
    /** How to sign in there. */
    signIn: string;
}

/** Who may sign in to what has a sign-in. */
export interface SignIns {
    grafanaAnonymous: boolean;
    kiali: KialiArgs["signIn"];
}

const NONE = "none: whoever may forward ports in istio-system";

/** Through the ingress gateway where it serves the add-on, else through a port of this machine. */
export function accessTo(addon: AddonName, signIns: SignIns, ingress?: AddonIngress): AddonAccess {
    const { service, port, localPort, path, signIn } = pageOf(addon, signIns);
    if (ingress) {
        return { url: addonUrl(ingress, path), signIn };
    }
    return {
        command: `kubectl -n ${ISTIO_NAMESPACE} port-forward service/${service} ${localPort}:${port}`,
        url: `http://localhost:${localPort}${path}`,
        signIn,
    };
}

/** The Service that an add-on's page is at, and how to sign in there. */
function pageOf(addon: AddonName, signIns: SignIns) {
    switch (addon) {
        case "prometheus":
            return { ...PROMETHEUS, localPort: PROMETHEUS.port, path: "", signIn: NONE };
        case "grafana": {
            const signIn = "admin, and `pulumi stack output grafanaAdminPassword --show-secrets`";
            const shown = signIns.grafanaAnonymous ? `none to look; to edit: ${signIn}` : signIn;
            return { ...GRAFANA, localPort: GRAFANA.port, path: "", signIn: shown };
        }
        case "jaeger":
            return { ...TRACE_VIEWER, localPort: JAEGER.queryPort, path: "", signIn: NONE };
        case "zipkin":
            return { ...ZIPKIN, localPort: ZIPKIN.port, path: "/zipkin", signIn: NONE };
        case "kiali":
            return { ...KIALI, localPort: KIALI.port, path: "/kiali", signIn: KIALI_SIGN_INS[signIns.kiali] };
    }
}

const KIALI_SIGN_INS: Record<KialiArgs["signIn"], string> = {
    token: `a token of Kubernetes: \`kubectl -n ${ISTIO_NAMESPACE} create token ${KIALI.service}\``,
    openid: "the identity provider's",
    anonymous: NONE,
};
