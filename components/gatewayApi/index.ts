/** Kinds of the Kubernetes Gateway API as typed Pulumi resources; the types of their specs are generated (`npm run generate:istio`). */
import { customObject } from "../customObject";
import type * as specs from "./specs";

export type * from "./specs";

const gatewayApi = "gateway.networking.k8s.io/v1";

/**
 * Listeners at the edge of the cluster. https://gateway-api.sigs.k8s.io/api-types/gateway/
 */
export class Gateway extends customObject<specs.GatewaySpec>(gatewayApi, "Gateway") {}

/**
 * How requests of some host names are routed. https://gateway-api.sigs.k8s.io/api-types/httproute/
 */
export class HTTPRoute extends customObject<specs.HTTPRouteSpec>(gatewayApi, "HTTPRoute") {}
