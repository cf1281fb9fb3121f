import type { Plan } from "../../model";
import { kubernetesObjects } from "../objects";
import { gatewayApiEntrances } from "./gatewayApi";
import { ingressEntrances } from "./ingress";
import { istioEntrances } from "./istio";
import type { Entrance } from "./entrance";

/** Every entrance to the mesh: Istio's kinds, the Gateway API's, and Ingresses. */
export function entrancesOf(plan: Plan): Entrance[] {
    const ofKind = kubernetesObjects(plan);
    return [
        ...istioEntrances(ofKind("networking.istio.io/Gateway"), ofKind("networking.istio.io/VirtualService")),
        ...gatewayApiEntrances(
            ofKind("gateway.networking.k8s.io/Gateway"),
            ofKind("gateway.networking.k8s.io/HTTPRoute"),
        ),
        ...ingressEntrances(ofKind("networking.k8s.io/Ingress")),
    ];
}
