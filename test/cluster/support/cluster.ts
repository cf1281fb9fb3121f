import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { RecordOptions } from "../../../plan/record";
import { attempt } from "./command";

/**
 * What the cluster tests need, from the environment:
 * - KUBECONFIG: a cluster for the tests alone; it must not have a mesh yet.
 * - ISTIO_CHARTS: a folder with Istio's charts, for clusters without a way to the chart repository.
 * - GATEWAY_SERVICE_TYPE: NodePort where Services of type LoadBalancer get no address, such as plain kind.
 */
export function overrides(): RecordOptions["override"] {
    const { ISTIO_CHARTS: chartRepository, GATEWAY_SERVICE_TYPE: serviceType } = process.env;
    return {
        ...(chartRepository ? { istio: { chartRepository } } : {}),
        ...(serviceType ? { gateway: { serviceType } } : {}),
    };
}

const PROGRAMS = ["kubectl", "helm", "istioctl"];

const OWN_NAMESPACES = ["istio-system", "bookinfo"];

/** Why the cluster tests cannot run here; undefined if they can. */
export async function whyNot(): Promise<string | undefined> {
    if (!process.env.KUBECONFIG) {
        return "KUBECONFIG is not set. Point it at a cluster for these tests alone: `kind create cluster --kubeconfig /tmp/kind && export KUBECONFIG=/tmp/kind`.";
    }
    const missing = PROGRAMS.filter((program) => !onPath(program));
    if (missing.length > 0) {
        return `${missing.join(", ")} not found on PATH.`;
    }
    const reachable = await attempt("kubectl", ["get", "namespaces", "-o", "name", "--request-timeout", "20s"]);
    if (reachable.code !== 0) {
        return `the cluster of KUBECONFIG does not answer: ${reachable.stderr.trim().split("\n").at(-1)}`;
    }
    const taken = OWN_NAMESPACES.filter((name) => reachable.stdout.split("\n").includes(`namespace/${name}`));
    return taken.length > 0
        ? `the cluster has a namespace ${taken.join(" and ")} already, and these tests delete what they find there. Use a cluster of their own.`
        : undefined;
}

function onPath(program: string): boolean {
    return (process.env.PATH ?? "").split(delimiter).some((folder) => {
        try {
            accessSync(join(folder, program), constants.X_OK);
            return true;
        } catch {
            return false;
        }
    });
}
