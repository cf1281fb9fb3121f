import { skipped, type Finding, type Subject } from "./check";
import { applicationOf, isReady, podsOf } from "./pods";
import type { Cluster, Container } from "./cluster";
import { newTag } from "./http";

/** The answer of a request from a pod. */
export interface PodAnswer {
    /** 0 where no answer came. */
    status: number;
    body: string;
    /** What the request carried as its user agent, which proxies log. */
    tag: string;
    seconds: number;
}

export interface PodRequest {
    method?: string;
    headers?: Record<string, string>;
    /** Seconds until it is given up. @default 8 */
    seconds?: number;
}

/** A container that can send requests: one of a workload's ready pods, if it has curl. */
export async function senderIn(
    cluster: Cluster,
    namespace: string,
    selector: Record<string, string>,
): Promise<Container | undefined> {
    const [pod] = (await podsOf(cluster, namespace, selector)).filter(isReady);
    const container = pod && applicationOf(pod);
    return container && (await hasCurl(cluster, container)) ? container : undefined;
}

/** A pod of the mesh that can send requests: the guide's curl, or one of Bookinfo's. */
async function anySender(
    { cluster, mesh }: Pick<Subject, "cluster" | "mesh">,
    besides?: string,
): Promise<Container | undefined> {
    const candidates = ["curl", "ratings"].flatMap((name) => mesh.services.find((each) => each.name === name) ?? []);
    for (const { namespace, selector, name } of candidates) {
        const sender = name === besides ? undefined : await senderIn(cluster, namespace, selector);
        if (sender) {
            return sender;
        }
    }
    return undefined;
}

/** What a request from a pod of the mesh shows; skipped where none can send any. */
export async function fromTheMesh(
    subject: Subject,
    look: (sender: Container) => Promise<Finding>,
    besides?: string,
): Promise<Finding> {
    const sender = await anySender(subject, besides);
    return sender ? look(sender) : skipped("no pod of the mesh has curl: set clients.curl");
}

/** What is known of containers, for as long as one look at a cluster lasts: many checks send from the same. */
const known = new WeakMap<Cluster, Map<string, Promise<boolean>>>();

function hasCurl(cluster: Cluster, container: Container): Promise<boolean> {
    const containers = known.get(cluster) ?? new Map<string, Promise<boolean>>();
    known.set(cluster, containers);
    const name = Object.values(container).join("/");
    const found = containers.get(name) ?? cluster.exec(container, ["curl", "--version"]).then(({ code }) => code === 0);
    containers.set(name, found);
    return found;
}

function curl(url: string, { method = "GET", headers = {} }: PodRequest, ...options: string[]): string[] {
    const given = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
    return ["curl", "-sS", "-X", method, ...given, ...options, url];
}

/** Sends as many requests and discards the answers. */
export async function askMany(
    cluster: Cluster,
    from: Container,
    url: string,
    count: number,
    { parallel, ...request }: PodRequest & { parallel: number },
): Promise<void> {
    const many = parallel > 1 ? ["--parallel", "--parallel-max", String(parallel)] : [];
    await cluster.exec(from, curl(`${url}-[1-${count}]`, request, ...many, "-m", "60", "-o", "/dev/null"), 80);
}

/** Sends a request from a pod. */
export async function ask(
    cluster: Cluster,
    from: Container,
    url: string,
    request: PodRequest = {},
): Promise<PodAnswer> {
    const { seconds = 8 } = request;
    const tag = newTag();
    const command = curl(url, request, "-A", tag, "-g", "-m", String(seconds), "-w", "\n%{http_code} %{time_total}");
    const { stdout, stderr } = await cluster.exec(from, command, seconds + 10);
    const lines = stdout.trimEnd().split("\n");
    const [status = 0, taken = 0] = (lines.pop() ?? "").split(" ").map(Number);
    return { status, seconds: taken, tag, body: status === 0 ? stderr.trim() : lines.join("\n") };
}
