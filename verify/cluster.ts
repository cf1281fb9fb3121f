import { PassThrough } from "node:stream";
import { createServer, type AddressInfo } from "node:net";
import { request, type RequestOptions } from "node:https";
import { Exec, KubeConfig, PortForward, type V1Status } from "@kubernetes/client-node";
import { within } from "./limits";

/** An object of the cluster, as far as checks read it. */
export interface LiveObject {
    apiVersion: string;
    kind: string;
    metadata: {
        name: string;
        namespace?: string;
        labels?: Record<string, string>;
        annotations?: Record<string, string>;
        ownerReferences?: unknown[];
        deletionTimestamp?: unknown;
    };
    spec?: unknown;
    status?: unknown;
    data?: Record<string, string>;
}

/** A program that ran in a container. */
export interface Ran {
    /** Its exit code; 0 is success. */
    code: number;
    stdout: string;
    stderr: string;
}

/** A container of a pod. */
export interface Container {
    namespace: string;
    pod: string;
    container: string;
}

/** The cluster that checks look at. They only read: nothing here creates or changes an object. */
export interface Cluster {
    /** Objects of a kind, in one namespace or in all. A kind that the cluster does not know has none. */
    list<T extends LiveObject>(apiVersion: string, kind: string, namespace?: string): Promise<T[]>;
    /** Runs a program in a container. */
    exec(container: Container, command: string[], seconds?: number): Promise<Ran>;
    /** What a container wrote to standard output, of the last seconds. */
    logs(container: Container, sinceSeconds: number): Promise<string>;
    /** Leads a local port to a port of a pod. */
    forward(namespace: string, pod: string, port: number): Promise<{ port: number; close: () => void }>;
}

/** Longest time for one answer of the API server. */
const REQUEST_SECONDS = 20;

/** What the client takes for the cluster where there is no kubeconfig. */
const WITHOUT_KUBECONFIG = "http://localhost:8080";

/** The cluster of a kubeconfig: a file's, a text's, or by default that of KUBECONFIG or ~/.kube/config. */
export function connect(from: { file?: string; text?: string; context?: string }): Cluster {
    const config = new KubeConfig();
    if (from.text !== undefined) {
        config.loadFromString(from.text);
    } else if (from.file === undefined) {
        config.loadFromDefault();
    } else {
        config.loadFromFile(from.file);
    }
    if (from.context !== undefined) {
        config.setCurrentContext(from.context);
    }
    const cluster = config.getCurrentCluster();
    if (!cluster) {
        throw new Error(`The kubeconfig has no context "${config.getCurrentContext()}" with a cluster.`);
    }
    if (cluster.server === WITHOUT_KUBECONFIG) {
        throw new Error(
            "There is no kubeconfig: KUBECONFIG is not set, and ~/.kube/config does not exist. Name one with --kubeconfig.",
        );
    }
    return new KubernetesCluster(config);
}

interface Resource {
    name: string;
    kind: string;
    namespaced: boolean;
}

class KubernetesCluster implements Cluster {
    private readonly asked = new Map<string, Promise<unknown>>();

    constructor(private readonly config: KubeConfig) {}

    async list<T extends LiveObject>(apiVersion: string, kind: string, namespace?: string): Promise<T[]> {
        const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
        const { resources = [] } = await this.get<{ resources?: Resource[] }>(root);
        const resource = resources.find((each) => each.kind === kind && !each.name.includes("/"));
        if (!resource) {
            return [];
        }
        const place = namespace === undefined ? "" : `/namespaces/${namespace}`;
        const { items } = await this.get<{ items?: T[] | null }>(`${root}${place}/${resource.name}`);
        return (items ?? []).map((item) => ({ ...item, apiVersion, kind }));
    }

    /**
     * What the API server has at a path, as it says it: the client's typed lists rename fields such as `from`. Each is asked
     * for once, so that all checks of a run judge the same state.
     */
    private get<T>(path: string): Promise<T> {
        const found = this.asked.get(path) ?? this.fetch(path).then((text) => JSON.parse(text ?? "{}") as unknown);
        this.asked.set(path, found);
        return found as Promise<T>;
    }

    /** The answer to a path; undefined where there is nothing. */
    private fetch(path: string): Promise<string | undefined> {
        return within(REQUEST_SECONDS, `${path} of the API server`, this.send(path));
    }

    private async send(path: string): Promise<string | undefined> {
        const options: RequestOptions = {};
        await this.config.applyToHTTPSOptions(options);
        const server = this.config.getCurrentCluster()!.server.replace(/\/$/, "");
        return new Promise((resolve, reject) => {
            const sent = request(new URL(server + path), options, (response) => {
                const chunks: Buffer[] = [];
                response.on("data", (chunk: Buffer) => chunks.push(chunk));
                response.on("error", reject);
                response.on("end", () => {
                    const text = Buffer.concat(chunks).toString();
                    const { statusCode = 0 } = response;
                    if (statusCode === 404) {
                        resolve(undefined);
                    } else if (statusCode >= 300) {
                        reject(new Error(`the API server answers ${statusCode} to ${path}: ${text.slice(0, 200)}`));
                    } else {
                        resolve(text);
                    }
                });
            });
            sent.on("error", reject);
            sent.end();
        });
    }

    async exec({ namespace, pod, container }: Container, command: string[], seconds = REQUEST_SECONDS): Promise<Ran> {
        const [stdout, stderr] = [collect(), collect()];
        const ended = new Promise<V1Status>((resolve, reject) => {
            new Exec(this.config)
                .exec(namespace, pod, container, command, stdout.stream, stderr.stream, null, false, resolve)
                .catch(reject);
        });
        const status = await within(seconds, `${command[0]} in ${pod}`, ended);
        return { code: exitCode(status), stdout: stdout.text(), stderr: stderr.text() };
    }

    async logs({ namespace, pod, container }: Container, sinceSeconds: number): Promise<string> {
        const since = Math.max(1, Math.ceil(sinceSeconds));
        const query = new URLSearchParams({ container, sinceSeconds: String(since) });
        const text = await this.fetch(`/api/v1/namespaces/${namespace}/pods/${pod}/log?${query.toString()}`);
        if (text === undefined) {
            throw new Error(`${pod} is gone`);
        }
        return text;
    }

    async forward(namespace: string, pod: string, port: number): Promise<{ port: number; close: () => void }> {
        const forwarding = new PortForward(this.config);
        const server = createServer((socket) => {
            socket.on("error", () => socket.destroy());
            forwarding.portForward(namespace, pod, [port], socket, null, socket).catch(() => socket.destroy());
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return { port: (server.address() as AddressInfo).port, close: () => server.close() };
    }
}

function collect(): { stream: PassThrough; text: () => string } {
    const stream = new PassThrough();
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    return { stream, text: () => Buffer.concat(chunks).toString() };
}

function exitCode({ status, details }: V1Status): number {
    const cause = details?.causes?.find(({ reason }) => reason === "ExitCode");
    return status === "Success" ? 0 : Number(cause?.message ?? 1);
}
