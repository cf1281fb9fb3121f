import { attempt } from "./command";

export interface Answer {
    /** Status, 0 where the connection was cut. */
    status: number;
    body: string;
}

/** A request from the curl of a namespace. */
export async function curlFrom(namespace: string, url: string, ...options: string[]): Promise<Answer> {
    const command = ["curl", "-sS", "-m", "8", "-w", "\n%{http_code}", ...options, url];
    const args = ["exec", "-n", namespace, "deploy/curl", "-c", "curl", "--", ...command];
    const { stdout, stderr } = await attempt("kubectl", args);
    const lines = stdout.trimEnd().split("\n");
    const status = Number(lines.pop() ?? 0);
    return { status, body: status === 0 ? stderr : lines.join("\n") };
}
