import { readSettings } from "../../../config/load";
import { resolveMesh } from "../../../mesh/mesh";
import type { Service } from "../../../mesh/services";
import { record } from "../../../plan/record/record";
import { causesIn, type Check, type Finding, type Subject } from "../../../verify/check";
import type { Cluster, Container, LiveObject, Ran } from "../../../verify/cluster";
import type { Gateway } from "../../../verify/gateway";
import type { Answer, Asked } from "../../../verify/http";
import type { Oci } from "../../../verify/oci";
import type { Pod } from "../../../verify/pods";

/** What a test's cluster and gateway say. What is left out is empty, or answers nothing. */
export interface Fakes {
    objects?: LiveObject[];
    exec?: (container: Container, command: string[]) => Ran | Promise<Ran>;
    logs?: (container: Container) => string;
    ask?: (port: number, asked: Asked) => Partial<Answer>;
    reached?: string;
    /** The port here at which a forwarded one of a pod answers. */
    forward?: (pod: string, port: number) => number;
    /** What OCI answers to a command; without it, this machine has no command line for it. */
    oci?: (command: string) => unknown;
    outputs?: Record<string, unknown>;
}

function fakeCluster({ objects = [], exec = () => said(""), logs, forward }: Fakes): Cluster {
    return {
        list: <T extends LiveObject>(apiVersion: string, kind: string, namespace?: string) =>
            Promise.resolve(
                objects.filter(
                    (each) =>
                        each.apiVersion === apiVersion &&
                        each.kind === kind &&
                        (namespace === undefined || each.metadata.namespace === namespace),
                ) as T[],
            ),
        exec: (container, command) => Promise.resolve(exec(container, command)),
        logs: (container) =>
            logs ? Promise.resolve(logs(container)) : Promise.reject(new Error(`no log of ${container.pod}`)),
        forward: (_, name, port) =>
            forward
                ? Promise.resolve({ port: forward(name, port), close: () => undefined })
                : Promise.reject(new Error("nothing is forwarded")),
    };
}

function fakeGateway({ ask = () => ({}), reached = "192.0.2.1" }: Fakes): Gateway {
    const nothing: Answer = { status: 0, body: "", headers: {}, tag: "tag", seconds: 0 };
    return {
        reached: () => Promise.resolve(reached),
        at: (port) => Promise.resolve({ hostname: reached, port }),
        ask: (port, asked) => Promise.resolve({ ...nothing, ...ask(port, asked) }),
        close: () => undefined,
    };
}

function fakeOci({ oci }: Fakes): Oci {
    return {
        isThere: () => Promise.resolve(oci !== undefined),
        ask: <T>(args: string[]) => Promise.resolve(oci?.(args.join(" ")) as T | undefined),
    };
}

function subjectOf(stack: Known, fakes: Fakes): Subject {
    const { outputs = {} } = fakes;
    return { ...stack, cluster: fakeCluster(fakes), gateway: fakeGateway(fakes), oci: fakeOci(fakes), outputs };
}

/** What checks know of a stack with these settings, before a cluster is added. */
export type Known = Pick<Subject, "plan" | "settings" | "mesh" | "client">;

export async function known(override: Record<string, unknown> = {}, stack = "local"): Promise<Known> {
    const plan = await record({ stack, override });
    const settings = readSettings();
    return { plan, settings, mesh: resolveMesh(settings) };
}

/** Runs one of the checks that a function makes. */
export async function runCheck(
    checksOf: (subject: Subject) => Check[],
    name: string,
    stack: Known,
    fakes: Fakes,
): Promise<Finding> {
    const checks = checksOf(subjectOf(stack, fakes));
    const check = checks.find((each) => each.name === name);
    if (!check) {
        throw new Error(`no check "${name}" among ${checks.map((each) => each.name).join(", ")}`);
    }
    return check.run();
}

/** The names of all checks that a function makes. */
export function namesOf(checksOf: (subject: Subject) => Check[], stack: Known): string[] {
    return checksOf(subjectOf(stack, {})).map(({ name }) => name);
}

export const said = (stdout: string, code = 0): Ran => ({ code, stdout, stderr: "" });

/** What curl prints: the body, then status and seconds. */
export const curled = (status: number, body = "", seconds = 0.1): Ran => said(`${body}\n${status} ${seconds}`);

/** The texts of a finding's causes. */
export const causesOf = (finding: Finding): string[] => causesIn(finding).map(({ what }) => what);

export function pod(name: string, labels: Record<string, string>, changes: Partial<Pod> = {}): Pod {
    return {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, namespace: "bookinfo", labels },
        spec: {
            containers: [{ name: "main", image: "example.com/main:1" }],
            initContainers: [{ name: "istio-proxy", image: "example.com/proxyv2:1", restartPolicy: "Always" }],
        },
        status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
        ...changes,
    };
}

/** A ready pod of each version of each service. */
export function podsOfAll(services: Service[]): Pod[] {
    return services.flatMap(({ name, namespace, selector, versions }) =>
        Object.entries(Object.keys(versions).length > 0 ? versions : { v1: {} }).map(([version, labels]) => {
            const made = pod(`${name}-${version}`, { ...selector, ...labels });
            return { ...made, metadata: { ...made.metadata, namespace } };
        }),
    );
}
