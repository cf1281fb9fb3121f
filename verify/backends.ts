import type { Cluster, LiveObject } from "./cluster";
import { askHost, type Answer } from "./http";
import { isReady, podsOf, type Pod } from "./pods";

interface Service extends LiveObject {
    spec: { selector?: Record<string, string>; ports: { port: number; targetPort?: number | string }[] };
}

/** A page of a Service inside the cluster. */
export interface Page {
    namespace: string;
    service: string;
    port: number;
    path: string;
}

/** Asks for a page through a port forwarded to one of the Service's ready pods; undefined where it has none. */
export async function askPage(cluster: Cluster, { namespace, service, port, path }: Page): Promise<Answer | undefined> {
    const services = await cluster.list<Service>("v1", "Service", namespace);
    const found = services.find(({ metadata }) => metadata.name === service);
    const target = found?.spec.ports.find((each) => each.port === port);
    const pods = found?.spec.selector ? await podsOf(cluster, namespace, found.spec.selector) : [];
    const pod = pods.find(isReady);
    if (!target || !pod) {
        return undefined;
    }
    const forwarded = await cluster.forward(namespace, pod.metadata.name, portIn(pod, target.targetPort ?? port));
    try {
        const at = { hostname: "127.0.0.1", port: forwarded.port };
        return await askHost(at, { host: `localhost:${port}`, path });
    } finally {
        forwarded.close();
    }
}

function portIn({ spec }: Pod, target: number | string): number {
    const ports = spec.containers.flatMap(({ ports: each = [] }) => each);
    return typeof target === "number" ? target : (ports.find(({ name }) => name === target)?.containerPort ?? 0);
}
