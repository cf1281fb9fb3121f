import { spawn } from "node:child_process";
import { once } from "node:events";
import { get, type KubernetesObject } from "./command";

interface Service extends KubernetesObject {
    status: { loadBalancer: { ingress?: { ip?: string; hostname?: string }[] } };
}

/** Address of the ingress gateway from here, and how to let go of it. */
export interface Reached {
    url: string;
    close: () => void;
}

/** The load balancer's address, or a forwarded port where the cluster gives none. */
export async function reachGateway(): Promise<Reached> {
    const services = await get<Service>("services", "-n", "istio-system", "-l", "istio=ingressgateway");
    const ingress = services[0]?.status.loadBalancer.ingress?.[0];
    const address = ingress?.ip ?? ingress?.hostname;
    return address ? { url: `http://${address}`, close: () => undefined } : forwardPort();
}

async function forwardPort(): Promise<Reached> {
    const child = spawn("kubectl", ["port-forward", "-n", "istio-system", "service/istio-ingressgateway", ":80"]);
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const port = /127\.0\.0\.1:(\d+)/.exec(line.toString())?.[1];
    return { url: `http://127.0.0.1:${port}`, close: () => child.kill() };
}

/** A request to the gateway, tried again while the listener is on its way to the proxy. */
export async function request(
    gateway: Reached,
    path: string,
    until: (status: number) => boolean,
): Promise<{ status: number; body: string }> {
    const deadline = Date.now() + 60_000;
    for (;;) {
        const answer = await fetch(`${gateway.url}${path}`, { redirect: "manual" }).then(
            async (response) => ({ status: response.status, body: await response.text() }),
            (error: Error) => ({ status: 0, body: error.message }),
        );
        if (until(answer.status) || Date.now() > deadline) {
            return answer;
        }
        await new Promise((resolve) => setTimeout(resolve, 500));
    }
}
