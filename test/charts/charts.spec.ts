import { strict as assert } from "node:assert";
import { ISTIO_VERSION } from "../../components/istio/versions";
import { type Plan } from "../../plan/model";
import { ofType, one } from "../../plan/query";
import { record, type RecordOptions } from "../../plan/record/record";
import { STACKS } from "../stacks/plans";
import { imagesIn, namesRegistry } from "../support/images";
import {
    pathsBeyond,
    releaseOf,
    renderChart,
    skip,
    type ChartRelease,
    type Manifest,
    type Values,
    withHelm,
} from "./support";

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

/** An istiod that serves by default, and one that no longer does. */
const REVISIONS = {
    istio: {
        revisions: { next: { version: ISTIO_VERSION } },
        defaultRevision: "next",
        canary: { revision: "next", gateways: true },
    },
};

/** Needs helm and the charts, from ISTIO_CHARTS or the chart repository, but no cluster. */
describe("values of the releases", function () {
    this.timeout(60_000);
    const defaults = new Map<string, Values>();
    const images: string[] = [];

    withHelm();

    before(async function () {
        for (const release of releasesOf(await record({ stack: "local", override: HARDENED }))) {
            const rendered = await renderChart(release, process.env.ISTIO_CHARTS);
            if ("unreachable" in rendered) {
                return skip(this, `${rendered.unreachable}. Set ISTIO_CHARTS to a folder with Istio's charts.`);
            }
            defaults.set(release.chart, rendered.defaults._internal_defaults_do_not_set as Values);
            images.push(...imagesIn(rendered.manifests));
        }
    });

    /** `release: path` of each value that its chart has no default for, which means that it ignores it. */
    async function unknown(options: RecordOptions): Promise<string[]> {
        return releasesOf(await record(options)).flatMap(({ name, chart, values }) =>
            pathsBeyond(defaults.get(chart) ?? {}, values, FREE_FORM).map((path) => `${name}: ${path}`),
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

    it("every value we set is one the chart knows: revisions", async () => {
        assert.deepEqual(await unknown({ stack: "local", override: REVISIONS }), []);
    });

    it("tags are the webhooks that istiod's chart would make of them", async () => {
        const plan = await record({ stack: "local", override: REVISIONS });
        const istiod = releaseOf(one(plan, "Release", "istio-istiod-next"));
        const values = { ...istiod.values, revisionTags: ["default", "canary"] };
        const rendered = await renderChart({ ...istiod, values }, process.env.ISTIO_CHARTS);
        assert.ok("manifests" in rendered);
        for (const tag of ["default", "canary"]) {
            const { inputs } = one(plan, "MutatingWebhookConfiguration", `istio-tag-${tag}`);
            const { name, labels } = inputs.metadata as { name: string; labels: Record<string, string> };
            const theirs: Manifest | undefined = rendered.manifests.find(({ metadata }) => metadata.name === name);
            assert.deepEqual(inputs.webhooks, theirs?.webhooks);
            assert.deepEqual({ ...theirs?.metadata.labels, ...labels }, theirs?.metadata.labels);
        }
    });

    it("the registry of each image is named", () => {
        // The gateway's proxy is injected under a word that stands for an image.
        const real = images.filter((image) => image !== "auto");
        assert.ok(real.length > 0);
        assert.deepEqual(
            real.filter((image) => !namesRegistry(image)),
            [],
        );
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
function releasesOf(plan: Plan): ChartRelease[] {
    return ofType(plan, "Release")
        .filter(({ name }) => name.startsWith("istio"))
        .map(releaseOf);
}
