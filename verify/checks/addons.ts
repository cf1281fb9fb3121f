import { ADDONS } from "../../components/addons/catalogue";
import { PROMETHEUS } from "../../components/addons/prometheus";
import { ADDON_NAMES, type AddonName } from "../../components/addons/versions";
import { ISTIO_NAMESPACE } from "../../components/istio/versions";
import { askPage } from "../backends";
import { podTrouble } from "../causes";
import { failed, passed, type Check, type Finding, type Subject } from "../check";
import type { Answer } from "../http";
import { podsOf } from "../pods";

const GUIDE = "Adding Istio Integration Applications";

/** Each add-on answers at its page, and Prometheus reaches what it reads metrics from. */
export function addonChecks(subject: Subject): Check[] {
    const { addons } = subject.settings;
    const wanted = ADDON_NAMES.filter((name) => addons[name].enabled);
    return [...wanted.map((name) => page(name, subject)), ...(addons.prometheus.enabled ? [targets(subject)] : [])];
}

function page(name: AddonName, { cluster }: Subject): Check {
    const { service, port, path } = ADDONS[name].page;
    return {
        group: "addons",
        name,
        expected: `an answer at ${path || "/"} of the Service ${service}`,
        guide: GUIDE,
        run: async () => {
            const asked = { namespace: ISTIO_NAMESPACE, service, port, path: path || "/" };
            const answer = await askPage(cluster, asked);
            const isOk = answer !== undefined && answer.status >= 200 && answer.status < 400;
            return isOk ? passed(`status ${answer.status}`) : noPage(name, answer, cluster);
        },
    };
}

async function noPage(name: AddonName, answer: Answer | undefined, cluster: Subject["cluster"]): Promise<Finding> {
    const pods = await podsOf(cluster, ISTIO_NAMESPACE, { "app.kubernetes.io/instance": name });
    const { status = 0, error = "no ready pod" } = answer ?? {};
    return failed(status === 0 ? error : `status ${status}`, [
        ...pods.flatMap(podTrouble),
        {
            what: answer
                ? "It runs, but does not answer as it should."
                : `The Service of ${name} leads to no ready pod.`,
            fix: answer ? "Read its log." : "Look at its release and its pods.",
            command: `kubectl get pods -n ${ISTIO_NAMESPACE} -l app.kubernetes.io/instance=${name}`,
        },
    ]);
}

/** https://prometheus.io/docs/prometheus/latest/querying/api/#targets */
interface Targets {
    data: { activeTargets: { scrapeUrl: string; health: "up" | "down" | "unknown"; lastError: string }[] };
}

/** Causes that are listed: a mesh that is cut off has a down target for each pod. */
const MOST = 5;

function targets({ cluster }: Subject): Check {
    return {
        group: "addons",
        name: "Prometheus's targets",
        expected: "every target is up",
        guide: GUIDE,
        run: async () => {
            const path = "/api/v1/targets?state=active";
            const answer = await askPage(cluster, { namespace: ISTIO_NAMESPACE, ...PROMETHEUS, path });
            if (answer?.status !== 200) {
                return noPage("prometheus", answer, cluster);
            }
            const { activeTargets: all } = (JSON.parse(answer.body) as Targets).data;
            const off = all.filter(({ health }) => health !== "up");
            const causes = off.slice(0, MOST).map(({ scrapeUrl, health, lastError }) => ({
                what: `${scrapeUrl} is ${health}: ${lastError || "not read yet"}`,
                fix:
                    health === "unknown"
                        ? "Wait for the next scrape, within 15 s."
                        : "Look whether the pod serves metrics there, and whether a NetworkPolicy or STRICT keeps Prometheus out.",
                command: `kubectl get networkpolicies,peerauthentications -A`,
            }));
            const none = {
                what: "Prometheus has found nothing to read from.",
                fix: "Look whether pods have the annotation prometheus.io/scrape, and whether it may list pods.",
                command: `kubectl logs deployment/prometheus -n ${ISTIO_NAMESPACE}`,
            };
            return all.length === 0
                ? failed("no target", [none])
                : off.length > 0
                  ? failed(`${off.length} of ${all.length} not up`, causes)
                  : passed(`${all.length} up`);
        },
    };
}
