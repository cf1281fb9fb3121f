import { strict as assert } from "node:assert";
import { parse } from "yaml";
import { Addons } from "../../components/addons/addons";
import { CertManager } from "../../components/certificates/certManager";
import { COLLECTOR, collectorRelease } from "../../components/istio/tracing/collector";
import { authorization } from "../../components/istio/tracing/apm";
import { ISTIO_VERSION } from "../../components/istio/versions";
import { at } from "../../plan/model";
import { ofType } from "../../plan/query";
import { record } from "../../plan/record/record";
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

/** Mappings that take any key: Kubernetes' words, the program's own configuration, or names of the user's choice. */
const FREE_FORM = [
    ...["resources", "userconfig", "external_services", "auth", "grafana.ini", "extraEnv", "metric_relabel_configs"],
    ...["alternateConfig", "podLabels", "podAnnotations"],
    // Kiali's own, which its chart hands on without knowing them.
    ...["web_fqdn", "web_port", "web_schema"],
];

const nothing = { extraValues: {} };
const context = { namespace: "istio-system", istioVersion: ISTIO_VERSION };

/** Releases of everything but Istio; Jaeger and Zipkin exclude each other. */
async function releases(): Promise<ChartRelease[]> {
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
    const apm = { uploadHost: "apm.example.com", authorization: authorization("key") };
    const plans = [
        await record({}, () => void new Addons("a", { ...context, prometheus, grafana, kiali, jaeger: nothing }, {})),
        await record({}, () => void new Addons("a", { ...context, zipkin: nothing }, {})),
        await record({}, () => void new CertManager("cert-manager", {}, {})),
        await record({}, () => void collectorRelease("collector", apm, "istio-system", {})),
    ];
    return plans.flatMap((plan) => ofType(plan, "Release").map(releaseOf));
}

/** Needs helm and the charts, from ADDON_CHARTS or their repositories (or HTTPS_PROXY), but no cluster. */
describe("charts of the add-ons", function () {
    this.timeout(120_000);
    const all = new Map<string, ChartRelease>();

    withHelm();

    before(async function () {
        for (const release of await releases()) {
            all.set(release.name, release);
        }
    });

    const services = new Map([
        ["prometheus", 9090],
        ["grafana", 3000],
        ["jaeger", 4317],
        ["zipkin", 9411],
        ["kiali", 20001],
        [COLLECTOR.name, COLLECTOR.port],
    ]);

    for (const name of [...services.keys(), "cert-manager"]) {
        describe(name, () => {
            let defaults: Values;
            let manifests: Manifest[];

            before(async function () {
                const release = all.get(name);
                assert.ok(release);
                const rendered = await renderChart(release, process.env.ADDON_CHARTS);
                if ("unreachable" in rendered) {
                    return skip(this, `${name}: ${rendered.unreachable}`);
                }
                ({ defaults, manifests } = rendered);
            });

            const podTemplate = () => manifests.find(({ kind }) => kind === "Deployment")?.spec?.template?.metadata;

            it("knows every value that is set", () => {
                assert.deepEqual(pathsBeyond(defaults, all.get(name)!.values, FREE_FORM), []);
            });

            it("names the registry of each image", () => {
                const images = imagesIn(manifests);
                assert.ok(images.length > 0);
                assert.deepEqual(
                    images.filter((image) => !namesRegistry(image)),
                    [],
                );
            });

            if (services.has(name)) {
                it("makes no NetworkPolicy beside the mesh's own", () => {
                    const policies = manifests.filter(({ kind }) => kind === "NetworkPolicy");
                    assert.deepEqual(
                        policies.map(({ metadata }) => metadata.name),
                        [],
                    );
                });

                it("makes the Service that others look for", () => {
                    const service = manifests.find(
                        ({ kind, metadata }) => kind === "Service" && metadata.name === name,
                    );
                    assert.ok(service, "no such Service");
                    assert.ok(service.spec?.ports?.some(({ port }) => port === services.get(name)));
                });
            }

            it("makes no password of its own", () => {
                const secrets = manifests.filter(({ kind }) => kind === "Secret");
                assert.doesNotMatch(JSON.stringify(secrets), /admin-password|signing/);
            });

            if (name === "prometheus") {
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

            if (name === "jaeger") {
                it("restarts its pod with its configuration", () => {
                    assert.equal(
                        podTemplate()?.labels["oke-mesh/config"],
                        at(all.get(name)!.values, "jaeger", "podLabels", "oke-mesh/config"),
                    );
                });
            }

            if (name === "jaeger" || name === "zipkin") {
                it("labels its pod as the Services beside it expect", async () => {
                    const key = name === "jaeger" ? { jaeger: nothing } : { zipkin: nothing };
                    const plan = await record({}, () => void new Addons("a", { ...context, ...key }, {}));
                    const labels = podTemplate()?.labels;
                    for (const { inputs } of ofType(plan, "Service")) {
                        const { selector } = inputs.spec as { selector: Values };
                        assert.deepEqual({ ...labels, ...selector }, labels);
                    }
                });
            }
        });
    }
});
