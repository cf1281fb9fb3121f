import * as kubernetes from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import {
    EnrolledNamespaces,
    GATEWAY_SERVICE_ACCOUNT,
    ISTIO_NAMESPACE,
    IstioIngress,
    SecurityPolicies,
    TrafficPolicies,
    zeroTrustPolicies,
    type ExposedService,
    type MeshService,
} from "oke-mesh";

// The platform team's stack has the cluster, the control plane and the gateway. This one has the application's part of the
// mesh, all of it in the application's own namespace: docs/environments.md#two-teams-one-cluster
const platform = new pulumi.StackReference(new pulumi.Config().require("platform"));
const kubeconfig = platform.requireOutput("kubeconfig");
const provider = new kubernetes.Provider("platform-kubernetes", {
    kubeconfig,
    // A kubeconfig that a preview does not know yet would look like another cluster.
    clusterIdentifier: platform.name,
});

const namespace = "shop";
const host = "shop.example.com";

const orders: MeshService = {
    name: "orders",
    host: "orders",
    namespace,
    port: 8080,
    protocol: "http",
    versions: { v1: { version: "v1" }, v2: { version: "v2" } },
    selector: { app: "orders" },
    serviceAccount: "orders",
};
const storefront: ExposedService = {
    ...orders,
    name: "storefront",
    host: "storefront",
    versions: {},
    selector: { app: "storefront" },
    serviceAccount: "storefront",
    exposure: { hosts: [host], paths: [{ prefix: "/" }] },
};
const services = [storefront, orders];

const enrolled = new EnrolledNamespaces("shop", { namespaces: { [namespace]: { source: "new" } } }, { provider });
const inShop = { provider, dependsOn: enrolled.namespaces };

const canary = { orders: { route: { v1: 90, v2: 10 } } };
new TrafficPolicies("shop-traffic", { services, traffic: canary }, inShop);

new IstioIngress(
    "shop-ingress",
    {
        application: { name: "shop", namespace },
        hosts: [
            {
                host,
                // The platform team keeps the certificate's Secret in the gateway's namespace.
                tls: { mode: "SIMPLE", credentialName: "shop-tls", minProtocolVersion: "TLSV1_2" },
                behind: [{ service: storefront }],
            },
        ],
        ports: { http: 80, https: 443 },
        gatewayNamespace: ISTIO_NAMESPACE,
    },
    inShop,
);

const calls = { storefront: ["orders"] };
const gateway = { namespace: ISTIO_NAMESPACE, serviceAccount: GATEWAY_SERVICE_ACCOUNT };
const policies = zeroTrustPolicies({ namespaces: [namespace], services, calls, gateway, trustDomain: "cluster.local" });
const mtls = { mode: "PERMISSIVE" as const, namespaces: { [namespace]: "STRICT" as const }, workloads: [] };
new SecurityPolicies("shop-security", { mtls, policies, tokens: [] }, inShop);

export const url = `https://${host}/`;
export const gatewayAddress = platform.requireOutput("gatewayAddress");
