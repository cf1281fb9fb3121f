import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Longest time for Pulumi, which may ask its service. */
const SECONDS = 60;

/** What `pulumi up` put out for a stack; nothing where Pulumi is not installed, or does not know the stack here. */
export async function outputsOf(stack: string): Promise<Record<string, unknown>> {
    const args = ["stack", "output", "--json", "--show-secrets", "--non-interactive", "--stack", stack];
    const output = await promisify(execFile)("pulumi", args, { timeout: SECONDS * 1000 }).catch(() => undefined);
    return output === undefined ? {} : (JSON.parse(output.stdout) as Record<string, unknown>);
}
