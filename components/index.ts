/**
 * The library: Istio on Oracle's Kubernetes Engine as Pulumi components. docs/library.md shows how to use it.
 *
 * What is exported here keeps to semantic versions. Everything else in these folders may change with any release.
 */

// A network and a cluster on OCI
export { Network, type NetworkArgs } from "./oci/network";
export type { NetworkRanges } from "./oci/networkRanges";
export { existingNetwork, type Cni, type ExistingNetworkArgs, type OkeNetwork } from "./oci/okeNetwork";
export { OkeCluster, type OkeClusterArgs } from "./oci/cluster";
export {
    connect,
    type ClusterSource,
    type ExistingCluster,
    type KubeconfigCluster,
    type KubernetesCluster,
    type NewCluster,
} from "./kubernetesCluster";
export { ociProvider, type OciProviderArgs } from "./oci/provider";
export { homeRegion } from "./oci/homeRegion";
export { findReservedIp, newReservedIp, type ReservedIpArgs } from "./oci/reservedIp";
export { DnsRecords, type DnsRecordsArgs } from "./oci/dnsRecords";
export type { PoolRange } from "./oci/autoscaler";
export type { SignIn } from "./oci/kubeconfig";
export type { NodePoolSpec } from "./oci/nodePool";
export type { OracleServices } from "./oci/routes";
export type { Listeners } from "./oci/securityRules";
export type { Tags } from "./oci/tags";

// Traces, logs and alarms on OCI
export {
    ApmDomain,
    existingApmDomain,
    type ApmBackend,
    type ApmDomainArgs,
    type ExistingApmDomainArgs,
} from "./oci/apmDomain";
export { ApmMetrics, type ApmMetricsArgs } from "./oci/apmMetrics";
export { ApmMonitor, type ApmMonitorArgs } from "./oci/apmMonitor";
export { ApmDashboard, type ApmDashboardArgs } from "./oci/apmDashboard";
export { ContainerLogging, type ContainerLoggingArgs } from "./oci/containerLogging";
export { Alarms, type AlarmsArgs, type Subscription } from "./oci/alarms";
export type { ClusterThresholds } from "./oci/alarmDefinitions";
export type { AccessLogEncoding, ApplicationContainers } from "./oci/logSources";

// Istio
export { ControlPlane } from "./istio/controlPlane";
export type { ControlPlaneArgs } from "./istio/controlPlaneArgs";
export { IngressGateway, type GatewayPort, type IngressGatewayArgs } from "./istio/ingressGateway";
export { EgressGateway, type EgressGatewayArgs } from "./istio/egressGateway";
export { MeshTelemetry, type MeshTelemetryArgs } from "./istio/meshTelemetry";
export { tracingPlan, type IstiodTracing, type TracingArgs, type TracingPlan } from "./istio/tracing/tracingPlan";
export { authorizerProvider, type AuthorizerArgs, type AuthorizerProvider } from "./istio/authorizers";
export { CANARY_TAG, DEFAULT_TAG, injectionLabels, type Revision, type RevisionsArgs } from "./istio/revisions";
export {
    EGRESS_HOST,
    EGRESS_SELECTOR,
    GATEWAY_SELECTOR,
    GATEWAY_SERVICE,
    GATEWAY_SERVICE_ACCOUNT,
    type IngressPorts,
} from "./istio/gateways";
export { BOOKINFO_TAG, CHART_REPOSITORY, IMAGE_HUB, ISTIO_NAMESPACE, ISTIO_VERSION } from "./istio/versions";
export type { ClientAddresses } from "./istio/clientAddresses";
export type { GatewayDeploymentArgs } from "./istio/gatewayDeployment";
export type { Digests, GlobalArgs } from "./istio/globalValues";
export type { MeshConfigArgs, PathNormalization } from "./istio/meshConfig";
export type { OciLoadBalancerArgs } from "./istio/ociLoadBalancer";
export type { ApmEndpoint, DataKeyType } from "./istio/tracing/apm";
export type { ProxyBootstrap } from "./istio/tracing/bootstrap";
export type { PodSecurity } from "./podSecurity";
export type { Replicas } from "./replicas";
export type { Amounts, Resources } from "./resources";

// Istio's kinds, and the types of their fields: `istio.VirtualServiceSpec`
export {
    AuthorizationPolicy,
    DestinationRule,
    EnvoyFilter,
    Gateway,
    PeerAuthentication,
    RequestAuthentication,
    ServiceEntry,
    Sidecar,
    Telemetry,
    VirtualService,
    WorkloadEntry,
} from "./istio/api/kinds";
export type * as istio from "./istio/api/specs";

