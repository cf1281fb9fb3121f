import { spawn } from "node:child_process";

/** Runs a program and returns its standard output; throws with everything it said when it fails. */
export async function run(program: string, args: string[], input = ""): Promise<string> {
    const { code, stdout, stderr } = await attempt(program, args, input);
    if (code !== 0) {
        throw new Error(`${program} ${args.join(" ")}: exit ${code}\n${stdout}${stderr}`);
    }
    return stdout;
}

/** Runs a program and returns how it ended. */
export function attempt(
    program: string,
    args: string[],
    input = "",
): Promise<{ code: number | null; stdout: string; stderr: string }> {
    return new Promise((resolve, reject) => {
        const child = spawn(program, args, { stdio: "pipe" });
        let stdout = "";
        let stderr = "";
        child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
        child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
        child.on("error", reject);
        child.on("close", (code) => resolve({ code, stdout, stderr }));
        child.stdin.end(input);
    });
}

export const kubectl = (args: string[], input?: string): Promise<string> => run("kubectl", args, input);

/** What `kubectl get` finds, as objects. */
export async function get<T = KubernetesObject>(...args: string[]): Promise<T[]> {
    return (JSON.parse(await kubectl(["get", ...args, "-o", "json"])) as { items: T[] }).items;
}

export interface KubernetesObject {
    apiVersion: string;
    kind: string;
    metadata: {
        name: string;
        namespace?: string;
        uid: string;
        generation?: number;
        deletionTimestamp?: string;
        labels?: Record<string, string>;
        annotations?: Record<string, string>;
    };
}
