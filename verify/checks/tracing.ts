import { ZIPKIN } from "../../components/addons/zipkin";
import { TRACE_VIEWER } from "../../components/addons/traceViewer";
import { ISTIO_NAMESPACE } from "../../components/istio/versions";
import { gatewayProxies } from "../accessLog";
import { askPage } from "../backends";
import { clock } from "../clock";
import { failed, passed, type Cause, type Check, type Finding, type Subject } from "../check";
import { askAt, openedBy, refusesUs, type Opened } from "../entrances";
import { withoutOci } from "../onOci";
import { newTrace, tracersOf } from "../traces";

const GUIDE = "Configuring Istio to Send Traces to APM";

/** Seconds until spans must have arrived. Proxies send them every few seconds; APM shows them after half a minute. */
const ARRIVED_SECONDS = { jaeger: 30, zipkin: 30, apm: 75 };

/** The gateway has a tracer, and a request that asks for it becomes a trace. */
export function tracingChecks(subject: Subject): Check[] {
    const { backend, transport } = subject.settings.tracing;
    const opened = openedBy(subject.mesh).find((each) => each.service && !refusesUs(each, subject));
    if (backend === "none") {
        return [];
    }
    // The guide's way sets the tracer in the bootstrap, where every proxy has it.
    const inListeners = transport !== "bootstrap" || backend !== "apm";
    return [
        ...(inListeners ? [tracer(subject)] : []),
        ...(opened ? [trace(opened, WHERE[backend], ARRIVED_SECONDS[backend], subject)] : []),
    ];
}

function tracer({ cluster }: Subject): Check {
    return {
        group: "tracing",
        name: "tracer of the gateway",
        expected: "its proxy knows where to send spans",
        guide: GUIDE,
        run: async () => {
            const [proxy] = await gatewayProxies(cluster);
            if (!proxy) {
                return failed("the gateway has no pod", [{ what: "The gateway does not run.", fix: "See install." }]);
            }
            const [name] = await tracersOf(proxy, cluster);
            return name === undefined ? failed("no tracer", [NO_TRACER]) : passed(name);
        },
    };
}

const NO_TRACER: Cause = {
    what: "istiod leaves tracing out: the Telemetry object is missing, or the mesh does not know the backend's host.",
    fix: "Run pulumi up --refresh. The host is that of the ServiceEntry tracing-backend, or of the add-on's Service.",
    command: "kubectl get telemetries,serviceentries,services -n istio-system",
};

/** Who or what the spans of a trace are of; undefined while the backend has no such trace; or what else became of it. */
type Look = (traceId: string, subject: Subject) => Promise<string[] | undefined | Finding>;

interface Backend {
    name: string;
    look: Look;
}

/** OTLP as JSON. https://www.jaegertracing.io/docs/2.19/architecture/apis/ */
interface JaegerTrace {
    result: {
        resourceSpans: {
            resource: { attributes: { key: string; value: { stringValue?: string } }[] };
        }[];
    };
}

/** https://zipkin.io/zipkin-api/ */
type ZipkinTrace = { localEndpoint?: { serviceName?: string } }[];

interface ApmTrace {
    spans?: { "operation-name"?: string | null }[];
}

const WHERE: Record<"jaeger" | "zipkin" | "apm", Backend> = {
    jaeger: {
        name: "Jaeger",
        look: (traceId, { cluster }) =>
            asked<JaegerTrace>(cluster, TRACE_VIEWER, `/api/v3/traces/${traceId}`, ({ result }) =>
                result.resourceSpans.flatMap(({ resource }) =>
                    resource.attributes
                        .filter(({ key }) => key === "service.name")
                        .map(({ value }) => value.stringValue ?? "?"),
                ),
            ),
    },
    zipkin: {
        name: "Zipkin",
        look: (traceId, { cluster }) =>
            asked<ZipkinTrace>(cluster, ZIPKIN, `/api/v2/trace/${traceId}`, (spans) =>
                spans.map(({ localEndpoint }) => localEndpoint?.serviceName ?? "?"),
            ),
    },
    apm: { name: "APM", look: inApm },
};

async function asked<T>(
    cluster: Subject["cluster"],
    at: { service: string; port: number },
    path: string,
    servicesIn: (trace: T) => string[],
): Promise<string[] | undefined | Finding> {
    const answer = await askPage(cluster, { namespace: ISTIO_NAMESPACE, ...at, path });
    if (answer?.status === 404) {
        return undefined;
    }
    return answer?.status === 200
        ? servicesIn(JSON.parse(answer.body) as T)
        : failed(answer ? `status ${answer.status} at ${path}` : "no ready pod", [NO_BACKEND]);
}

const NO_BACKEND: Cause = {
    what: "The add-on does not answer.",
    fix: "See the checks of addons.",
    command: `kubectl get pods,services -n ${ISTIO_NAMESPACE}`,
};

/** https://docs.oracle.com/en-us/iaas/tools/oci-cli/latest/oci_cli_docs/cmdref/apm-traces/trace/trace/get.html */
async function inApm(traceId: string, { oci, outputs, settings }: Subject) {
    const { apm } = settings.observability ?? {};
    const domainId = apm?.source === "existing" ? apm.domainId : outputs.apmDomainId;
    const isKnown = typeof domainId === "string";
    const domain = isKnown ? domainId : "<APM domain>";
    const args = ["apm-traces", "trace", "trace", "get", "--apm-domain-id", domain, "--trace-key", traceId];
    if (!isKnown || !(await oci.isThere())) {
        return withoutOci(args);
    }
    return (await oci.ask<ApmTrace>(args))?.spans?.map((span) => span["operation-name"] ?? "?");
}

function trace(opened: Opened, { name, look }: Backend, limit: number, subject: Subject): Check {
    return {
        group: "tracing",
        name: `a request's trace in ${name}`,
        expected: `spans of it within ${limit} s`,
        guide: GUIDE,
        run: async () => {
            const { traceId, headers } = newTrace();
            const answer = await askAt(opened, subject, { headers });
            if (answer.status === 0) {
                return failed(`no answer: ${answer.error}`, [
                    { what: "The gateway does not answer.", fix: "See gateway." },
                ]);
            }
            const started = clock.now();
            for (;;) {
                const found = await look(traceId, subject);
                const seconds = Math.round((clock.now() - started) / 1000);
                if (found !== undefined && !Array.isArray(found)) {
                    return found;
                }
                if (found !== undefined && found.length > 0) {
                    return passed(`spans of ${[...new Set(found)].sort().join(", ")}`);
                }
                if (seconds >= limit) {
                    return failed(`none of trace ${traceId} after ${seconds} s`, [NO_SPANS]);
                }
                await clock.sleep(2);
            }
        },
    };
}

const NO_SPANS: Cause = {
    what: "The proxies' spans do not arrive: the backend refuses or cannot be reached, or its key is another.",
    fix: "Look at the clusters of the tracer in a proxy: failed requests, or none at all.",
    command: `kubectl exec deploy/istio-ingressgateway -n ${ISTIO_NAMESPACE} -- pilot-agent request GET clusters`,
};
