import { ControlPlane } from "./components/istio/controlPlane";
import { gatewayUrl } from "./components/istio/gatewayUrl";
import { IngressGateway } from "./components/istio/ingressGateway";
import { stackOutputs } from "./stack/outputs";
import { BookinfoIngress } from "./components/traffic/bookinfoIngress";
import { Bookinfo } from "./components/workloads/bookinfo";
import { loadSettings } from "./config/load";
import { requireClusterAccess } from "./config/machine";
import { provideCluster } from "./stack/cluster";
import { ingressGatewayArgs } from "./stack/gateway";

// What exists is decided here, by settings that are checked before anything is registered.
const settings = loadSettings();
const { istio, gateway, bookinfo } = settings;
requireClusterAccess(settings.cluster);

// Guide: "Creating an OKE cluster"
const { cluster, network } = provideCluster(settings);
const inCluster = { provider: cluster.provider, deletedWith: cluster.deletedWith };

// Guide: "Installing Istio with istioctl"
const controlPlane = new ControlPlane("istio", istio, inCluster);
const onMesh = { ...inCluster, dependsOn: controlPlane };
const ingressGateway = new IngressGateway(
    "istio-ingressgateway",
    ingressGatewayArgs(settings, network, controlPlane.namespace),
    onMesh,
);

// Guide: "Running the Bookinfo Application"
if (bookinfo.enabled) {
    const { namespace } = new Bookinfo("bookinfo", { ...bookinfo, istioVersion: istio.version }, onMesh);
    const { hosts, ports, tls } = gateway;
    const https = tls && { ...tls, port: ports.https };
    new BookinfoIngress("bookinfo-ingress", { namespace, hosts, httpPort: ports.http, https }, onMesh);
}

const gatewayAddress = ingressGateway.address;

export = stackOutputs({
    kubeconfig: cluster.kubeconfig,
    gatewayAddress,
    productpageUrl: bookinfo.enabled ? gatewayUrl(gateway, "/productpage", gatewayAddress) : undefined,
    istioVersion: controlPlane.version,
});
