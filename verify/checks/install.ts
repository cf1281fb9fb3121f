import { gunzipSync } from "node:zlib";
import { ISTIO_NAMESPACE } from "../../components/istio/versions";
import { isRelease } from "../../plan/query";
import { failed, passed, type Cause, type Check, type Subject } from "../check";
import type { LiveObject } from "../cluster";
import { podTrouble } from "../causes";
import { podsOf } from "../pods";

interface Node extends LiveObject {
    status: { conditions: { type: string; status: string; message?: string }[] };
}

interface Deployment extends LiveObject {
    spec: { replicas?: number; selector: { matchLabels: Record<string, string> } };
    status: { readyReplicas?: number };
}

interface Webhooks extends LiveObject {
    webhooks?: { name: string; clientConfig: { caBundle?: string } }[];
}

const GUIDE = "Installing Istio with istioctl";

/** Nodes, releases, control plane, gateway, webhooks and proxies. */
export function installChecks(subject: Subject): Check[] {
    return [nodes(subject), ...releases(subject), ...deployments(subject), ...webhooks(subject), proxies(subject)];
}

function nodes({ cluster }: Subject): Check {
    return {
        group: "install",
        name: "nodes",
        expected: "every node is ready",
        guide: "Creating an OKE cluster",
        run: async () => {
            const all = await cluster.list<Node>("v1", "Node");
            const ready = ({ status }: Node) => status.conditions.find(({ type }) => type === "Ready");
            const down = all.filter((node) => ready(node)?.status !== "True");
            const causes = down.map((node) => ({
                what: `Node ${node.metadata.name}: ${ready(node)?.message ?? "no state reported"}`,
                fix: "Let the node pool replace it, or look at its events.",
                command: `kubectl describe node ${node.metadata.name}`,
            }));
            if (all.length === 0) {
                return failed("no node", [
                    { what: "The cluster has no node.", fix: "Add a node pool, or wait for it." },
                ]);
            }
            return down.length > 0
                ? failed(`${down.length} of ${all.length} not ready`, causes)
                : passed(`${all.length} ready`);
        },
    };
}

/** Helm keeps each revision of a release in a Secret, packed twice. */
interface HelmRelease {
    info: { status: string };
    chart: { metadata: { version: string } };
}

function releases({ cluster, plan }: Subject): Check[] {
    return plan.resources.filter(isRelease).map(({ inputs }) => {
        const { name, namespace, version } = inputs as unknown as { name: string; namespace: string; version?: string };
        return {
            group: "install",
            name: `release ${name}`,
            expected: version ? `deployed at ${version}` : "deployed",
            guide: GUIDE,
            run: async () => {
                const secrets = await cluster.list("v1", "Secret", namespace);
                const revision = (secret: LiveObject) => Number(secret.metadata.labels?.version);
                const [latest] = secrets
                    .filter(({ metadata: { labels } }) => labels?.owner === "helm" && labels.name === name)
                    .sort((a, b) => revision(b) - revision(a));
                const packed = latest?.data?.release;
                if (packed === undefined) {
                    const fix = "Run pulumi up.";
                    return failed("there is none", [{ what: "The release was never installed, or removed.", fix }]);
                }
                const { info, chart } = unpack(packed);
                const seen = `${info.status} at ${chart.metadata.version}`;
                return info.status === "deployed" && (!version || chart.metadata.version === version)
                    ? passed(seen)
                    : failed(seen, [stuck(name, namespace, info.status)]);
            },
        };
    });
}

function unpack(packed: string): HelmRelease {
    const text = Buffer.from(packed, "base64").toString();
    return JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString()) as HelmRelease;
}

function stuck(name: string, namespace: string, status: string): Cause {
    const command = `helm history ${name} -n ${namespace}`;
    return status === "deployed"
        ? { what: "Another version is installed than the settings say.", fix: "Run pulumi up.", command }
        : { what: "An installation or upgrade did not end.", fix: "Roll back, then run pulumi up.", command };
}

