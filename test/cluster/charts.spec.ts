import { strict as assert } from "node:assert";
import { parse } from "yaml";
import { chartSource } from "../../components/istio/chart";
import { CHART_REPOSITORY } from "../../components/istio/versions";
import { isMap, type Plan } from "../../plan/model";
import { ofType } from "../../plan/query";
import { record, type RecordOptions } from "../../plan/record/record";
import { STACKS } from "../stacks/plans";
import { attempt } from "./support/command";

type Values = Record<string, unknown>;

interface Release {
    name: string;
    chart: string;
    version: string;
    values?: Values;
}

const repository = process.env.ISTIO_CHARTS ?? CHART_REPOSITORY;

/** Mappings that have defaults and still take any key: Kubernetes' or istiod's own words, or the user's. */
const FREE_FORM = ["resources", "podAnnotations", "labels", "meshConfig", "env"];

/** Everything on that other stacks leave off. */
const digest = `sha256:${"0".repeat(64)}`;
const HARDENED = {
    istio: {
        cni: { enabled: true },
        variant: "distroless",
        digests: { pilot: digest, proxyv2: digest, "install-cni": digest },
    },
    security: { networkPolicies: { enabled: true } },
};

/** Needs helm and the charts, from ISTIO_CHARTS or the chart repository, but no cluster. */
describe("values of the releases", function () {
    this.timeout(60_000);
    const defaults = new Map<string, Values>();

    before(async function () {
        const helm = await attempt("helm", ["version", "--short"]).catch(() => ({ code: 1 }));
        if (helm.code !== 0) {
            return skip(this, "helm not found on PATH.");
        }
        for (const release of releasesOf(await record({ stack: "local", override: HARDENED }))) {
            const { code, stdout, stderr } = await showValues(release);
            if (code !== 0 && !process.env.ISTIO_CHARTS) {
                return skip(this, `${stderr.trim()}. Set ISTIO_CHARTS to a folder with Istio's charts.`);
            }
            assert.equal(code, 0, stderr);
            const shown = parse(stdout) as { _internal_defaults_do_not_set: Values };
            defaults.set(release.chart, shown._internal_defaults_do_not_set);
        }
    });

    /** `release: path` of each value that its chart has no default for, which means that it ignores it. */
    async function unknown(options: RecordOptions): Promise<string[]> {
        return releasesOf(await record(options)).flatMap(({ name, chart, values = {} }) =>
            pathsBeyond(defaults.get(chart) ?? {}, values).map((path) => `${name}: ${path}`),
        );
    }

    for (const stack of STACKS) {
        it(`every value we set is one the chart knows: ${stack}`, async () => {
            assert.deepEqual(await unknown({ stack }), []);
        });
    }

    it("every value we set is one the chart knows: hardened", async () => {
        assert.deepEqual(await unknown({ stack: "local", override: HARDENED }), []);
    });

    it("one that the chart does not know is noticed, at any depth", async () => {
        const base = { defualtRevision: "x" };
        const istiod = { pilot: { env: {} }, global: { proxy: { cpu: "1" } }, meshConfig: { anything: true } };
        const gateway = { extraValues: { service: { portss: [] } } };
        const override = { istio: { extraValues: { base, istiod } }, gateway };
        assert.deepEqual(await unknown({ stack: "prod", override }), [
            "istio-base: defualtRevision",
            "istiod: global.proxy.cpu",
            "istiod: pilot",
            "istio-ingressgateway: service.portss",
        ]);
    });
});

/** The releases of Istio's own charts; addonCharts.spec.ts has those of the add-ons. */
function releasesOf(plan: Plan): Release[] {
    const own = ofType(plan, "Release").filter(({ name }) => name.startsWith("istio"));
    return own.map(({ inputs }) => inputs as unknown as Release);
}

function skip(context: Mocha.Context, reason: string): void {
    console.log(`  skipped: ${reason}`);
    context.skip();
}

/** What `helm show values` says of a release's chart. */
function showValues({ chart: name, version }: Release): ReturnType<typeof attempt> {
    const source = chartSource({ chart: name, version, repository });
    const { chart, repositoryOpts } = source as { chart: string; repositoryOpts?: { repo: string } };
    const from = repositoryOpts ? ["--repo", repositoryOpts.repo] : [];
    return attempt("helm", ["show", "values", chart, "--version", version, ...from]);
}

/** Paths of values that the defaults do not have. An empty mapping takes any key: charts copy it as it is. */
function pathsBeyond(defaults: Values, values: Values): string[] {
    return Object.entries(values).flatMap(([key, value]) => {
        if (!(key in defaults)) {
            return [key];
        }
        const inner = defaults[key];
        const closed = isMap(inner) && Object.keys(inner).length > 0 && !FREE_FORM.includes(key);
        return closed && isMap(value) ? pathsBeyond(inner, value).map((path) => `${key}.${path}`) : [];
    });
}
