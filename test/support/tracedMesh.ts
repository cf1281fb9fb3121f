import { ControlPlane } from "../../components/istio/controlPlane";
import { IngressGateway } from "../../components/istio/ingressGateway";
import { MeshTelemetry } from "../../components/istio/meshTelemetry";
import { dataKeyType, tracingPlan, type TracingArgs } from "../../components/istio/tracing/tracingPlan";
import { CHART_REPOSITORY, IMAGE_HUB } from "../../components/istio/versions";
import { isExposed } from "../../components/mesh/meshService";
import { IstioIngress } from "../../components/traffic/ingress/istioIngress";
import { Bookinfo } from "../../components/workloads/bookinfo";
import { bookinfoMeshServices } from "../../components/workloads/bookinfoServices";
import type { Plan } from "../../plan/model";
import { record } from "../../plan/record/record";
import { istioVersion, TEST_PROXIES } from "../cluster/support/cluster";

/** Stands outside the cluster for the endpoint of an APM domain. */
export const HOST = "apm.example.oraclecloud.com";

/** What the access log says of a request, in this test. */
export interface Logged {
    requestId: string;
    traceId: string;
    path: string;
    code: number;
}

const ACCESS_LOG: Record<keyof Logged, string> = {
    requestId: "%REQ(X-REQUEST-ID)%",
    traceId: "%TRACE_ID%",
    path: "%REQ(:PATH)%",
    code: "%RESPONSE_CODE%",
};

/** What these tests want to see besides: trace ids in the log. */
const observed = { accessLogFormat: JSON.stringify(ACCESS_LOG), defaultConfig: TEST_PROXIES };

export const none: TracingArgs = { backend: "none", transport: "otlp", sampling: 100, customTags: {} };
export const toApm = (transport: TracingArgs["transport"], dataKey: string): TracingArgs => ({
    ...none,
    backend: "apm",
    transport,
    customTags: { stage: "test", user: "header:end-user" },
    // Not a secret here: what is deployed is what the recording says.
    apm: { uploadHost: HOST, dataKey },
});

export const isPublicKey = (tracing: TracingArgs) => dataKeyType(tracing) === "PUBLIC";

/** The mesh of the guide with Bookinfo in it, traced. */
export async function meshWith(tracing: TracingArgs, accessLogFilter?: string): Promise<Plan> {
    const plan = await recordMesh(tracing, accessLogFilter);
    // The SDK makes the content of every Secret a secret, and a recording does not keep those.
    const bootstrap = tracingPlan(tracing).bootstrap?.json;
    const stringData: Record<string, string> = bootstrap
        ? { "custom_bootstrap.json": await new Promise<string>((resolve) => bootstrap.apply(resolve)) }
        : { authorization: `dataKey ${tracing.apm?.dataKey as string}` };
    const filled = plan.resources.map((resource) =>
        resource.inputs.kind === "Secret" ? { ...resource, inputs: { ...resource.inputs, stringData } } : resource,
    );
    return { ...plan, resources: filled };
}

function recordMesh(tracingArgs: TracingArgs, accessLogFilter?: string): Promise<Plan> {
    const replicas = { min: 1, max: 1 };
    const chartRepository = process.env.ISTIO_CHARTS ?? CHART_REPOSITORY;
    const shared = { version: istioVersion(), chartRepository, imagePullSecrets: [], replicas };
    const resources = { requests: { cpu: "10m", memory: "64Mi" } };
    return record({ stack: "local" }, () => {
        const tracing = tracingPlan(tracingArgs);
        const controlPlane = new ControlPlane(
            "istio",
            {
                ...shared,
                hub: IMAGE_HUB,
                resources,
                proxyResources: resources,
                nativeNftables: false,
                meshConfig: {
                    trustDomain: "cluster.local",
                    outboundTrafficPolicy: "ALLOW_ANY",
                    accessLogEncoding: "JSON",
                    holdApplicationUntilProxyStarts: false,
                    dnsCapture: false,
                },
                tracing: tracing.istiod,
                extraValues: { base: {}, istiod: { meshConfig: observed } },
            },
            {},
        );
        const onMesh = { dependsOn: controlPlane };
        const { namespace } = controlPlane;
        if (tracing.telemetry || accessLogFilter) {
            new MeshTelemetry("telemetry", { namespace, tracing, accessLogFilter }, onMesh);
        }
        const proxyBootstrap = tracing.bootstrap;
        const serviceType = process.env.GATEWAY_SERVICE_TYPE === "NodePort" ? "NodePort" : "LoadBalancer";
        const ports = [{ name: "http2", port: 80 }];
        new IngressGateway(
            "gateway",
            { ...shared, namespace, serviceType, ports, resources, proxyBootstrap, extraValues: {} },
            onMesh,
        );
        const bookinfo = { namespace: "bookinfo", hub: IMAGE_HUB, tag: "1.20.3", imagePullSecrets: [], replicas: 1 };
        const application = new Bookinfo(
            "bookinfo",
            { ...bookinfo, istioVersion: istioVersion(), proxyBootstrap },
            onMesh,
        );
        const service = bookinfoMeshServices("bookinfo", ["*"]).find(isExposed)!;
        const onBookinfo = { ...onMesh, dependsOn: [controlPlane, application.namespaceResource] };
        new IstioIngress(
            "ingress",
            {
                application: { name: "bookinfo", namespace: service.namespace },
                hosts: [{ host: "*", behind: [{ service }] }],
                ports: { http: 80, https: 443 },
                gatewayNamespace: namespace,
            },
            onBookinfo,
        );
    });
}
