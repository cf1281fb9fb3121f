import { readdirSync } from "node:fs";
import { parse, parseAllDocuments, stringify } from "yaml";
import { isMap, type Resource } from "../../plan/model";
import { plain } from "../../plan/kubernetesObject";
import { attempt } from "../cluster/support/command";

export type Values = Record<string, unknown>;

/** The inputs of a release, as far as its chart is concerned. */
export interface ChartRelease {
    name: string;
    chart: string;
    version: string;
    repositoryOpts?: { repo: string };
    values: Values;
}

export interface Manifest {
    kind: string;
    metadata: { name: string; labels?: Record<string, string> };
    webhooks?: object[];
    spec?: {
        ports?: { port: number }[];
        selector?: Values;
        template?: { metadata: { labels: Values; annotations?: Values } };
    };
    data?: Record<string, string>;
}

/** The releases of a plan. What only the cloud knows is a word in their values. */
export function releaseOf({ inputs }: Resource): ChartRelease {
    return plain(inputs) as ChartRelease;
}

/** The version of a chart in a folder of packed charts, whichever it is; undefined without the folder or the chart. */
export function versionIn(folder: string | undefined, chart: string): string | undefined {
    const packed = new RegExp(`^${chart}-(v?\\d+\\.\\d+\\.\\d+)\\.tgz$`);
    const files = folder === undefined ? [] : readdirSync(folder);
    return files.map((file) => packed.exec(file)?.[1]).find((version) => version !== undefined);
}

/** Arguments by which helm finds a release's chart: in a folder, if that has it, else where the release says. */
function chartFrom({ chart, version, repositoryOpts }: ChartRelease, folder: string | undefined): string[] {
    const name = chart.split("/").at(-1) ?? chart;
    const found = versionIn(folder, name);
    return found === undefined
        ? [chart, "--version", version, ...(repositoryOpts ? ["--repo", repositoryOpts.repo] : [])]
        : [`${folder}/${name}-${found}.tgz`];
}

/** What a chart has values for, and what it renders with those of the release. Undefined where it cannot be reached. */
export async function renderChart(
    release: ChartRelease,
    folder: string | undefined,
): Promise<{ defaults: Values; manifests: Manifest[] } | { unreachable: string }> {
    const from = chartFrom(release, folder);
    const shown = await attempt("helm", ["show", "values", ...from]);
    if (shown.code !== 0 && isUnreachable(shown.stderr)) {
        return { unreachable: shown.stderr.trim() };
    }
    // Without a cluster to ask, helm takes an old Kubernetes for granted.
    const target = ["--namespace", "istio-system", "--kube-version", "1.34.0"];
    const args = ["template", release.name, ...from, ...target, "--values", "-"];
    const { code, stdout, stderr } = await attempt("helm", args, stringify(release.values));
    if (shown.code !== 0 || code !== 0) {
        throw new Error(shown.stderr || stderr);
    }
    return {
        defaults: parse(shown.stdout) as Values,
        manifests: parseAllDocuments(stdout).flatMap((document) => {
            const manifest = document.toJS() as Manifest | null;
            return manifest ? [manifest] : [];
        }),
    };
}

/** Whether the repository, rather than the chart, is the problem. */
function isUnreachable(stderr: string): boolean {
    return /looks like .* is not a valid chart repository|cannot be reached|dial tcp|proxyconnect|timeout/i.test(
        stderr,
    );
}

/** Paths of values that the defaults do not have. An empty mapping takes any key: charts copy it as it is. */
export function pathsBeyond(defaults: Values, values: Values, freeForm: string[]): string[] {
    return Object.entries(values).flatMap(([key, value]) => {
        if (!(key in defaults)) {
            return freeForm.includes(key) ? [] : [key];
        }
        const inner = defaults[key];
        const closed = isMap(inner) && Object.keys(inner).length > 0 && !freeForm.includes(key);
        return closed && isMap(value) ? pathsBeyond(inner, value, freeForm).map((path) => `${key}.${path}`) : [];
    });
}

export function skip(context: Mocha.Context, reason: string): void {
    console.log(`  skipped: ${reason}`);
    context.skip();
}

/** Skips a suite, and says why, where there is no helm. */
export function withHelm(): void {
    before(async function () {
        const helm = await attempt("helm", ["version", "--short"]).catch(() => ({ code: 1 }));
        if (helm.code !== 0) {
            skip(this, "helm not found on PATH.");
        }
    });
}
