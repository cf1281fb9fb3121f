import { Addons } from "./components/addons/addons";
import { ControlPlane } from "./components/istio/controlPlane";
import { gatewayUrl } from "./components/istio/gatewayUrl";
import { IngressGateway } from "./components/istio/ingressGateway";
import { MeshTelemetry } from "./components/istio/meshTelemetry";
import { tracingPlan } from "./components/istio/tracing/tracingPlan";
import { stackOutputs } from "./stack/outputs";
import { SecurityPolicies } from "./components/security/securityPolicies";
import { BookinfoIngress } from "./components/traffic/bookinfoIngress";
import { loadSettings } from "./config/load";
import { requireClusterAccess } from "./config/machine";
import { addonsArgs, howToOpen } from "./stack/addons";
import { provideCluster } from "./stack/cluster";
import { controlPlaneArgs } from "./stack/controlPlane";
import { ingressGatewayArgs, isPublic } from "./stack/gateway";
import { collectLogs, provideApm, raiseAlarms } from "./stack/observability";
import { securityPoliciesArgs } from "./stack/security";
import { provideWorkloads } from "./stack/workloads";

// What exists is decided here, by settings that are checked before anything is registered.
const settings = loadSettings();
const { gateway, bookinfo } = settings;
requireClusterAccess(settings.cluster);

// Guide: "Creating an OKE cluster"
const ground = provideCluster(settings);
const { cluster, network } = ground;
const inCluster = { provider: cluster.provider, deletedWith: cluster.deletedWith };

// Guide: "Performing Distributed Tracing with OCI Application Performance Monitoring"
const apm = provideApm(settings, ground);

// Guide: "Installing Istio with istioctl"
const tracing = tracingPlan({ ...settings.tracing, apm });
const controlPlane = new ControlPlane("istio", controlPlaneArgs(settings, tracing), inCluster);
const onMesh = { ...inCluster, dependsOn: controlPlane };
const { accessLogFilter } = settings.logging;
if (tracing.telemetry || accessLogFilter) {
    new MeshTelemetry("telemetry", { namespace: controlPlane.namespace, tracing, accessLogFilter }, onMesh);
}
const ingressGateway = new IngressGateway(
    "istio-ingressgateway",
    { ...ingressGatewayArgs(settings, network, controlPlane.namespace), proxyBootstrap: tracing.bootstrap },
    onMesh,
);

// Guide: "Running the Bookinfo Application"
const workloads = provideWorkloads(settings, tracing.bootstrap, onMesh);
const onWorkloads = { ...inCluster, dependsOn: [controlPlane, ...workloads.namespaces] };
if (bookinfo.enabled) {
    const { namespace } = bookinfo;
    const { hosts, ports, tls } = gateway;
    const https = tls && { ...tls, port: ports.https };
    new BookinfoIngress("bookinfo-ingress", { namespace, hosts, httpPort: ports.http, https }, onWorkloads);
}

// Guide: "Securing Istio"
new SecurityPolicies("security", securityPoliciesArgs(settings), workloads.onSidecars);

// Guide: "Adding Istio Integration Applications"
const enabled = addonsArgs(settings);
const addons = enabled && new Addons("addons", { ...enabled, namespace: controlPlane.namespace }, onMesh);

const gatewayAddress = ingressGateway.address;
const productpageUrl = bookinfo.enabled ? gatewayUrl(gateway, "/productpage", gatewayAddress) : undefined;

// Guide: "Observing Logs with OCI Logging", and APM's metrics and alarms
const logs = collectLogs(settings, ground);
raiseAlarms(settings, ground, apm, isPublic(settings) ? productpageUrl : undefined);

export = stackOutputs({
    kubeconfig: cluster.kubeconfig,
    gatewayAddress,
    productpageUrl,
    apmDomainId: apm?.domainId,
    apmTraceExplorer: apm?.traceExplorerUrl,
    logGroupId: logs?.logGroupId,
    istioVersion: controlPlane.version,
    addons: addons && howToOpen(addons),
    grafanaAdminPassword: addons?.grafanaAdminPassword,
});
