import { fullHost } from "../mesh/meshService";
import { ISTIO_NAMESPACE } from "./versions";

/** Kinds of objects that open the gateway: Istio's own, Kubernetes' Ingress, or the Gateway API's. */
export type GatewayKind = "istio" | "ingress" | "gateway-api";

/** Label by which Istio Gateways and policies select the ingress gateway's pods, as in all of Istio's samples. */
export const GATEWAY_SELECTOR = { istio: "ingressgateway" };

/** Name of the ingress gateway's release, and with it of its Service. */
export const GATEWAY_SERVICE = "istio-ingressgateway";

/** Ports of the ingress gateway. */
export interface IngressPorts {
    /** Of plain HTTP. */
    http: number;
    /** Of HTTPS. */
    https: number;
}

export const INGRESS_PORTS: IngressPorts = { http: 80, https: 443 };

/** ServiceAccount that the chart makes for its pods: their identity in the mesh. */
export const GATEWAY_SERVICE_ACCOUNT = GATEWAY_SERVICE;

/** Label by which Istio Gateways select the egress gateway's pods. */
export const EGRESS_SELECTOR = { istio: "egressgateway" };

/** Name of the egress gateway's release, and with it of its Service. */
export const EGRESS_SERVICE = "istio-egressgateway";

/** Name that sidecars know the egress gateway by. */
export const EGRESS_HOST = fullHost({ host: EGRESS_SERVICE, namespace: ISTIO_NAMESPACE });
