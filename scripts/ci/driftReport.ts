import { at, isMap } from "../../plan/model";
import { cutTo, items } from "../../plan/words";

/** A command that has ended: its exit code, and what it printed. */
export interface Ran {
    code: number;
    output: string;
}

/** Runs a command, with a text as its input. */
export type Run = (command: string, args: string[], input?: string) => Promise<Ran>;

export interface DriftReport {
    /** 0: no difference; 1: differences; 2: something could not be compared. */
    code: 0 | 1 | 2;
    /** As Markdown. */
    text: string;
}

interface Comparison {
    title: string;
    result: "same" | "differs" | "failed";
    output: string;
}

/** Compares everything of the selected stack with what exists. Reads only. */
export async function driftReport(stack: string, run: Run): Promise<DriftReport> {
    const comparisons = [await refreshed(run), await meshObjects(stack, run), ...(await releases(run))];
    const failed = comparisons.filter(({ result }) => result === "failed");
    const differing = comparisons.filter(({ result }) => result === "differs");
    const code = failed.length > 0 ? 2 : differing.length > 0 ? 1 : 0;
    const same = comparisons.filter(({ result }) => result === "same").map(({ title }) => title);
    const text = [
        `## \`${stack}\` and what exists`,
        ...failed.map((each) => section(`Could not compare: ${each.title}`, each.output)),
        ...differing.map((each) => section(`Differs: ${each.title}`, each.output)),
        ...(same.length > 0 ? [`No difference: ${same.join(", ")}.`] : []),
    ];
    return { code, text: `${text.join("\n\n")}\n` };
}

/** Fields that the program sets, of everything in the state, and what was deleted. */
async function refreshed(run: Run): Promise<Comparison> {
    const flags = ["--preview-only", "--expect-no-changes", "--diff", "--non-interactive", "--color", "never"];
    const { code, output } = await run("pulumi", ["refresh", ...flags]);
    const differs = output.includes("no changes were expected");
    return { title: "what Pulumi manages", result: code === 0 ? "same" : differs ? "differs" : "failed", output };
}

/** All of Istio's and the Gateway API's objects and NetworkPolicies: additions to them as well, and others. */
async function meshObjects(stack: string, run: Run): Promise<Comparison> {
    const { code, output } = await run("npm", ["run", "--silent", "drift", "--", "--stack", stack]);
    return { title: "the mesh's objects", result: resultOf(code), output };
}

/** What each Helm release installed, which is one resource to Pulumi. */
async function releases(run: Run): Promise<Comparison[]> {
    const exported = await run("pulumi", ["stack", "export"]);
    if (exported.code !== 0) {
        return [{ title: "the Helm releases", result: "failed", output: exported.output }];
    }
    const resources = items(at(JSON.parse(exported.output), "deployment", "resources"));
    const comparisons: Comparison[] = [];
    for (const { outputs } of resources.filter(isRelease)) {
        comparisons.push(await installed(String(at(outputs, "name")), String(at(outputs, "namespace")), run));
    }
    return comparisons;
}

async function installed(name: string, namespace: string, run: Run): Promise<Comparison> {
    const title = `release ${name}`;
    const manifest = await run("helm", ["--namespace", namespace, "get", "manifest", name]);
    if (manifest.code !== 0) {
        return { title, result: "failed", output: manifest.output };
    }
    const diff = ["--namespace", namespace, "diff", "-f", "-"];
    const { code, output } = await run("kubectl", diff, planned(manifest.output));
    return { title, result: resultOf(code), output };
}

function isRelease(resource: unknown): resource is { outputs: unknown } {
    return isMap(resource) && resource.type === "kubernetes:helm.sh/v3:Release";
}

/** Without what istiod writes into its webhooks. */
function planned(manifest: string): string {
    return manifest.replace(/^ *(- )?(caBundle|failurePolicy):.*\n/gm, "");
}

function resultOf(code: number): Comparison["result"] {
    return code === 0 ? "same" : code === 1 ? "differs" : "failed";
}

/** Longer outputs are cut, so that an issue has room for all. */
const most = 12_000;

function section(title: string, output: string): string {
    return `### ${title}\n\n~~~~~diff\n${cutTo(most, output.trim())}\n~~~~~`;
}
