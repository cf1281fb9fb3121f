import { customObject } from "../../customObject";
import type * as specs from "./specs";

const networking = "networking.istio.io/v1";
const security = "security.istio.io/v1";
const telemetry = "telemetry.istio.io/v1";

/**
 * A load balancer at the edge of the mesh: which ports, hosts and certificates it serves.
 * https://istio.io/latest/docs/reference/config/networking/gateway/
 */
export class Gateway extends customObject<specs.GatewaySpec>(networking, "Gateway") {}

/**
 * How requests to a host are routed: matches, weights, redirects, timeouts, retries, faults and mirrors.
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/
 */
export class VirtualService extends customObject<specs.VirtualServiceSpec>(networking, "VirtualService") {}

/**
 * What happens after routing: the subsets (versions) of a host, load balancing, connection pools, ejection, TLS.
 * https://istio.io/latest/docs/reference/config/networking/destination-rule/
 */
export class DestinationRule extends customObject<specs.DestinationRuleSpec>(networking, "DestinationRule") {}

/**
 * A host outside the cluster, or one that Kubernetes does not know, added to the mesh's registry.
 * https://istio.io/latest/docs/reference/config/networking/service-entry/
 */
export class ServiceEntry extends customObject<specs.ServiceEntrySpec>(networking, "ServiceEntry") {}

/**
 * A single workload outside Kubernetes, such as a virtual machine, that backs a ServiceEntry.
 * https://istio.io/latest/docs/reference/config/networking/workload-entry/
 */
export class WorkloadEntry extends customObject<specs.WorkloadEntrySpec>(networking, "WorkloadEntry") {}

/**
 * What the proxies of a namespace or workload accept and can reach.
 * https://istio.io/latest/docs/reference/config/networking/sidecar/
 */
export class Sidecar extends customObject<specs.SidecarSpec>(networking, "Sidecar") {}

/**
 * A patch to the Envoy configuration that Istio generates. Check it after each upgrade of Istio.
 * https://istio.io/latest/docs/reference/config/networking/envoy-filter/
 */
export class EnvoyFilter extends customObject<specs.EnvoyFilterSpec>("networking.istio.io/v1alpha3", "EnvoyFilter") {}

/**
 * Whether workloads accept mutual TLS only, or plain text too.
 * https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
export class PeerAuthentication extends customObject<specs.PeerAuthenticationSpec>(security, "PeerAuthentication") {}

/**
 * Which JSON web tokens are valid. It rejects bad tokens; to require one, add an AuthorizationPolicy.
 * https://istio.io/latest/docs/reference/config/security/request_authentication/
 */
export class RequestAuthentication extends customObject<specs.RequestAuthenticationSpec>(
    security,
    "RequestAuthentication",
) {}

/**
 * Who may call what. An empty spec allows nothing.
 * https://istio.io/latest/docs/reference/config/security/authorization-policy/
 */
export class AuthorizationPolicy extends customObject<specs.AuthorizationPolicySpec>(security, "AuthorizationPolicy") {}

/**
 * Traces, metrics and access logs of the mesh, a namespace or a workload.
 * https://istio.io/latest/docs/reference/config/telemetry/
 */
export class Telemetry extends customObject<specs.TelemetrySpec>(telemetry, "Telemetry") {}