function deployments({ cluster, settings }: Subject): Check[] {
    const wanted: [name: string, least: number][] = [
        ["istiod", settings.istio.replicas.min],
        ["istio-ingressgateway", settings.gateway.replicas.min],
    ];
    return wanted.map(([name, least]) => ({
        group: "install",
        name,
        expected: least === 1 ? "1 replica ready" : `${least} replicas ready`,
        guide: GUIDE,
        run: async () => {
            const all = await cluster.list<Deployment>("apps/v1", "Deployment", ISTIO_NAMESPACE);
            const found = all.find(({ metadata }) => metadata.name === name);
            const ready = found?.status.readyReplicas ?? 0;
            if (found && ready >= least) {
                return passed(`${ready} ready`);
            }
            const scaled = found?.spec.replicas ?? 0;
            const pods = found ? await podsOf(cluster, ISTIO_NAMESPACE, found.spec.selector.matchLabels) : [];
            const scaledDown: Cause[] =
                scaled < least
                    ? [
                          {
                              what: found ? `It is scaled to ${scaled}.` : "The Deployment is missing.",
                              fix: found ? "Scale it back." : "Run pulumi up.",
                              command: found
                                  ? `kubectl scale deployment ${name} -n ${ISTIO_NAMESPACE} --replicas ${least}`
                                  : undefined,
                          },
                      ]
                    : [];
            return failed(`${ready} ready of ${scaled}`, [...scaledDown, ...pods.flatMap(podTrouble)]);
        },
    }));
}

/** Without the CA in its configuration, no pod gets a sidecar, and wrong objects are accepted or all are refused. */
function webhooks({ cluster }: Subject): Check[] {
    const kinds: [kind: string, what: string][] = [
        ["MutatingWebhookConfiguration", "injection of sidecars"],
        ["ValidatingWebhookConfiguration", "validation of Istio's objects"],
    ];
    return kinds.map(([kind, what]) => ({
        group: "install",
        name: `webhook: ${what}`,
        expected: "istiod's CA is set",
        guide: GUIDE,
        run: async () => {
            const all = await cluster.list<Webhooks>("admissionregistration.k8s.io/v1", kind);
            const ours = all.filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/part-of"] === "istio");
            const hooks = ours.flatMap(({ webhooks: each = [] }) => each);
            const bare = hooks.filter(({ clientConfig }) => !clientConfig.caBundle);
            const command = `kubectl logs deployment/istiod -n ${ISTIO_NAMESPACE}`;
            const cause = {
                what: hooks.length === 0 ? "The configuration is missing." : "istiod has not written its CA into it.",
                fix: hooks.length === 0 ? "Run pulumi up." : "Look whether istiod runs and may patch webhooks.",
                command,
            };
            return hooks.length === 0 || bare.length > 0
                ? failed(`${bare.length} of ${hooks.length} without CA`, [cause])
                : passed(`${hooks.length} with CA`);
        },
    }));
}

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

function proxies({ cluster, settings }: Subject): Check {
    const { version } = settings.istio;
    return {
        group: "install",
        name: "proxies",
        expected: `all in sync with istiod, at ${version}`,
        guide: GUIDE,
        run: async () => {
            const istiods = (await podsOf(cluster, ISTIO_NAMESPACE, { app: "istiod" })).filter(
                ({ status }) => status.phase === "Running",
            );
            const lists = await Promise.all(
                istiods.map(async ({ metadata }) => {
                    const at = { namespace: ISTIO_NAMESPACE, pod: metadata.name, container: "discovery" };
                    const { stdout } = await cluster.exec(at, ["pilot-discovery", "request", "GET", "/debug/syncz"]);
                    return (JSON.parse(stdout) as Proxy[] | null) ?? [];
                }),
            );
            const all = lists.flat();
            const stale = all.filter((proxy) =>
                SYNCED.some((part) => proxy[`${part}_sent`] !== proxy[`${part}_acked`]),
            );
            const other = all.filter((proxy) => proxy.istio_version !== undefined && proxy.istio_version !== version);
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
