import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { get, type KubernetesObject } from "./command";
import { PATIENCE } from "./until";

interface Service extends KubernetesObject {
    status: { loadBalancer: { ingress?: { ip?: string; hostname?: string }[] } };
}

/** The ingress gateway from here. */
export interface Reached {
    /** Where it serves plain HTTP. */
    url: string;
    /** Where one of its Service's ports is reached. */
    at: (port: number) => Promise<{ hostname: string; port: number }>;
    /** Lets go of it. */
    close: () => void;
}

/** At the load balancer's address, or through forwarded ports where the cluster gives none. */
export async function reachGateway(): Promise<Reached> {
    const services = await get<Service>("services", "-n", "istio-system", "-l", "istio=ingressgateway");
    const ingress = services[0]?.status.loadBalancer.ingress?.[0];
    const hostname = ingress?.ip ?? ingress?.hostname;
    if (hostname) {
        return {
            url: `http://${hostname}`,
            at: (port) => Promise.resolve({ hostname, port }),
            close: () => undefined,
        };
    }
    const forwards = new Map<number, Forward>();
    const at = async (port: number) => {
        const open = forwards.get(port);
        const forward = open && open.child.exitCode === null ? open : await forwardPort(port);
        forwards.set(port, forward);
        return { hostname: "127.0.0.1", port: forward.port };
    };
    const { port } = await at(80);
    const close = () => forwards.forEach(({ child }) => child.kill());
    return { url: `http://127.0.0.1:${port}`, at, close };
}

interface Forward {
    child: ChildProcess;
    /** The port here. */
    port: number;
}

/** It ends with the pod that it leads to. */
async function forwardPort(target: number): Promise<Forward> {
    const args = ["port-forward", "-n", "istio-system", "service/istio-ingressgateway", `:${target}`];
    const child = spawn("kubectl", args);
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    return { child, port: Number(/127\.0\.0\.1:(\d+)/.exec(line.toString())?.[1]) };
}

/** Ends a request that nobody answers. */
export const inTime = () => AbortSignal.timeout(30_000);

/** A request to the gateway, tried again while the listener is on its way to the proxy. */
export async function request(
    gateway: Reached,
    path: string,
    until: (status: number) => boolean,
): Promise<{ status: number; body: string }> {
    const deadline = Date.now() + PATIENCE * 1000;
    for (;;) {
        const answer = await fetch(`${gateway.url}${path}`, { redirect: "manual", signal: inTime() }).then(
            async (response) => ({ status: response.status, body: await response.text() }),
            (error: Error) => ({ status: 0, body: error.message }),
        );
        if (until(answer.status) || Date.now() > deadline) {
            return answer;
        }
        await new Promise((resolve) => setTimeout(resolve, 500));
    }
}
