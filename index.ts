import { ControlPlane } from "./components/istio/controlPlane";
import { IngressGateway } from "./components/istio/ingressGateway";
import { tracingPlan } from "./components/istio/tracing/tracingPlan";
import { TrafficPolicies } from "./components/traffic/trafficPolicies";
import { loadSettings } from "./config/load";
import { requireClusterAccess } from "./config/machine";
import { resolveMesh } from "./mesh/mesh";
import { provideAddons } from "./stack/addons";
import { recordHosts, reserveAddress } from "./stack/address";
import { provideCluster } from "./stack/cluster";
import { controlPlaneArgs } from "./stack/controlPlane";
import { governEgress } from "./stack/egress";
import { ingressGatewayArgs, isPublic, productpageUrl, serviceUrls } from "./stack/gateway";
import { openServices, provideCertificates } from "./stack/ingress";
import { collectLogs, observeMesh, provideApm, raiseAlarms, watchApplication } from "./stack/observability";
import { addonOutputs, certificateOutputs, stackOutputs } from "./stack/outputs";
import { limitRates } from "./stack/rateLimits";
import { secureMesh } from "./stack/security";
import { provideWorkloads } from "./stack/workloads";

// What exists is decided here, by settings that are checked before anything is registered.
const settings = loadSettings();
requireClusterAccess(settings.cluster);
const mesh = resolveMesh(settings);

// Guide: "Creating an OKE cluster"
const foundation = provideCluster(settings, mesh);
const { cluster, network } = foundation;
const inCluster = { provider: cluster.provider, deletedWith: cluster.deletedWith };

// Guide: "Performing Distributed Tracing with OCI Application Performance Monitoring"
const apm = provideApm(settings, foundation);

// Guide: "Installing Istio with istioctl"
const tracing = tracingPlan({ ...settings.tracing, apm });
const controlPlane = new ControlPlane("istio", controlPlaneArgs(settings, tracing), inCluster);
const onMesh = { ...inCluster, dependsOn: controlPlane };
observeMesh(settings, tracing, controlPlane.namespace, onMesh);
const reservedIp = reserveAddress(settings, foundation);
const gatewayArgs = ingressGatewayArgs(settings, mesh, network, controlPlane.namespace, tracing.bootstrap, reservedIp);
const ingressGateway = new IngressGateway("istio-ingressgateway", gatewayArgs, onMesh);
recordHosts(settings, mesh, foundation, ingressGateway, reservedIp);

// Guide: "Running the Bookinfo Application"
const workloads = provideWorkloads(settings, mesh, tracing.bootstrap, onMesh);
const onWorkloads = { ...inCluster, dependsOn: [controlPlane, ...workloads.namespaces] };

// Guide: "Managing Traffic"
const routing = new TrafficPolicies("traffic", mesh, onWorkloads);
limitRates(settings, mesh, controlPlane.namespace, onWorkloads);

// Guide: "Managing Gateways", "Securing Gateways with TLS"
const certificates = provideCertificates(settings, mesh, controlPlane.namespace, onMesh);
const before = [...onWorkloads.dependsOn, ...routing.destinationRules, ...(certificates ? [certificates] : [])];
openServices(settings, mesh, workloads.answering, controlPlane.namespace, { ...inCluster, dependsOn: before });

// Guide: "Accessing External Services with Egress"
governEgress(settings, mesh, controlPlane.namespace, onWorkloads);

// Guide: "Securing Istio"
secureMesh(settings, mesh, workloads.onSidecars);

// Guide: "Adding Istio Integration Applications"
const addons = provideAddons(settings, mesh, controlPlane.namespace, certificates, onMesh);

const page = productpageUrl(settings, mesh, ingressGateway);

// Guide: "Observing Logs with OCI Logging", and APM's metrics and alarms
const logs = collectLogs(settings, foundation);
const monitor = watchApplication(settings, foundation, apm, isPublic(settings) ? page : undefined);
raiseAlarms(settings, foundation, apm, monitor);

// Resources of your own: docs/library.md#add-resources-to-this-program

export = stackOutputs({
    kubeconfig: cluster.kubeconfig,
    gatewayAddress: ingressGateway.address,
    productpageUrl: page,
    serviceUrls: serviceUrls(settings, mesh, ingressGateway),
    apmDomainId: apm?.domainId,
    apmTraceExplorer: apm?.traceExplorerUrl,
    logGroupId: logs?.logGroupId,
    istioVersion: controlPlane.version,
    ...certificateOutputs(certificates),
    ...addonOutputs(addons),
});
