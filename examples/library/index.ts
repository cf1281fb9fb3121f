import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import {
    connect,
    ControlPlane,
    EnrolledNamespaces,
    IngressGateway,
    IstioIngress,
    SecurityPolicies,
    Telemetry,
    TrafficPolicies,
    zeroTrustPolicies,
    type ExposedService,
} from "oke-mesh";

// The cluster of your kubeconfig, Istio in it, and a gateway with a load balancer.
const { provider } = connect("cluster", { source: "kubeconfig" });
const controlPlane = new ControlPlane("istio", { replicas: { min: 2, max: 5 } }, { provider });
const onMesh = { provider, dependsOn: controlPlane };
const gateway = new IngressGateway("gateway", { namespace: controlPlane.namespace }, onMesh);

// An application, as in any Pulumi program, in a namespace whose pods get sidecars.
const namespace = "shop";
const labels = { app: "storefront", version: "v1" };
const enrolled = new EnrolledNamespaces("namespaces", { namespaces: { [namespace]: { source: "new" } } }, onMesh);
const inShop = { provider, dependsOn: enrolled };
const metadata = { name: "storefront", namespace, labels };
new ServiceAccount("storefront", { metadata }, inShop);
new Service(
    "storefront",
    { metadata, spec: { selector: { app: "storefront" }, ports: [{ name: "http", port: 80, targetPort: 8080 }] } },
    inShop,
);
const containers = [{ name: "storefront", image: "docker.io/mccutchen/go-httpbin:v2.15.0" }];
const template = { metadata: { labels }, spec: { serviceAccountName: "storefront", containers } };
const pods = new Deployment("storefront", { metadata, spec: { selector: { matchLabels: labels }, template } }, inShop);

// The same application as the mesh sees it: what is open at the gateway, and how requests are treated.
const storefront: ExposedService = {
    name: "storefront",
    host: "storefront",
    namespace,
    port: 80,
    protocol: "http",
    versions: { v1: { version: "v1" } },
    selector: { app: "storefront" },
    serviceAccount: "storefront",
    exposure: { hosts: ["shop.example.com"], paths: [{ prefix: "/" }] },
};
const traffic = { storefront: { timeout: "5s", retries: { attempts: 2 } } };
const routing = new TrafficPolicies("traffic", { services: [storefront], traffic }, inShop);
const hosts = [{ host: "shop.example.com", behind: [{ service: storefront, pods: [pods] }] }];
const { namespace: gatewayNamespace } = controlPlane;
new IstioIngress("ingress", { hosts, gatewayNamespace }, { provider, dependsOn: [enrolled, routing] });

// Sidecars talk over mutual TLS, and nobody but the gateway may call the storefront.
const policies = zeroTrustPolicies({ namespaces: [namespace], services: [storefront] });
new SecurityPolicies("security", { mtls: { mode: "STRICT" }, policies }, { provider, dependsOn: [enrolled, pods] });

// What no component covers: Istio's kinds, typed to the last field.
const spec = { accessLogging: [{ providers: [{ name: "envoy" }], filter: { expression: "response.code >= 500" } }] };
new Telemetry("only-errors", { metadata: { name: "only-errors", namespace }, spec }, inShop);

export const address = gateway.address;
