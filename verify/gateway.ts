import { GATEWAY_SELECTOR, GATEWAY_SERVICE } from "../components/istio/gateways";
import { ISTIO_NAMESPACE } from "../components/istio/versions";
import type { Cluster, LiveObject } from "./cluster";
import { askHost, type Answer, type Asked } from "./http";
import { hasLabels, type Pod } from "./pods";

interface Service extends LiveObject {
    status: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

/** The ingress gateway, as its clients reach it. */
export interface Gateway {
    /** How it is reached: an address, or that a port is forwarded. */
    reached(): Promise<string>;
    /** Where one of its ports is reached from here. */
    at(port: number): Promise<{ hostname: string; port: number }>;
    /** Sends a request to one of its ports. */
    ask(port: number, asked: Asked): Promise<Answer>;
    close(): void;
}

/** The gateway at its load balancer's address, or through a port forwarded to one of its pods where it has none. */
export function gatewayOf(cluster: Cluster): Gateway {
    const forwards = new Map<number, Promise<{ port: number; close: () => void }>>();
    const address = async () => {
        const services = await cluster.list<Service>("v1", "Service", ISTIO_NAMESPACE);
        const ours = services.find(({ metadata }) => metadata.name === GATEWAY_SERVICE);
        const [ingress] = ours?.status.loadBalancer?.ingress ?? [];
        return ingress?.ip ?? ingress?.hostname;
    };
    const forward = async (port: number) => {
        const pods = await cluster.list<Pod>("v1", "Pod", ISTIO_NAMESPACE);
        const pod = pods.find((each) => hasLabels(each, GATEWAY_SELECTOR) && each.status.phase === "Running");
        if (!pod) {
            throw new Error("the gateway has no running pod");
        }
        return cluster.forward(ISTIO_NAMESPACE, pod.metadata.name, port);
    };
    const forwarded = (port: number) => {
        const found = forwards.get(port) ?? forward(port);
        forwards.set(port, found);
        return found;
    };
    const at = async (port: number) => {
        const hostname = await address();
        return hostname ? { hostname, port } : { hostname: "127.0.0.1", port: (await forwarded(port)).port };
    };
    return {
        reached: async () => (await address()) ?? "no address: by a port forwarded to its pod",
        at,
        ask: async (port, asked) => askHost(await at(port), asked),
        close: () => forwards.forEach((each) => void each.then(({ close }) => close()).catch(() => undefined)),
    };
}
