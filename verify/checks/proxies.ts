import { IN_PLACE, runningRevisions } from "../../components/istio/revisions";
import { ISTIO_NAMESPACE } from "../../components/istio/versions";
import { failed, passed, type Cause, type Check, type Subject } from "../check";
import { podsOf } from "../pods";

/** A proxy as istiod sees it. https://istio.io/latest/docs/ops/diagnostic-tools/proxy-cmd/ */
interface Proxy {
    proxy: string;
    istio_version?: string;
    cluster_sent?: string;
    cluster_acked?: string;
    listener_sent?: string;
    listener_acked?: string;
    route_sent?: string;
    route_acked?: string;
    endpoint_sent?: string;
    endpoint_acked?: string;
}

const nobody = (isRunning: boolean): Cause =>
    isRunning
        ? {
              what: "No proxy is connected to istiod.",
              fix: "Look whether pods have sidecars and reach istiod's port 15012.",
          }
        : { what: "istiod does not run.", fix: "See the check of istiod." };

const SYNCED = ["cluster", "listener", "route", "endpoint"] as const;

/** Every proxy has what istiod sent, and runs the version of the istiod that serves it. */
export function proxies({ cluster, settings }: Subject): Check {
    const versions = new Map(runningRevisions(settings.istio).map(({ name, version }) => [name, version]));
    return {
        group: "install",
        name: "proxies",
        expected: `all in sync with istiod, at its version: ${[...versions.values()].join(" or ")}`,
        guide: "Installing Istio with istioctl",
        run: async () => {
            const istiods = (await podsOf(cluster, ISTIO_NAMESPACE, { app: "istiod" })).filter(
                ({ status }) => status.phase === "Running",
            );
            const lists = await Promise.all(
                istiods.map(async ({ metadata }) => {
                    const at = { namespace: ISTIO_NAMESPACE, pod: metadata.name, container: "discovery" };
                    const { stdout } = await cluster.exec(at, ["pilot-discovery", "request", "GET", "/debug/syncz"]);
                    const wanted = versions.get(metadata.labels?.["istio.io/rev"] ?? IN_PLACE);
                    return ((JSON.parse(stdout) as Proxy[] | null) ?? []).map((proxy) => ({ ...proxy, wanted }));
                }),
            );
            const all = lists.flat();
            const stale = all.filter((proxy) =>
                SYNCED.some((part) => proxy[`${part}_sent`] !== proxy[`${part}_acked`]),
            );
            const other = all.filter(
                ({ istio_version, wanted }) => istio_version !== undefined && istio_version !== wanted,
            );
            const causes: Cause[] = [
                ...(all.length === 0 ? [nobody(istiods.length > 0)] : []),
                ...stale.map(({ proxy }) => ({
                    what: `${proxy} has not taken up what istiod sent.`,
                    fix: "Look at the proxy's log for a rejected configuration.",
                    command: "istioctl proxy-status",
                })),
                ...other.map(({ proxy, istio_version }) => ({
                    what: `${proxy} runs ${istio_version}: its pod is older than the last upgrade.`,
                    fix: "Restart its Deployment.",
                    command: "kubectl rollout restart deployment -n <namespace>",
                })),
            ];
            return causes.length > 0
                ? failed(`${stale.length} stale, ${other.length} of another version, of ${all.length}`, causes)
                : passed(`${all.length} in sync`);
        },
    };
}
