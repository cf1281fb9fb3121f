import * as pulumi from "@pulumi/pulumi";
import { ControlPlane } from "./components/istio/controlPlane";
import { gatewayUrl } from "./components/istio/gatewayUrl";
import { IngressGateway } from "./components/istio/ingressGateway";
import { connect } from "./components/kubernetesCluster";
import { Network } from "./components/oci/network";
import { existingNetwork, type OkeNetwork } from "./components/oci/okeNetwork";
import { ociProvider } from "./components/oci/provider";
import { BookinfoIngress } from "./components/traffic/bookinfoIngress";
import { stackOutputs } from "./components/outputs";
import { Bookinfo } from "./components/workloads/bookinfo";
import { loadSettings } from "./config/load";
import { requireClusterAccess } from "./config/machine";
import { LOAD_BALANCER_DEFAULTS } from "./config/schema/gateway";

// What exists is decided here, by settings that are checked before anything is registered.
const settings = loadSettings();
const { istio, gateway, bookinfo } = settings;
requireClusterAccess(settings.cluster);

const compartmentId = settings.compartmentId ?? "";
const displayName = `${pulumi.getProject()}-${pulumi.getStack()}`;
const tags = { freeformTags: settings.tags.freeform, definedTags: settings.tags.defined };
const loadBalancer = gateway.loadBalancer ?? LOAD_BALANCER_DEFAULTS;
const ports = [
    { name: "http2", port: gateway.ports.http },
    ...(gateway.tls ? [{ name: "https", port: gateway.ports.https }] : []),
];

// Guide: "Creating an OKE cluster"
const oci = { provider: settings.oci && ociProvider("oci", settings.oci) };
let network: OkeNetwork | undefined;
if (settings.network?.source === "existing") {
    network = existingNetwork(settings.network);
} else if (settings.network && settings.cluster.source === "new") {
    const { cni, endpoint, protect } = settings.cluster;
    const { allowedCidrs, internal: internalLoadBalancer } = loadBalancer;
    const opened = gateway.serviceType === "LoadBalancer" ? ports : [];
    const listeners = { ports: opened.map(({ port }) => port), allowedCidrs };
    const around = { compartmentId, displayName, cni, endpoint, protect, listeners, internalLoadBalancer };
    network = new Network("network", { ...settings.network, ...around, ...tags }, oci);
}
const surroundings = { compartmentId, network, displayName, signIn: settings.oci, ...tags };
const cluster = connect("oke", settings.cluster, surroundings, oci);
const inCluster = { provider: cluster.provider, deletedWith: cluster.deletedWith };

// Guide: "Installing Istio with istioctl"
const controlPlane = new ControlPlane("istio", istio, inCluster);
const onMesh = { ...inCluster, dependsOn: controlPlane };
const ingressGateway = new IngressGateway(
    "istio-ingressgateway",
    {
        ...gateway,
        version: istio.version,
        chartRepository: istio.chartRepository,
        imagePullSecrets: istio.imagePullSecrets,
        namespace: controlPlane.namespace,
        ports,
        ociLoadBalancer: network && {
            ...loadBalancer,
            subnetId: network.subnetIds.loadBalancers,
            nsgIds: network.nsgIds.loadBalancers,
            ...tags,
        },
    },
    onMesh,
);

// Guide: "Running the Bookinfo Application"
if (bookinfo.enabled) {
    const application = new Bookinfo("bookinfo", { ...bookinfo, istioVersion: istio.version }, onMesh);
    const https = gateway.tls && { ...gateway.tls, port: gateway.ports.https };
    const {
        hosts,
        ports: { http: httpPort },
    } = gateway;
    new BookinfoIngress("bookinfo-ingress", { namespace: application.namespace, hosts, httpPort, https }, onMesh);
}

const gatewayAddress = ingressGateway.address;

export = stackOutputs({
    kubeconfig: cluster.kubeconfig,
    gatewayAddress,
    productpageUrl: bookinfo.enabled ? gatewayUrl(gateway, "/productpage", gatewayAddress) : undefined,
    istioVersion: controlPlane.version,
});
