import { ISTIO_NAMESPACE } from "../istio/versions";
import { GRAFANA } from "./grafana";
import { JAEGER } from "./jaeger";
import { KIALI, type KialiArgs } from "./kiali";
import { PROMETHEUS } from "./prometheus";
import { TRACE_VIEWER } from "./traceViewer";
import type { AddonName } from "./versions";
import { ZIPKIN } from "./zipkin";

/** How to open an add-on from where `kubectl` reaches the cluster. */
export interface AddonAccess {
    /** Command that stays in the foreground. */
    command: string;
    /** Address to open while it runs. */
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

/** Nothing here is reachable from outside the cluster, so each way is a port of this machine. */
export function accessTo(addon: AddonName, signIns: SignIns): AddonAccess {
    switch (addon) {
        case "prometheus":
            return through(PROMETHEUS.service, PROMETHEUS.port, PROMETHEUS.port, "", NONE);
        case "grafana": {
            const signIn = "admin, and `pulumi stack output grafanaAdminPassword --show-secrets`";
            const shown = signIns.grafanaAnonymous ? `none to look; to edit: ${signIn}` : signIn;
            return through(GRAFANA.service, GRAFANA.port, GRAFANA.port, "", shown);
        }
        case "jaeger":
            return through(TRACE_VIEWER.service, JAEGER.queryPort, TRACE_VIEWER.port, "", NONE);
        case "zipkin":
            return through(ZIPKIN.service, ZIPKIN.port, ZIPKIN.port, "/zipkin", NONE);
        case "kiali":
            return through(KIALI.service, KIALI.port, KIALI.port, "/kiali", KIALI_SIGN_INS[signIns.kiali]);
    }
}

const KIALI_SIGN_INS: Record<KialiArgs["signIn"], string> = {
    token: `a token of Kubernetes: \`kubectl -n ${ISTIO_NAMESPACE} create token ${KIALI.service}\``,
    openid: "the identity provider's",
    anonymous: NONE,
};

function through(service: string, localPort: number, port: number, path: string, signIn: string): AddonAccess {
    return {
        command: `kubectl -n ${ISTIO_NAMESPACE} port-forward service/${service} ${localPort}:${port}`,
        url: `http://localhost:${localPort}${path}`,
        signIn,
    };
}
