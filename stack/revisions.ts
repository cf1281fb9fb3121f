import { CANARY_TAG, canaryRevision, defaultRevision, IN_PLACE } from "../components/istio/revisions";
import type { Settings } from "../config/schema";

/** Which istiod injects the sidecars of a namespace, and what is new for its pods when that is another one. */
export function sidecarsIn(istio: Settings["istio"], namespace: string): { injectedBy?: string; istioVersion: string } {
    const isCanary = istio.canary?.namespaces.includes(namespace) ?? false;
    const { name, version } = isCanary ? canaryRevision(istio) : defaultRevision(istio);
    const istioVersion = name === IN_PLACE ? version : `${version} (${name})`;
    return isCanary ? { injectedBy: CANARY_TAG, istioVersion } : { istioVersion };
}

/** Which istiod serves the gateways. By its revision, since a tag would restart them again when the rest has followed. */
export function gatewayRevision(istio: Settings["istio"]): { revision?: string; version: string } {
    const { name, version } = istio.canary?.gateways ? canaryRevision(istio) : defaultRevision(istio);
    return name === IN_PLACE ? { version } : { revision: name, version };
}
