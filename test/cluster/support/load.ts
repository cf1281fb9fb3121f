import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { attempt, kubectl } from "./command";

/** Requests that are sent without a break. */
export interface Load {
    /** Ends it, and says how many requests there were of each status; -1 are connections that failed. */
    end: () => Promise<Record<string, number>>;
}

const NAMESPACE = "load";
const POD = { apiVersion: "v1", kind: "Pod", metadata: { name: "fortio", namespace: NAMESPACE } };
const IMAGE = "docker.io/fortio/fortio:1.69.5";

/** Sends requests to productpage through the gateway from a pod without a sidecar, on connections that stay open. */
export async function loadGateway(perSecond: number): Promise<Load> {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } };
    const pod = { ...POD, spec: { containers: [{ name: "fortio", image: IMAGE, args: ["server"] }] } };
    await kubectl(["apply", "-f", "-"], [namespace, pod].map((object) => JSON.stringify(object)).join("\n---\n"));
    await kubectl(["wait", "-n", NAMESPACE, "pod/fortio", "--for", "condition=Ready", "--timeout", "120s"]);
    const url = "http://istio-ingressgateway.istio-system/productpage";
    const options = ["-qps", String(perSecond), "-t", "0", "-c", "8", "-nocatchup", "-loglevel", "error"];
    const inPod = ["exec", "-n", NAMESPACE, "fortio", "--"];
    const child = spawn("kubectl", [...inPod, "fortio", "load", ...options, "-json", "-", url], { stdio: "pipe" });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const ended = once(child, "close");
    return {
        end: async () => {
            // An interrupt, on which fortio reports; the brackets keep this shell from finding itself.
            const interrupt = "for p in /proc/[0-9]*; do grep -q '[l]oad' $p/cmdline && kill -INT ${p#/proc/}; done";
            await attempt("kubectl", [...inPod, "sh", "-c", interrupt]);
            await ended;
            await kubectl(["delete", "namespace", NAMESPACE]);
            const { RetCodes } = JSON.parse(output) as { RetCodes: Record<string, number> };
            assert.ok(Object.keys(RetCodes).length > 0, output);
            return RetCodes;
        },
    };
}
