import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import merge from "deepmerge";
import { ISTIO_VERSION } from "../../../components/istio/versions";
import type { RecordOptions } from "../../../plan/record/record";
import { versionIn } from "../../charts/support";
import { attempt } from "./command";

/**
 * Settings for the cluster at hand, over which a test lays its own. From the environment:
 * - KUBECONFIG: a cluster for the tests alone; it must not have a mesh yet.
 * - ISTIO_CHARTS: a folder with Istio's charts, for clusters without a way to the chart repository. Their version counts.
 * - GATEWAY_API_MANIFEST: a file with the kinds of the Gateway API, likewise.
 * - GATEWAY_SERVICE_TYPE: NodePort where Services of type LoadBalancer get no address, such as plain kind.
 */
export function overrides(settings: Record<string, unknown> = {}): RecordOptions["override"] {
    const { ISTIO_CHARTS, GATEWAY_API_MANIFEST, GATEWAY_SERVICE_TYPE } = process.env;
    return merge(
        {
            istio: {
                ...(ISTIO_CHARTS && { chartRepository: ISTIO_CHARTS, version: istioVersion() }),
                extraValues: { istiod: { meshConfig: { defaultConfig: TEST_PROXIES } } },
            },
            gateway: {
                ...(GATEWAY_SERVICE_TYPE && { serviceType: GATEWAY_SERVICE_TYPE }),
                ...(GATEWAY_API_MANIFEST && { gatewayApiManifest: GATEWAY_API_MANIFEST }),
            },
        },
        settings,
    );
}

/** How often a proxy sends its spans, in these tests: not every five seconds. */
export const FLUSH_MS = 500;

/**
 * How proxies start in all suites, so that none has to restart them for itself. A connection that stays open is served by the
 * listener it came to, with that listener's policies and tracing, until this has drained: 45 seconds by default. Tests wait for
 * what is new. Envoy's counters of tracing, which Istio leaves out, are kept.
 */
export const TEST_PROXIES = {
    drainDuration: "5s",
    runtimeValues: {
        "tracing.opentelemetry.flush_interval_ms": String(FLUSH_MS),
        "tracing.zipkin.flush_interval_ms": String(FLUSH_MS),
    },
    proxyStatsMatcher: { inclusionPrefixes: ["tracing.", "cluster.outbound|24443||apm", "cluster.apm"] },
};

/** The Istio version to test with: that of the charts in ISTIO_CHARTS, else the one this program is built for. */
export function istioVersion(): string {
    return versionIn(process.env.ISTIO_CHARTS, "istiod") ?? ISTIO_VERSION;
}

/** Skips a suite, and says why, where it has no cluster to run on. */
export function onCluster(): void {
    before(async function () {
        const reason = await (reasonToSkip ??= whyNot());
        if (reason) {
            console.log(`  skipped: ${reason}`);
            this.skip();
        }
    });
}

/** Judged once: from the first suite on, the cluster has a mesh. */
let reasonToSkip: Promise<string | undefined> | undefined;

const PROGRAMS = ["kubectl", "helm", "istioctl"];

const OWN_NAMESPACES = ["istio-system", "bookinfo", "legacy"];

/** Why the cluster tests cannot run here; undefined if they can. */
async function whyNot(): Promise<string | undefined> {
    if (!process.env.KUBECONFIG) {
        return "KUBECONFIG is not set. Point it at a cluster for these tests alone: `kind create cluster --kubeconfig /tmp/kind && export KUBECONFIG=/tmp/kind`.";
    }
    const missing = PROGRAMS.filter((program) => !onPath(program));
    if (missing.length > 0) {
        return `${missing.join(", ")} not found on PATH.`;
    }
    const reachable = await attempt("kubectl", ["get", "namespaces", "-o", "name", "--request-timeout", "20s"]);
    if (reachable.code !== 0) {
        return `the cluster of KUBECONFIG does not answer: ${reachable.stderr.trim().split("\n").at(-1)}`;
    }
    const taken = OWN_NAMESPACES.filter((name) => reachable.stdout.split("\n").includes(`namespace/${name}`));
    return taken.length > 0
        ? `the cluster has a namespace ${taken.join(" and ")} already, and these tests delete what they find there. Use a cluster of their own.`
        : undefined;
}

function onPath(program: string): boolean {
    return (process.env.PATH ?? "").split(delimiter).some((folder) => {
        try {
            accessSync(join(folder, program), constants.X_OK);
            return true;
        } catch {
            return false;
        }
    });
}
