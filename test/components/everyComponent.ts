import type * as pulumi from "@pulumi/pulumi";
import * as library from "../../components";
import { service } from "./traffic/shop";

type Library = typeof library;

/** What of the library is a component. */
export type ComponentName = {
    [Name in keyof Library]: Library[Name] extends new (...args: never[]) => pulumi.ComponentResource ? Name : never;
}[keyof Library];

const compartmentId = "ocid1.compartment.oc1..a";
const tenancyId = "ocid1.tenancy.oc1..a";
const region = "us-ashburn-1";
const namespace = library.ISTIO_NAMESPACE;
const images = { hub: library.IMAGE_HUB, imagePullSecrets: [] };
const extraValues = {};
const replicas = { min: 1, max: 1 };
const gateway = {
    version: library.ISTIO_VERSION,
    chartRepository: library.CHART_REPOSITORY,
    namespace,
    imagePullSecrets: [],
    replicas,
    resources: {},
    extraValues,
};
const ports = { http: 80, https: 443 };
const hosts = [{ host: "shop.example.com", behind: [{ service }] }];
const ingress = { hosts, ports, gatewayNamespace: namespace };
const tls = { mode: "SIMPLE", credentialName: "shop-tls", minProtocolVersion: "TLSV1_2" } as const;

const network: library.NetworkArgs = {
    compartmentId,
    cidr: "10.0.0.0/16",
    subnets: {
        apiEndpoint: "10.0.0.0/28",
        workers: "10.0.1.0/24",
        loadBalancers: "10.0.2.0/24",
        pods: "10.0.32.0/19",
        bastion: "10.0.3.0/28",
    },
    cni: "OCI_VCN_IP_NATIVE",
    endpoint: { public: true, allowedCidrs: [] },
    bastion: { allowedCidrs: ["192.0.2.0/24"] },
    workerInternetAccess: true,
    listeners: { ports: [80], allowedCidrs: ["0.0.0.0/0"] },
    internalLoadBalancer: false,
};

export const cluster: library.OkeClusterArgs = {
    compartmentId,
    network: library.existingNetwork({
        vcnId: "ocid1.vcn.oc1..a",
        subnets: {
            apiEndpoint: "ocid1.subnet.oc1..a",
            workers: "ocid1.subnet.oc1..b",
            pods: "ocid1.subnet.oc1..c",
            loadBalancers: "ocid1.subnet.oc1..d",
        },
        nsgs: { apiEndpoint: [], workers: [], pods: [], loadBalancers: [] },
    }),
    kubernetesVersion: "v1.34.2",
    cni: "OCI_VCN_IP_NATIVE",
    endpoint: { public: true },
    podsCidr: "10.244.0.0/16",
    servicesCidr: "10.96.0.0/16",
    nodePools: [
        {
            name: "default",
            shape: "VM.Standard.E5.Flex",
            ocpus: 2,
            memoryInGbs: 16,
            size: 3,
            maxPodsPerNode: 31,
            bootVolumeSizeInGbs: 100,
            labels: {},
            faultDomains: [],
        },
    ],
};

/** A service with two versions. */
export const cart: library.MeshService = {
    name: "cart",
    host: "cart",
    namespace: "shop",
    port: 80,
    protocol: "http",
    versions: { v1: { version: "v1" }, v2: { version: "v2" } },
    selector: { app: "cart" },
    serviceAccount: "cart",
};

const apm = { uploadHost: "aaaa.apm-agt.us-ashburn-1.oci.oraclecloud.com", dataKey: "KEY" };
const tracing = library.tracingPlan({
    backend: "apm",
    transport: "collector",
    sampling: 1,
    customTags: {},
    apm,
});

/**
 * Every component of the library with arguments that make many children: a component without an entry here does not
 * compile, so the tests that go through this table leave none out.
 */
