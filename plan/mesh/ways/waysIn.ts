import type { Plan } from "../../model";
import { kubernetesObjects } from "../objects";
import { gatewayApiWays } from "./gatewayApi";
import { ingressWays } from "./ingress";
import { istioWays } from "./istio";
import type { WayIn } from "./way";

/** Every way into the mesh: by Istio's kinds, the Gateway API's, or as an Ingress. */
export function waysIn(plan: Plan): WayIn[] {
    const ofKind = kubernetesObjects(plan);
    return [
        ...istioWays(ofKind("Gateway", "networking.istio.io/"), ofKind("VirtualService")),
        ...gatewayApiWays(ofKind("Gateway", "gateway.networking.k8s.io/"), ofKind("HTTPRoute")),
        ...ingressWays(ofKind("Ingress")),
    ];
}
