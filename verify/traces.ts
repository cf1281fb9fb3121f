import { randomBytes } from "node:crypto";
import type { Cluster, Container } from "./cluster";

/** Headers that make a request a trace of a known id, whatever the sampling: those of W3C and of B3, as proxies speak either. */
export function newTrace(): { traceId: string; headers: Record<string, string> } {
    const [traceId, spanId] = [randomBytes(16).toString("hex"), randomBytes(8).toString("hex")];
    const headers = {
        traceparent: `00-${traceId}-${spanId}-01`,
        "x-b3-traceid": traceId,
        "x-b3-spanid": spanId,
        "x-b3-sampled": "1",
    };
    return { traceId, headers };
}

/** Names of the tracers in a proxy's listeners. */
export async function tracersOf(proxy: Container, cluster: Pick<Cluster, "exec">): Promise<string[]> {
    const command = ["pilot-agent", "request", "GET", "config_dump?resource=dynamic_listeners"];
    const { stdout } = await cluster.exec(proxy, command);
    return [...new Set([...stdout.matchAll(/"(envoy\.tracers\.\w+)"/g)].map(([, name]) => name!))];
}
