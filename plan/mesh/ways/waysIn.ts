import type { Plan } from "../../model";
import { kubernetesObjects } from "../objects";
import { gatewayApiWays } from "./gatewayApi";
import { ingressWays } from "./ingress";
import { istioWays } from "./istio";
import type { WayIn } from "./way";

/** Every entrance to the mesh: Istio's kinds, the Gateway API's, and Ingresses. */
export function waysIn(plan: Plan): WayIn[] {
    const ofKind = kubernetesObjects(plan);
    return [
        ...istioWays(ofKind("networking.istio.io/Gateway"), ofKind("networking.istio.io/VirtualService")),
        ...gatewayApiWays(ofKind("gateway.networking.k8s.io/Gateway"), ofKind("gateway.networking.k8s.io/HTTPRoute")),
        ...ingressWays(ofKind("networking.k8s.io/Ingress")),
    ];
}
