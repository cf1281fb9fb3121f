import type { Service } from "../../mesh/services";
import { failed, passed, skipped, type Cause, type Check, type Finding, type Subject } from "../check";
import type { Cluster, Container } from "../cluster";
import { urlOf } from "../measured";
import { applicationOf, isReady, podsOf } from "../pods";
import { pathOf } from "./trafficCases";

/** More clients at a time would be a load test. */
const MOST_CLIENTS = 32;

/** Tries until requests that come at the same time meet: how they fall is chance. */
const TRIES = 5;

/** What a service takes at most: one client is answered, and of more than it takes some are refused. */
export function breakerChecks(subject: Subject): Check[] {
    return subject.mesh.services.flatMap((service) => {
        const { tcp, http } = subject.mesh.traffic[service.name]?.connectionPool ?? {};
        const [connections, pending] = [tcp?.maxConnections, http?.http1MaxPendingRequests];
        const isLimited = connections !== undefined && pending !== undefined;
        return isLimited && service.protocol === "http" ? [breaker(service, connections + pending, subject)] : [];
    });
}

function breaker(service: Service, taken: number, subject: Subject): Check {
    const clients = 2 * taken + 1;
    return {
        group: "traffic",
        name: `traffic.services.${service.name}.connectionPool`,
        expected: `1 client is answered, of ${clients} at a time some get 503`,
        guide: "Creating Circuit Breakers",
        run: async () => {
            if (clients > MOST_CLIENTS) {
                return skipped(`it takes more than ${MOST_CLIENTS} clients to overflow`);
            }
            const fortio = await fortioOf(subject);
            if (!fortio) {
                return skipped("set clients.fortio to send many requests at a time");
            }
            const url = urlOf(service, pathOf(service));
            const alone = await load(subject.cluster, fortio, url, 1, 20);
            for (let tries = 1; ; tries++) {
                const many = await load(subject.cluster, fortio, url, clients, clients * 10);
                if (many.refused > 0 || tries >= TRIES) {
                    return judge(alone, many, clients);
                }
            }
        },
    };
}

async function fortioOf({ mesh, cluster }: Subject): Promise<Container | undefined> {
    const fortio = mesh.services.find(({ name, from }) => name === "fortio" && from === "clients");
    const pods = fortio ? await podsOf(cluster, fortio.namespace, fortio.selector) : [];
    const pod = pods.find(isReady);
    return pod && applicationOf(pod);
}

/** Answers by their status. */
interface Load {
    sent: number;
    /** 503. */
    refused: number;
}

/** Requests of fortio, from as many clients at a time. */
async function load(
    cluster: Pick<Cluster, "exec">,
    from: Container,
    url: string,
    clients: number,
    count: number,
): Promise<Load> {
    const options = ["-c", String(clients), "-qps", "0", "-n", String(count), "-loglevel", "Error", "-timeout", "10s"];
    const { stdout, stderr } = await cluster.exec(from, ["/usr/bin/fortio", "load", ...options, url], 60);
    const codes = [...(stdout + stderr).matchAll(/^Code +(-?\d+) : (\d+)/gm)];
    const times = (wanted: (code: string) => boolean) =>
        codes.filter(([, code]) => wanted(code!)).reduce((sum, [, , number]) => sum + Number(number), 0);
    return { sent: times(() => true), refused: times((code) => code === "503") };
}

function judge(alone: Load, many: Load, clients: number): Finding {
    const seen = `1 client: ${alone.refused} of ${alone.sent} refused; ${clients} clients: ${many.refused} of ${many.sent}`;
    const causes = [
        ...(alone.sent === 0 || many.sent === 0 ? [NOTHING_SENT] : []),
        ...(alone.refused > 0 || (many.sent > 0 && many.refused === many.sent) ? [NO_POD] : []),
        ...(many.refused === 0 ? [NEVER] : []),
    ];
    return causes.length > 0 ? failed(seen, causes) : passed(seen);
}

const NOTHING_SENT: Cause = {
    what: "fortio sent nothing.",
    fix: "Read what it says.",
    command: "kubectl exec deploy/fortio -c fortio -- /usr/bin/fortio load -n 1 <url>",
};

const NEVER: Cause = {
    what: "The proxies have no such limits: the DestinationRule's connectionPool is missing.",
    fix: "See the check of objects, then run pulumi up.",
    command: "kubectl get destinationrules -A -o yaml",
};

const NO_POD: Cause = {
    what: "Requests that fit the limits are refused, too: no pod is healthy, or outlier detection took them out.",
    fix: "Look at the checks of services, and wait for outlierDetection.baseEjectionTime.",
    command: "istioctl proxy-config endpoints deploy/fortio",
};