export const EVERY_COMPONENT: {
    [Name in ComponentName]: (name: string, opts: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;
} = {
    Network: (name, opts) => new library.Network(name, network, opts),
    OkeCluster: (name, opts) => new library.OkeCluster(name, cluster, opts),
    DnsRecords: (name, opts) =>
        new library.DnsRecords(name, { zone: "example.com", hosts: ["a"], address: "192.0.2.1", ttl: 60 }, opts),
    ApmDomain: (name, opts) => new library.ApmDomain(name, { compartmentId, region }, opts),
    ApmMetrics: (name, opts) => new library.ApmMetrics(name, { domainId: "ocid1.apmdomain.oc1..a" }, opts),
    ApmMonitor: (name, opts) =>
        new library.ApmMonitor(
            name,
            { domainId: "ocid1.apmdomain.oc1..a", target: "https://shop.example.com/", region },
            opts,
        ),
    ApmDashboard: (name, opts) => new library.ApmDashboard(name, { compartmentId }, opts),
    ContainerLogging: (name, opts) => new library.ContainerLogging(name, { compartmentId, tenancyId }, opts),
    Alarms: (name, opts) =>
        new library.Alarms(
            name,
            {
                compartmentId,
                subscriptions: [{ protocol: "EMAIL", endpoint: "oncall@example.com" }],
                severity: "CRITICAL",
                pendingMinutes: 5,
                cluster: { clusterId: "ocid1.cluster.oc1..a", apiServerErrorsPerMinute: 10 },
            },
            opts,
        ),
    ControlPlane: (name, opts) =>
        new library.ControlPlane(
            name,
            {
                ...images,
                version: library.ISTIO_VERSION,
                chartRepository: library.CHART_REPOSITORY,
                nativeNftables: false,
                replicas,
                resources: {},
                proxyResources: {},
                cni: { enabled: true },
                canary: { revision: "default" },
                meshConfig: {
                    trustDomain: "cluster.local",
                    outboundTrafficPolicy: "ALLOW_ANY",
                    accessLogEncoding: "JSON",
                    holdApplicationUntilProxyStarts: true,
                    dnsCapture: false,
                },
                tracing: library.tracingPlan({
                    backend: "apm",
                    transport: "otlp",
                    sampling: 1,
                    customTags: {},
                    apm,
                }).istiod,
                extraValues: { base: {}, istiod: {} },
            },
            opts,
        ),
    IngressGateway: (name, opts) =>
        new library.IngressGateway(
            name,
            { ...gateway, serviceType: "LoadBalancer", ports: [{ name: "http2", port: 80 }] },
            opts,
        ),
    EgressGateway: (name, opts) => new library.EgressGateway(name, { ...gateway, ports: [443] }, opts),
    MeshTelemetry: (name, opts) => new library.MeshTelemetry(name, { namespace, tracing }, opts),
    EnrolledNamespaces: (name, opts) =>
        new library.EnrolledNamespaces(
            name,
            { namespaces: { shop: { source: "new" }, stock: { source: "existing" } } },
            opts,
        ),
    TrafficPolicies: (name, opts) =>
        new library.TrafficPolicies(name, { services: [service], traffic: { shop: { timeout: "5s" } } }, opts),
    RateLimits: (name, opts) =>
        new library.RateLimits(
            name,
            { services: [{ service, traffic: { rateLimit: [{ requests: 10, per: "1s" }] } }] },
            opts,
        ),
    IstioIngress: (name, opts) => new library.IstioIngress(name, ingress, opts),
    GatewayApiIngress: (name, opts) =>
        new library.GatewayApiIngress(
            name,
            {
                ...ingress,
                routes: [
                    {
                        service,
                        at: library.hostListeners(ingress).map(([, at]) => at),
                        pods: [],
                    },
                ],
            },
            opts,
        ),
    KubernetesIngress: (name, opts) =>
        new library.KubernetesIngress(name, { ...ingress, className: "istio", waitForAddress: true }, opts),
    ExternalServices: (name, opts) =>
        new library.ExternalServices(
            name,
            {
                namespace,
                services: [
                    {
                        name: "api",
                        hosts: ["api.example.com"],
                        ports: [{ port: 443, protocol: "HTTPS" }],
                        via: "gateway",
                    },
                ],
            },
            opts,
        ),
    SidecarScopes: (name, opts) => new library.SidecarScopes(name, { reaches: { shop: [] } }, opts),
    SecurityPolicies: (name, opts) =>
        new library.SecurityPolicies(
            name,
            {
                mtls: { mode: "STRICT", namespaces: {}, workloads: [] },
                policies: [library.allowNothing("shop")],
                tokens: [
                    {
                        name: "users",
                        target: { namespace, selector: library.GATEWAY_SELECTOR, ports: [80] },
                        issuers: [
                            {
                                issuer: "https://id.example.com",
                                keys: { jwksUri: "https://id.example.com/keys" },
                                audiences: [],
                                forwardOriginalToken: false,
                            },
                        ],
                        require: [{ claims: {} }],
                    },
                ],
                network: { namespaces: ["shop"], egressCidrs: [] },
            },
            opts,
        ),
    CertManager: (name, opts) => new library.CertManager(name, {}, opts),
    GatewayCertificates: (name, opts) =>
        new library.GatewayCertificates(
            name,
            {
                namespace,
                certificates: [
                    {
                        credentialName: "shop-tls",
                        hosts: ["shop.example.com"],
                        mutual: true,
                        from: { source: "generated", validityDays: 90, renewBeforeDays: 30 },
                    },
                    {
                        credentialName: "stock-tls",
                        hosts: ["stock.example.com"],
                        mutual: false,
                        from: { source: "cert-manager", issuer: { name: "letsencrypt", kind: "ClusterIssuer" } },
                    },
                ],
            },
            opts,
        ),
    Addons: (name, opts) =>
        new library.Addons(
            name,
            {
                namespace,
                istioVersion: library.ISTIO_VERSION,
                prometheus: { extraValues },
                grafana: { extraValues, ingress: { host: "grafana.example.com", port: 443, tls } },
                jaeger: { extraValues },
                kiali: { extraValues, signIn: "token" },
            },
            opts,
        ),
    Bookinfo: (name, opts) =>
        new library.Bookinfo(
            name,
            {
                ...images,
                namespace: "bookinfo",
                tag: library.BOOKINFO_TAG,
                replicas: 2,
                istioVersion: library.ISTIO_VERSION,
            },
            opts,
        ),
    Clients: (name, opts) =>
        new library.Clients(
            name,
            {
                namespace: "clients",
                ownsNamespace: true,
                workloads: ["curl"],
                legacyNamespace: library.LEGACY_NAMESPACE,
                imagePullSecrets: [],
                istioVersion: library.ISTIO_VERSION,
            },
            opts,
        ),
};
