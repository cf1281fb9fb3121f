import { BOOKINFO_PORT } from "../../components/workloads/bookinfoServices";
import type { Service } from "../../mesh/services";
import { troubleFrom } from "../answers";
import { notCreated, podTrouble, withoutSidecar } from "../causes";
import { failed, passed, skipped, type Cause, type Check, type Subject } from "../check";
import type { Cluster, LiveObject } from "../cluster";
import { hasSidecar, isReady, podsOf } from "../pods";
import { ask, senderIn } from "../senders";

interface EndpointSlice extends LiveObject {
    /** Null where the Service selects nothing. */
    endpoints?: { conditions?: { ready?: boolean } }[] | null;
}

/** Every service of the mesh: its pods with their sidecars, and what its Kubernetes Service leads to. */
export function serviceChecks(subject: Subject): Check[] {
    return [...subject.mesh.services.map((service) => podsOfService(service, subject)), ...title(subject)];
}

function podsOfService(service: Service, { cluster, mesh }: Subject): Check {
    const { name, namespace, selector, from } = service;
    const injected = mesh.namespaces.includes(namespace);
    return {
        group: "services",
        name,
        expected: injected ? "pods ready, each with its sidecar, behind its Service" : "pods ready behind its Service",
        guide: from === "services" ? undefined : "Running the Bookinfo Application",
        run: async () => {
            const pods = await podsOf(cluster, namespace, selector);
            const ready = pods.filter(isReady).length;
            const bare = injected ? pods.filter((pod) => !hasSidecar(pod)) : [];
            const behind = await endpointsOf(cluster, service);
            const causes: Cause[] = [
                ...withoutSidecar(bare),
                ...pods.flatMap(podTrouble),
                ...(await notCreated(cluster, namespace, selector)),
                ...(pods.length === 0 ? [noPods(service)] : []),
                ...(ready > 0 && behind === 0 ? [noEndpoints(service)] : []),
            ];
            const seen = `${ready} of ${pods.length} pods ready, ${pods.length - bare.length} with sidecar, ${behind} behind the Service`;
            return causes.length > 0 ? failed(seen, causes) : passed(seen);
        },
    };
}

function noPods({ namespace, selector }: Service): Cause {
    const labels = Object.entries(selector).map(([label, value]) => `${label}=${value}`);
    return {
        what: `No pod in ${namespace} has the labels ${labels.join(", ")}.`,
        fix: "Deploy it, or correct its selector in the settings.",
        command: `kubectl get pods -n ${namespace} -l ${labels.join(",")}`,
    };
}

function noEndpoints({ host, namespace }: Service): Cause {
    return {
        what: `The Service ${host} selects no ready pod.`,
        fix: "Compare its selector and port with the pods' labels and ports.",
        command: `kubectl describe service ${host} -n ${namespace}`,
    };
}

async function endpointsOf(cluster: Cluster, { host, namespace }: Service): Promise<number> {
    const slices = await cluster.list<EndpointSlice>("discovery.k8s.io/v1", "EndpointSlice", namespace);
    const ours = slices.filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === host);
    return ours.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions?.ready).length;
}

/** The guide's first look at Bookinfo: from a pod of it, to its page. */
function title(subject: Subject): Check[] {
    const { bookinfo } = subject.settings;
    if (!bookinfo.enabled) {
        return [];
    }
    return [
        {
            group: "services",
            name: "Bookinfo's page from inside",
            expected: "<title>Simple Bookstore App</title>",
            guide: "Running the Bookinfo Application, step 4",
            run: async () => {
                const ratings = subject.mesh.services.find(({ name }) => name === "ratings");
                const sender = ratings && (await senderIn(subject.cluster, ratings.namespace, ratings.selector));
                if (!sender) {
                    return skipped("no pod of ratings has curl");
                }
                const url = `http://productpage:${BOOKINFO_PORT}/productpage`;
                const answer = await ask(subject.cluster, sender, url);
                const { status, body } = answer;
                const found = /<title>.*<\/title>/.exec(body)?.[0] ?? `status ${status}`;
                // Zero trust lets the gateway alone call productpage.
                const refused = status === 403 && subject.settings.security.authorization.mode !== "off";
                return found === "<title>Simple Bookstore App</title>"
                    ? passed(found)
                    : refused
                      ? passed("403: security.authorization does not list ratings as a caller")
                      : failed(found, await troubleFrom(subject.cluster, sender, answer));
            },
        },
    ];
}
