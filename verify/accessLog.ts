import { GATEWAY_SELECTOR } from "../components/istio/gateways";
import { ISTIO_NAMESPACE } from "../components/istio/versions";
import { clock } from "./clock";
import type { Cluster, Container } from "./cluster";
import { podsOf, sidecarOf } from "./pods";

/** Seconds that a proxy may take until it has written its log: it does so once a second. */
const WRITTEN_SECONDS = 3;

/** The lines about tagged requests that proxies wrote lately; none of pods without one. */
export async function linesWith(
    tag: string,
    cluster: Pick<Cluster, "logs">,
    containers: Container[],
    { since = clock.now() - 20_000, seconds = WRITTEN_SECONDS } = {},
): Promise<string[]> {
    const deadline = clock.now() + seconds * 1000;
    for (;;) {
        const ago = (clock.now() - since) / 1000 + 1;
        const logs = await Promise.all(containers.map((each) => cluster.logs(each, ago).catch(() => undefined)));
        const readable = logs.filter((log) => log !== undefined);
        const lines = readable.flatMap((log) => log.split("\n").filter((line) => line.includes(tag)));
        if (lines.length > 0 || readable.length === 0 || clock.now() > deadline) {
            return lines;
        }
        await clock.sleep(0.3);
    }
}

/** The proxies of the ingress gateway. */
export async function gatewayProxies(cluster: Pick<Cluster, "list">): Promise<Container[]> {
    return (await podsOf(cluster, ISTIO_NAMESPACE, GATEWAY_SELECTOR)).map(sidecarOf);
}

/**
 * Envoy's flags for what became of a request, in either of Istio's formats: a field of JSON, or the word after the status.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#response-flags
 */
export function flagsIn(line: string): string[] {
    const [, json, text] = /"response_flags":"([^"]*)"|" \d+ (\S+) /.exec(line) ?? [];
    return (json ?? text ?? "-").split(",").filter((flag) => /^[A-Z]+$/.test(flag));
}
