import { strict as assert } from "node:assert";
import { parse, parseAllDocuments, stringify } from "yaml";
import { Addons } from "../../components/addons/addons";
import { isMap } from "../../plan/model";
import { ofType } from "../../plan/query";
import { record } from "../../plan/record/record";
import { attempt } from "./support/command";

type Values = Record<string, unknown>;

interface Release {
    name: string;
    chart: string;
    version: string;
    repositoryOpts: { repo: string };
    values: Values;
}

interface Manifest {
    kind: string;
    metadata: { name: string };
    spec?: { ports?: { port: number }[]; selector?: Values; template?: { metadata: { labels: Values } } };
    data?: Record<string, string>;
}

/** Mappings that take any key: Kubernetes' words, the program's own configuration, or names of the user's choice. */
const FREE_FORM = [
    ...["resources", "userconfig", "external_services", "auth", "grafana.ini", "extraEnv"],
    // Kiali's own, which its chart hands on without knowing them.
    ...["web_fqdn", "web_port", "web_schema"],
];

const nothing = { extraValues: {} };
const context = { namespace: "istio-system", istioVersion: "1.31.1" };

/** Releases of all add-ons; Jaeger and Zipkin exclude each other. */
async function releases(): Promise<Release[]> {
    const ingress = {
        host: "tools.example.com",
        port: 443,
        tls: { mode: "SIMPLE" as const, credentialName: "tools-tls", minProtocolVersion: "TLSV1_2" as const },
    };
    const { prometheus, grafana, kiali } = {
        prometheus: nothing,
        grafana: { ...nothing, ingress },
        kiali: { ...nothing, ingress, signIn: "token" as const },
    };
    const plans = [
        await record({}, () => void new Addons("a", { ...context, prometheus, grafana, kiali, jaeger: nothing }, {})),
        await record({}, () => void new Addons("a", { ...context, zipkin: nothing }, {})),
    ];
    return plans.flatMap((plan) => ofType(plan, "Release").map(({ inputs }) => inputs as unknown as Release));
}

/** Needs helm and the charts' repositories (or HTTPS_PROXY), but no cluster. */
describe("charts of the add-ons", function () {
    this.timeout(120_000);
    const all = new Map<string, Release>();

    before(async function () {
        const helm = await attempt("helm", ["version", "--short"]).catch(() => ({ code: 1 }));
        if (helm.code !== 0) {
            return skip(this, "helm not found on PATH.");
        }
        for (const release of await releases()) {
            all.set(release.name, release);
        }
    });

    for (const addon of ["prometheus", "grafana", "jaeger", "zipkin", "kiali"]) {
        describe(addon, () => {
            let defaults: Values;
            let manifests: Manifest[];

            before(async function () {
                const release = all.get(addon);
                assert.ok(release);
                const from = [release.chart, "--version", release.version, "--repo", release.repositoryOpts.repo];
                const shown = await attempt("helm", ["show", "values", ...from]);
                if (unreachable(shown)) {
                    return skip(this, `${addon}: ${shown.stderr.trim()}`);
                }
                assert.equal(shown.code, 0, shown.stderr);
                defaults = parse(shown.stdout) as Values;
                const args = ["template", release.name, ...from, "--namespace", "istio-system", "--values", "-"];
                const { code, stdout, stderr } = await attempt("helm", args, stringify(release.values));
                assert.equal(code, 0, stderr);
                manifests = parseAllDocuments(stdout).flatMap((document) => {
                    const manifest = document.toJS() as Manifest | null;
                    return manifest ? [manifest] : [];
                });
            });

            it("knows every value that is set", () => {
                assert.deepEqual(pathsBeyond(defaults, all.get(addon)!.values), []);
            });

            it("makes the Service that others look for", () => {
                const ports = new Map([
                    ["prometheus", 9090],
                    ["grafana", 3000],
                    ["jaeger", 4317],
                    ["zipkin", 9411],
                    ["kiali", 20001],
                ]);
                const service = manifests.find(({ kind, metadata }) => kind === "Service" && metadata.name === addon);
                assert.ok(service, "no such Service");
                assert.ok(service.spec?.ports?.some(({ port }) => port === ports.get(addon)));
            });

            it("makes no password of its own", () => {
                const secrets = manifests.filter(({ kind }) => kind === "Secret");
                assert.doesNotMatch(JSON.stringify(secrets), /admin-password|signing/);
            });

            if (addon === "prometheus") {
                it("scrapes by each job once", () => {
                    const config = manifests.find(({ kind }) => kind === "ConfigMap")?.data?.["prometheus.yml"] ?? "";
                    const { scrape_configs: jobs } = parse(config) as { scrape_configs: { job_name: string }[] };
                    assert.deepEqual(jobs.map(({ job_name }) => job_name).sort(), [
                        "kubernetes-nodes-cadvisor",
                        "kubernetes-pods",
                        "prometheus",
                    ]);
                });
            }

            if (addon === "jaeger" || addon === "zipkin") {
                it("labels its pod as the Services beside it expect", async () => {
                    const key = addon === "jaeger" ? { jaeger: nothing } : { zipkin: nothing };
                    const plan = await record({}, () => void new Addons("a", { ...context, ...key }, {}));
                    const pod = manifests.find(({ kind }) => kind === "Deployment")?.spec?.template?.metadata.labels;
                    for (const { inputs } of ofType(plan, "Service")) {
                        const { selector } = inputs.spec as { selector: Values };
                        assert.deepEqual({ ...pod, ...selector }, pod);
                    }
                });
            }
        });
    }
});

function skip(context: Mocha.Context, reason: string): void {
    console.log(`  skipped: ${reason}`);
    context.skip();
}

/** Whether the repository, rather than the chart, is the problem. */
function unreachable({ code, stderr }: { code: number | null; stderr: string }): boolean {
    return (
        code !== 0 &&
        /looks like .* is not a valid chart repository|cannot be reached|dial tcp|proxyconnect|timeout/i.test(stderr)
    );
}

/** Paths of values that the defaults do not have. An empty mapping takes any key: charts copy it as it is. */
function pathsBeyond(defaults: Values, values: Values): string[] {
    return Object.entries(values).flatMap(([key, value]) => {
        if (!(key in defaults)) {
            return FREE_FORM.includes(key) || (key === "metric_relabel_configs" && Array.isArray(value)) ? [] : [key];
        }
        const inner = defaults[key];
        const closed = isMap(inner) && Object.keys(inner).length > 0 && !FREE_FORM.includes(key);
        return closed && isMap(value) ? pathsBeyond(inner, value).map((path) => `${key}.${path}`) : [];
    });
}
