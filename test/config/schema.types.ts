/**
 * The schemas of the settings against the arguments of components. No test runs this: `npm run typecheck` reads it.
 * Both stay types of their own; a key that only one of them has does not compile, and so no setting is silently ignored.
 */
import type { AddonsArgs } from "../../components/addons/addons";
import type { GrafanaArgs } from "../../components/addons/grafana";
import type { KialiArgs } from "../../components/addons/kiali";
import type { AddonArgs } from "../../components/addons/addon";
import type { Operation, Source } from "../../components/istio/api";
import type { AuthorizerArgs } from "../../components/istio/authorizers";
import type { ControlPlaneArgs } from "../../components/istio/controlPlaneArgs";
import type { EgressGatewayArgs } from "../../components/istio/egressGateway";
import type { IngressGatewayArgs } from "../../components/istio/ingressGateway";
import type { MeshConfigArgs } from "../../components/istio/meshConfig";
import type { OciLoadBalancerArgs } from "../../components/istio/ociLoadBalancer";
import type { TracingArgs } from "../../components/istio/tracing/tracingPlan";
import type { EnrolledNamespacesArgs } from "../../components/mesh/enrolledNamespaces";
import type { Exposure, MeshService } from "../../components/mesh/meshService";
import type { AlarmsArgs } from "../../components/oci/alarms";
import type { ClusterThresholds } from "../../components/oci/alarmDefinitions";
import type { ApmDomainArgs } from "../../components/oci/apmDomain";
import type { OkeClusterArgs } from "../../components/oci/cluster";
import type { ContainerLoggingArgs } from "../../components/oci/containerLogging";
import type { NetworkArgs } from "../../components/oci/network";
import type { NodePoolSpec } from "../../components/oci/nodePool";
import type { ExistingNetworkArgs } from "../../components/oci/okeNetwork";
import type { MtlsArgs } from "../../components/security/peerAuthentication";
import type { NetworkPoliciesArgs } from "../../components/security/networkPolicies";
import type { TokensArgs } from "../../components/security/requestAuthentication";
import type { ExternalService } from "../../components/traffic/egress/externalService";
import type { ServiceTraffic } from "../../components/traffic/serviceTraffic";
import type { BookinfoArgs } from "../../components/workloads/bookinfo";
import type { ClientsArgs } from "../../components/workloads/clients";
import type { ClientName } from "../../components/workloads/clientWorkloads";
import type { Settings } from "../../config/schema";
import { pinned } from "./pinned.types";

type Of<Section extends { source: string }, Kind> = Extract<Section, { source: Kind }>;
type Each<T> = T extends readonly (infer Entry)[] ? Entry : T extends Record<string, infer Value> ? Value : never;
type Tagged = "displayName" | "freeformTags" | "definedTags";

// OCI
type NewCluster = Of<Settings["cluster"], "new">;
type Network = NonNullable<Settings["network"]>;
pinned<
    NewCluster,
    OkeClusterArgs & { endpoint: { allowedCidrs: string[] } },
    "source",
    "compartmentId" | "network" | "homeProvider" | Tagged
>();
pinned<Each<NewCluster["nodePools"]>, NodePoolSpec>();
pinned<
    Of<Network, "new">,
    NetworkArgs,
    "source",
    "compartmentId" | "cni" | "endpoint" | "listeners" | "internalLoadBalancer" | "protect" | Tagged
>();
pinned<Of<Network, "existing">, ExistingNetworkArgs, "source">();
pinned<
    Of<NonNullable<Settings["apm"]>, "new">,
    ApmDomainArgs,
    "source" | "dashboard",
    "compartmentId" | "region" | "dataKeyType" | Tagged
>();
pinned<
    NonNullable<Settings["logging"]["oci"]>,
    ContainerLoggingArgs,
    "controlPlaneLogs",
    | ("compartmentId" | "tenancyId" | "homeProvider" | "accessLogEncoding" | "applications" | "istioNamespace")
    | ("controlPlaneOf" | Tagged)
>();
pinned<
    NonNullable<Settings["alarms"]>,
    AlarmsArgs & ClusterThresholds & { errorPercent: number; latencyMs: number },
    never,
    "compartmentId" | "cluster" | "application" | "nodePools" | "nodeCount" | Tagged
>();

// The control plane and its gateways
pinned<
    Settings["istio"],
    ControlPlaneArgs,
    "canary",
    "canary" | "bypass" | "tracing" | "authorizers" | "networkPolicies" | "podSecurity"
