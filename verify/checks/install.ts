import { istiodName, runningRevisions } from "../../components/istio/revisions";
import { ISTIO_NAMESPACE, SUPPORTED_KUBERNETES } from "../../components/istio/versions";
import { failed, passed, type Cause, type Check, type Subject } from "../check";
import type { LiveObject } from "../cluster";
import { podTrouble } from "../causes";
import { podsOf } from "../pods";
import { proxies } from "./proxies";
import { releases } from "./releases";

interface Node extends LiveObject {
    status: {
        conditions: { type: string; status: string; message?: string }[];
        nodeInfo?: { kubeletVersion?: string };
    };
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
    return [
        nodes(subject),
        precheck(subject),
        ...releases(subject),
        ...deployments(subject),
        ...webhooks(subject),
        proxies(subject),
    ];
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

/** The guide's `istioctl x precheck`: versions of Kubernetes that this Istio supports. */
function precheck({ cluster, settings }: Subject): Check {
    const istios = runningRevisions(settings.istio).map(({ version }) => version);
    const ranges = istios.map((version) => SUPPORTED_KUBERNETES[version.split(".").slice(0, 2).join(".")]!);
    const [min, max] = [Math.max(...ranges.map((range) => range.min)), Math.min(...ranges.map((range) => range.max))];
    return {
        group: "install",
        name: "Kubernetes for Istio",
        expected: `1.${min} to 1.${max}, for Istio ${istios.join(" and ")}`,
        guide: GUIDE,
        run: async () => {
            const all = await cluster.list<Node>("v1", "Node");
            const versions = all.map(({ status }) => status.nodeInfo?.kubeletVersion ?? "unknown");
            const seen = [...new Set(versions)].sort().join(", ");
            const minors = versions.map((each) => Number(each.split(".")[1]));
            const cause = {
                what: `Istio ${istios.join(" and ")} is not tested with this version.`,
                fix: "Upgrade the nodes, or choose another Istio.",
                command: "kubectl get nodes",
            };
            return minors.every((minor) => minor >= min && minor <= max) ? passed(seen) : failed(seen, [cause]);
        },
    };
}

function deployments({ cluster, settings }: Subject): Check[] {
    const wanted: [name: string, least: number][] = [
        ...runningRevisions(settings.istio).map(({ name }): [string, number] => [
            istiodName(name),
            settings.istio.replicas.min,
        ]),
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
            const command = `kubectl logs -l app=istiod -n ${ISTIO_NAMESPACE}`;
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
