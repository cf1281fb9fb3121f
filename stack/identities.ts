import { GATEWAY_SELECTOR, GATEWAY_SERVICE_ACCOUNT } from "../components/istio/gateways";
import { ISTIO_NAMESPACE } from "../components/istio/versions";
import type { MeshService } from "../components/mesh/meshService";

/** Identity and place of the ingress gateway's pods. */
export const GATEWAY = {
    namespace: ISTIO_NAMESPACE,
    serviceAccount: GATEWAY_SERVICE_ACCOUNT,
    selector: GATEWAY_SELECTOR,
};

/** A service that the settings' rules have found to be there. */
export function serviceNamed(services: MeshService[], name: string): MeshService {
    const found = services.find((service) => service.name === name);
    if (!found) {
        throw new Error(`no service ${name}: the settings' rules should have said so`);
    }
    return found;
}