>();
pinned<NonNullable<Settings["istio"]["canary"]>, NonNullable<ControlPlaneArgs["canary"]>, "namespaces" | "gateways">();
pinned<Settings["istio"]["meshConfig"], MeshConfigArgs, never, "outboundTrafficPolicy">();
pinned<
    Settings["gateway"],
    IngressGatewayArgs,
    "hosts" | "ports" | "kind" | "gatewayApiManifest" | "tls" | "loadBalancer" | "rateLimit" | "dns",
    | ("version" | "revision" | "chartRepository" | "namespace" | "imagePullSecrets" | "ports" | "ociLoadBalancer")
    | ("proxyBootstrap" | "networkPolicies")
>();
pinned<
    NonNullable<Settings["gateway"]["loadBalancer"]>,
    OciLoadBalancerArgs,
    "allowedCidrs" | "reservedIp",
    "reservedIp" | "subnetId" | "nsgIds" | Exclude<Tagged, "displayName">
>();
pinned<
    Settings["egress"]["gateway"],
    EgressGatewayArgs,
    never,
    "version" | "revision" | "chartRepository" | "namespace" | "imagePullSecrets" | "ports" | "networkPolicies"
>();
pinned<Settings["tracing"], TracingArgs, never, "apm" | "collector">();

// Add-ons
type Addons = Settings["addons"];
pinned<Addons, Record<keyof Addons, Addons[keyof Addons]> & AddonsArgs, never, "namespace" | "istioVersion">();
pinned<Addons["prometheus" | "jaeger" | "zipkin"], AddonArgs, "enabled" | "host">();
pinned<Addons["grafana"], GrafanaArgs, "enabled" | "host", "istioVersion" | "ingress">();
pinned<Addons["kiali"], KialiArgs, "enabled" | "host", "ingress">();

// Workloads
pinned<
    Settings["bookinfo"],
    BookinfoArgs,
    "enabled",
    "injectedBy" | "istioVersion" | "proxyBootstrap" | "podAnnotations" | "podSecurity"
>();
pinned<
    Settings["clients"],
    ClientsArgs,
    ClientName | "legacy",
    "workloads" | "ownsNamespace" | "legacyNamespace" | "injectedBy" | "istioVersion" | "podAnnotations" | "podSecurity"
>();
pinned<Each<Settings["namespaces"]>, Each<EnrolledNamespacesArgs["namespaces"]>, never, "injectedBy">();
pinned<Each<Settings["services"]>, MeshService, "expose", "name" | "exposure" | "containerPort">();
pinned<NonNullable<Each<Settings["services"]>["expose"]>, Exposure, never, "operations" | "application">();

// Traffic, egress and security
pinned<Each<Settings["traffic"]["services"]>, ServiceTraffic>();
pinned<Each<Settings["egress"]["services"]>, ExternalService, never, "name">();
pinned<Settings["egress"]["bypass"], NonNullable<ControlPlaneArgs["bypass"]>, "workloads">();
pinned<Settings["security"]["mtls"], MtlsArgs, "namespaces" | "services", "workloads">();
pinned<
    Each<Settings["security"]["mtls"]["services"]>,
    Each<MtlsArgs["workloads"]>,
    "ports",
    "name" | "namespace" | "selector"
>();
pinned<Settings["security"]["networkPolicies"], NetworkPoliciesArgs, "enabled", "namespaces">();
type Tokens = Each<Settings["security"]["requestAuthentication"]>;
pinned<Tokens, TokensArgs, "service" | "ports" | "issuers", "target" | "preflights">();
pinned<Each<Tokens["issuers"]>, Each<TokensArgs["issuers"]>, "jwks" | "jwksUri", "keys">();
type Authorization = Settings["security"]["authorization"];
pinned<Each<Authorization["providers"]>, AuthorizerArgs>();
type PolicyRule = Each<Each<Authorization["policies"]>["rules"]>;
pinned<
    NonNullable<PolicyRule["from"]>,
    Source,
    "services" | "gateway",
    // Not offered: the others say the same.
    | ("serviceAccounts" | "notServiceAccounts" | "trustDomains" | "notTrustDomains")
    | ("notIpBlocks" | "notRemoteIpBlocks")
>();
pinned<NonNullable<PolicyRule["to"]>, Operation>();

// @ts-expect-error `surge` is no argument of a node pool: to set it would do nothing
pinned<Each<NewCluster["nodePools"]> & { surge: number }, NodePoolSpec>();

// @ts-expect-error nor at a greater depth
pinned<
    { cycling?: { maximumSurge: string; maximumUnavailable: string; pause: string } },
    NodePoolSpec,
    never,
    Exclude<keyof NodePoolSpec, "cycling">
>();

// @ts-expect-error nothing sets `size`
pinned<Omit<Each<NewCluster["nodePools"]>, "size">, NodePoolSpec>();
