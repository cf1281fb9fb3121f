import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Mesh } from "../mesh/mesh";
import type { Service } from "../mesh/services";
import type { Subject } from "./check";
import type { Case } from "./checks/trafficCases";
import type { Container } from "./cluster";
import { hasLabels, podsOf, sidecarOf } from "./pods";
import { askMany } from "./senders";

/** Requests at a time. */
const SIDE_BY_SIDE = 20;

/** Seconds that a proxy may take until it has written its log. */
const LOGGED_SECONDS = 15;

/** Requests that were sent with a marker in their query. */
export interface Sent {
    marker: string;
    /** When, in milliseconds. */
    started: number;
    count: number;
}

/** Whether some service takes few connections: then requests must not take them from each other. */
export function limitsConnections({ traffic }: Pick<Mesh, "traffic">): boolean {
    return Object.values(traffic).some(({ connectionPool }) => connectionPool);
}

/** The address of a service inside the mesh. */
export function urlOf({ host, namespace, port }: Service, path: string): string {
    return `http://${host}.${namespace}:${port}${path}`;
}

/** Sends as many requests of a case from a pod of the mesh. */
export async function send({ service, request }: Case, count: number, from: Container, subject: Subject) {
    const marker = `verify-${randomUUID()}`;
    const started = Date.now();
    const url = urlOf(service, `${request.path}?${marker}`);
    const parallel = limitsConnections(subject.mesh) ? 1 : SIDE_BY_SIDE;
    await askMany(subject.cluster, from, url, count, { ...request, parallel });
    return { marker, started, count };
}

/** Requests with a marker in the logs of each version's pods, once there are as many as were sent or time is over. */
export async function countLogged(
    { versions, namespace, selector }: Pick<Service, "versions" | "namespace" | "selector">,
    { marker, started, count }: Sent,
    { cluster }: Pick<Subject, "cluster">,
    { copies = false, seconds = LOGGED_SECONDS } = {},
): Promise<Record<string, number>> {
    // Envoy marks the copies of mirrored requests by the host that they are for.
    const isWanted = (line: string) => line.includes(marker) && /-shadow[":]/.test(line) === copies;
    const pods = await podsOf(cluster, namespace, selector);
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        const counts: Record<string, number> = {};
        for (const [version, labels] of Object.entries(versions)) {
            const since = (Date.now() - started) / 1000 + 1;
            const logs = pods.filter((pod) => hasLabels(pod, labels)).map((pod) => cluster.logs(sidecarOf(pod), since));
            counts[version] = (await Promise.all(logs)).join("").split("\n").filter(isWanted).length;
        }
        if (totalOf(counts) >= count || Date.now() > deadline) {
            return counts;
        }
        await sleep(500);
    }
}

export function totalOf(counts: Record<string, number>): number {
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