// The Gateway API's kinds, whose names repeat Istio's: `new gatewayApi.Gateway(...)`
export * as gatewayApi from "./gatewayApi";
export { gatewayApiCrds, GATEWAY_API_MANIFEST, GATEWAY_API_VERSION } from "./gatewayApi/crds";
export type { CustomKind, CustomObjectArgs, NamedMetadata } from "./customObject";
export type { Inputs } from "./inputs";

// Services, their traffic and their hosts
export { EnrolledNamespaces, type EnrolledNamespace, type EnrolledNamespacesArgs } from "./mesh/enrolledNamespaces";
export type {
    ExposedService,
    Exposure,
    HeaderMatch,
    MeshService,
    OpenRequests,
    PathMatch,
    RequestLimits,
} from "./mesh/meshService";
export { TrafficPolicies, type TrafficPoliciesArgs } from "./traffic/trafficPolicies";
export type {
    ConsistentHash,
    Fault,
    LoadBalancing,
    MatchRule,
    Mirror,
    RequestConditions,
    Retries,
    RouteActions,
    ServiceTraffic,
    TextMatch,
    TowardsService,
} from "./traffic/serviceTraffic";
export { RateLimits, type RateLimitsArgs } from "./traffic/rateLimits/rateLimits";
export type { RateLimit } from "./traffic/rateLimits/rateLimit";
export { IstioIngress } from "./traffic/ingress/istioIngress";
export {
    GatewayApiIngress,
    hostListeners,
    type GatewayApiIngressArgs,
    type HostListener,
} from "./traffic/ingress/gatewayApiIngress";
export { KubernetesIngress, type KubernetesIngressArgs } from "./traffic/ingress/kubernetesIngress";
export { istioIngressClass } from "./traffic/ingress/istioIngressClass";
export type { AnsweredHost, HostIngress, HostTls, IngressArgs } from "./traffic/ingress/ingress";
export type { BehindHost } from "./traffic/openings";
export { ExternalServices, type ExternalServicesArgs } from "./traffic/egress/externalServices";
export type { ExternalPort, ExternalService } from "./traffic/egress/externalService";
export { SidecarScopes, type SidecarScopesArgs } from "./traffic/egress/sidecarScopes";

// Security
export { SecurityPolicies, type SecurityPoliciesArgs } from "./security/securityPolicies";
export { zeroTrustPolicies, type ZeroTrustArgs } from "./security/zeroTrust";
export { allowNothing, type Policy } from "./security/policy";
export { principal } from "./security/identity";
export type { NetworkPoliciesArgs } from "./security/networkPolicies";
export type { MtlsArgs, MtlsMode, WorkloadMtls } from "./security/peerAuthentication";
export type { ForwardedPreflights, Preflights } from "./traffic/preflights";
export type { TokenIssuer, TokenKeys, TokenRequirement, TokensArgs } from "./security/requestAuthentication";
export { CertManager, Certificate, type CertificateSpec, type CertManagerArgs } from "./certificates/certManager";
export {
    GatewayCertificates,
    type CertificateFiles,
    type CertificateSource,
    type ExistingSecret,
    type GatewayCertificate,
    type GatewayCertificatesArgs,
    type GeneratedCertificate,
    type IssuedByCertManager,
} from "./certificates/gatewayCertificates";
export type { KeyPair, Validity } from "./certificates/generated";

// Add-ons, and the guide's workloads
export { Addons, type AddonsArgs } from "./addons/addons";
export type { AddonAccess } from "./addons/access";
export type { AddonArgs } from "./addons/addon";
export type { AddonIngress } from "./addons/addonIngress";
export type { WantedAddons } from "./addons/catalogue";
export type { GrafanaArgs } from "./addons/grafana";
export type { KialiArgs, KialiSignIn, OpenId } from "./addons/kiali";
export type { AddonName } from "./addons/versions";
export { Bookinfo, type BookinfoArgs } from "./workloads/bookinfo";
export type { BookinfoPodArgs } from "./workloads/bookinfoDeployment";
export { bookinfoMeshServices, BOOKINFO_CALLS } from "./workloads/bookinfoServices";
export { clientMeshServices, Clients, type ClientsArgs } from "./workloads/clients";
export { LEGACY_NAMESPACE, type ClientName, type ClientPodArgs } from "./workloads/clientWorkloads";
