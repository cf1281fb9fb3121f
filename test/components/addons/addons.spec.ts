import { strict as assert } from "node:assert";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { Addons, type AddonsArgs } from "../../../components/addons/addons";
import { ADDON_CHARTS } from "../../../components/addons/versions";
import { at, type Plan, type Resource } from "../../../plan/model";
import { dependsOn, ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record";

const nothing = { extraValues: {} };
const everything: Partial<AddonsArgs> = {
    prometheus: nothing,
    grafana: nothing,
    jaeger: nothing,
    kiali: { ...nothing, signIn: "token" },
};

/** Add-ons that wait for something, as they do for the control plane. */
function planned(args: Partial<AddonsArgs>): Promise<Plan> {
    return record({}, () => {
        const earlier = new ConfigMap("earlier", { metadata: { name: "earlier" } });
        const around = { namespace: "istio-system", istioVersion: "1.31.1" };
        const addons = new Addons("addons", { ...around, ...args }, { dependsOn: earlier });
        return { access: addons.access, password: addons.grafanaAdminPassword };
    });
}

async function values(addon: string, args: Partial<AddonsArgs>): Promise<unknown> {
    return one(await planned(args), "Release", `addons-${addon}`).inputs.values;
}

const serviceOf = ({ inputs }: Resource) => ({
    name: at(inputs, "metadata", "name"),
    ports: (at(inputs, "spec", "ports") as { port: number; targetPort: number }[]).map(
        ({ port, targetPort }) => `${port} to ${targetPort}`,
    ),
    selector: at(inputs, "spec", "selector"),
});

describe("add-ons", () => {
    let plan: Plan;
    before(async () => {
        plan = await planned(everything);
    });

    it("are none that nobody asked for", async () => {
        const { resources, outputs } = await planned({});
        assert.deepEqual(
            resources.filter(({ custom }) => custom).map(({ name }) => name),
            ["earlier"],
        );
        assert.deepEqual(outputs.access?.value, {});
    });

    it("come from their pinned charts, in the control plane's namespace, under the names others look for", () => {
        const installed = ofType(plan, "Release").map(({ inputs }) => [
            inputs.name,
            inputs.namespace,
            inputs.chart,
            inputs.version,
            at(inputs, "repositoryOpts", "repo"),
        ]);
        const expected = (["prometheus", "grafana", "jaeger", "kiali"] as const).map((addon) => {
            const { chart, version, repository } = ADDON_CHARTS[addon];
            return [addon, "istio-system", chart, version, repository];
        });
        assert.deepEqual(installed.sort(), expected.sort());
    });

    it("all wait for the control plane", () => {
        const parts = plan.resources.filter(({ custom, name }) => custom && name.startsWith("addons-"));
        assert.ok(parts.length > 0);
        assert.deepEqual(
            parts.filter((part) => !dependsOn(plan, part, one(plan, "ConfigMap"))),
            [],
        );
    });

    const order = [
        ["Secret addons-grafana-admin", "Release addons-grafana"],
        ["Secret addons-kiali-login-token", "Release addons-kiali"],
        // Kiali mounts Grafana's Secret too.
        ["Secret addons-grafana-admin", "Release addons-kiali"],
        ["Release addons-prometheus", "Release addons-kiali"],
        ["Release addons-jaeger", "Release addons-kiali"],
    ];
    for (const [first, then] of order) {
        it(`${then} waits for ${first}`, () => {
            const [a, b] = [first, then].map((text) => one(plan, ...(text!.split(" ") as [string, string])));
            assert.equal(dependsOn(plan, b!, a!), true);
        });
    }

    it("keep generated passwords in Secrets", () => {
        for (const [name, key] of [
            ["addons-grafana-admin", "admin-password"],
            ["addons-kiali-login-token", "signing-key"],
        ] as const) {
            // The recorder writes this for what the SDK holds as secret; the whole mapping is, or its entry.
            const { stringData } = one(plan, "Secret", name).inputs;
            assert.match(JSON.stringify(stringData), /\$secret|\$unknown/);
            assert.equal(typeof at(stringData, key) === "string", false);
        }
        for (const { inputs } of ofType(plan, "Release")) {
            assert.doesNotMatch(JSON.stringify(inputs.values), /adminPassword|\$secret|\$unknown/);
        }
    });

    it("hand out Grafana's password as a secret only, and only with Grafana", async () => {
        assert.equal(plan.outputs.password?.secret, true);
        assert.equal((await planned({ prometheus: nothing })).outputs.password, undefined);
    });

    it("say how they are opened", () => {
        const access = plan.outputs.access?.value;
        assert.deepEqual(at(access, "kiali"), {
            command: "kubectl -n istio-system port-forward service/kiali 20001:20001",
            url: "http://localhost:20001/kiali",
            signIn: "a token of Kubernetes: `kubectl -n istio-system create token kiali`",
        });
        assert.equal(at(access, "jaeger", "command"), "kubectl -n istio-system port-forward service/tracing 16686:80");
        assert.equal(at(access, "grafana", "url"), "http://localhost:3000");
        assert.equal(at(access, "zipkin"), undefined);
    });

    it("are nowhere reachable from outside the cluster", () => {
        assert.doesNotMatch(JSON.stringify(plan), /LoadBalancer|NodePort|"ingress"/);
    });

    it("take values that no argument covers", async () => {
        const extraValues = { server: { retention: "7d" } };
        const merged = await values("prometheus", { prometheus: { extraValues } });
        assert.equal(at(merged, "server", "retention"), "7d");
        assert.equal(at(merged, "server", "fullnameOverride"), "prometheus");
    });

    const resources = { requests: { cpu: "2" } };
    const places: [addon: "prometheus" | "grafana" | "jaeger" | "zipkin" | "kiali", path: string[]][] = [
        ["prometheus", ["server", "resources"]],
        ["grafana", ["resources"]],
        ["jaeger", ["jaeger", "resources"]],
        ["zipkin", ["resources"]],
        ["kiali", ["deployment", "resources"]],
    ];
    for (const [addon, path] of places) {
        it(`give ${addon} the resources that are set, or some`, async () => {
            const args = { ...nothing, signIn: "token" };
            assert.ok(at(await values(addon, { [addon]: args }), ...path, "limits", "memory"));
            assert.deepEqual(at(await values(addon, { [addon]: { ...args, resources } }), ...path), resources);
        });
    }
});

describe("Prometheus", () => {
    it("is the Service prometheus at 9090, with a day of metrics and nothing beside it", async () => {
        const given = await values("prometheus", { prometheus: nothing });
        assert.equal(at(given, "server", "fullnameOverride"), "prometheus");
        assert.deepEqual(at(given, "server", "service"), { servicePort: 9090 });
        assert.equal(at(given, "server", "retention"), "24h");
        for (const part of [
            "alertmanager",
            "prometheus-pushgateway",
            "kube-state-metrics",
            "prometheus-node-exporter",
        ]) {
            assert.deepEqual(at(given, part), { enabled: false });
        }
    });

    // A list beside the chart's mapping would define jobs twice, and Prometheus would not start.
    it("scrapes what says where its metrics are, and containers, by the chart's own jobs", async () => {
        const given = await values("prometheus", { prometheus: nothing });
        const jobs = Object.entries(at(given, "scrapeConfigs") as Record<string, { enabled: boolean }>);
        assert.equal(jobs.length, 10);
        assert.deepEqual(
            jobs.filter(([, { enabled }]) => enabled).map(([job]) => job),
            ["kubernetes-nodes-cadvisor", "kubernetes-pods", "prometheus"],
        );
        assert.equal(at(given, "serverFiles"), undefined);
    });

    const kept: [metric: string, isKept: boolean][] = [
        ["container_cpu_usage_seconds_total", true],
        ["container_memory_working_set_bytes", true],
        ["container_network_receive_bytes_total", false],
    ];
    for (const [metric, isKept] of kept) {
        it(`${isKept ? "keeps" : "drops"} ${metric}`, async () => {
            const given = await values("prometheus", { prometheus: nothing });
            const path = ["scrapeConfigs", "kubernetes-nodes-cadvisor", "metric_relabel_configs", 0, "regex"];
            // Prometheus anchors expressions.
            assert.equal(new RegExp(`^(?:${at(given, ...path) as string})$`).test(metric), isKept);
        });
    }
});

describe("Grafana", () => {
    it("reads its administrator from the Secret", async () => {
        assert.deepEqual(at(await values("grafana", { grafana: nothing }), "admin"), {
            existingSecret: "grafana-admin",
            userKey: "admin-user",
            passwordKey: "admin-password",
        });
    });

    it("has Prometheus as the data source that dashboards choose by themselves", async () => {
        const sources = at(await values("grafana", { grafana: nothing }), "datasources", "datasources.yaml");
        assert.deepEqual(at(sources, "datasources"), [
            {
                name: "Prometheus",
                uid: "prometheus",
                type: "prometheus",
                access: "proxy",
                url: "http://prometheus:9090",
                isDefault: true,
                jsonData: { timeInterval: "15s" },
            },
        ]);
    });

    it("shows the six dashboards of the guide, of the Istio version that runs, fetched over checked TLS", async () => {
        const given = await values("grafana", { grafana: nothing });
        const dashboards = at(given, "dashboards", "istio") as Record<string, { url: string; curlOptions: string }>;
        const root = "https://raw.githubusercontent.com/istio/istio/1.31.1/manifests/addons/dashboards";
        assert.deepEqual(Object.fromEntries(Object.entries(dashboards).map(([name, { url }]) => [name, url])), {
            mesh: `${root}/istio-mesh-dashboard.gen.json`,
            service: `${root}/istio-service-dashboard.json`,
            workload: `${root}/istio-workload-dashboard.json`,
            performance: `${root}/istio-performance-dashboard.json`,
            "control-plane": `${root}/pilot-dashboard.gen.json`,
            "wasm-extension": `${root}/istio-extension-dashboard.json`,
        });
        for (const { curlOptions } of Object.values(dashboards)) {
            assert.doesNotMatch(curlOptions, /^-\w*k|insecure/);
        }
        // The chart writes each file where the provider of the same name looks for it.
        const provider = at(given, "dashboardProviders", "dashboardproviders.yaml", "providers", 0);
        assert.deepEqual(
            [at(provider, "name"), at(provider, "options", "path")],
            ["istio", "/var/lib/grafana/dashboards/istio"],
        );
    });

    it("lets nobody in without a password unless told, and then to look only", async () => {
        assert.doesNotMatch(JSON.stringify(await values("grafana", { grafana: nothing })), /anonymous/);
        const open = await values("grafana", { grafana: { ...nothing, anonymous: true } });
        assert.deepEqual(at(open, "grafana.ini"), { "auth.anonymous": { enabled: true, org_role: "Viewer" } });
    });
});

describe("Jaeger", () => {
    const selector = {
        "app.kubernetes.io/name": "jaeger",
        "app.kubernetes.io/instance": "jaeger",
        "app.kubernetes.io/component": "all-in-one",
    };

    it("has the Services of Istio's sample, at the pod its chart makes", async () => {
        const services = ofType(await planned({ jaeger: nothing }), "Service").map(serviceOf);
        assert.deepEqual(services, [
            { name: "jaeger-collector", ports: ["4317 to 4317", "4318 to 4318"], selector },
            { name: "tracing", ports: ["80 to 16686"], selector },
        ]);
    });

    it("takes OTLP at the ports its Services lead to, and keeps a bounded number of traces", async () => {
        const config = at(await values("jaeger", { jaeger: nothing }), "userconfig");
        assert.deepEqual(at(config, "receivers"), {
            otlp: { protocols: { grpc: { endpoint: "0.0.0.0:4317" }, http: { endpoint: "0.0.0.0:4318" } } },
        });
        assert.deepEqual(at(config, "extensions", "jaeger_storage"), {
            backends: { primary_store: { memory: { max_traces: 20_000 } } },
        });
    });

    it("names in its pipeline only what it has", async () => {
        const config = at(await values("jaeger", { jaeger: nothing }), "userconfig");
        const has = (part: string) => Object.keys(at(config, part) as object).sort();
        assert.deepEqual(at(config, "service", "pipelines", "traces"), {
            receivers: has("receivers"),
            exporters: has("exporters"),
        });
        assert.deepEqual((at(config, "service", "extensions") as string[]).sort(), has("extensions"));
        const store = at(config, "exporters", "jaeger_storage_exporter", "trace_storage") as string;
        assert.equal(at(config, "extensions", "jaeger_query", "storage", "traces"), store);
        assert.ok(at(config, "extensions", "jaeger_storage", "backends", store));
    });
});

describe("Zipkin", () => {
    it("is the Service zipkin at 9411, and behind tracing", async () => {
        const plan = await planned({ zipkin: nothing });
        const { values: given } = one(plan, "Release").inputs;
        assert.deepEqual([at(given, "fullnameOverride"), at(given, "service", "port")], ["zipkin", 9411]);
        assert.deepEqual(ofType(plan, "Service").map(serviceOf), [
            {
                name: "tracing",
                ports: ["80 to 9411"],
                selector: { "app.kubernetes.io/name": "zipkin", "app.kubernetes.io/instance": "zipkin" },
            },
        ]);
    });

    it("does not go with Jaeger", async () => {
        await assert.rejects(planned({ jaeger: nothing, zipkin: nothing }), /choose one/);
    });
});

describe("Kiali", () => {
    it("reads Prometheus, Grafana with its administrator, and Jaeger", async () => {
        assert.deepEqual(at(await values("kiali", everything), "external_services"), {
            prometheus: { url: "http://prometheus.istio-system:9090" },
            grafana: {
                enabled: true,
                internal_url: "http://grafana.istio-system:3000",
                datasource_uid: "prometheus",
                auth: {
                    type: "basic",
                    username: "secret:grafana-admin:admin-user",
                    password: "secret:grafana-admin:admin-password",
                },
            },
            tracing: {
                enabled: true,
                provider: "jaeger",
                internal_url: "http://tracing.istio-system:80",
                use_grpc: false,
            },
        });
    });

    it("does without what is not there, and without Zipkin, which it cannot read", async () => {
        const { kiali, prometheus } = everything;
        const services = at(await values("kiali", { kiali, prometheus, zipkin: nothing }), "external_services");
        assert.deepEqual(at(services, "grafana"), { enabled: false });
        assert.deepEqual(at(services, "tracing"), { enabled: false });
    });

    it("signs sessions with the generated key", async () => {
        const plan = await planned(everything);
        const { values: given } = one(plan, "Release", "addons-kiali").inputs;
        assert.equal(at(given, "login_token", "signing_key"), "secret:kiali-login-token:signing-key");
        assert.deepEqual(one(plan, "RandomPassword", "addons-kiali-signing-key").inputs.length, 32);
    });

    for (const signIn of ["token", "anonymous"] as const) {
        it(`lets users sign in by ${signIn}`, async () => {
            assert.deepEqual(at(await values("kiali", { kiali: { ...nothing, signIn } }), "auth"), {
                strategy: signIn,
            });
        });
    }

    it("lets users sign in at an identity provider, which has to be named", async () => {
        const openid = { issuerUri: "https://idp.example.com", clientId: "kiali" };
        const given = await values("kiali", { kiali: { ...nothing, signIn: "openid", openid } });
        assert.deepEqual(at(given, "auth"), {
            strategy: "openid",
            openid: { client_id: "kiali", issuer_uri: "https://idp.example.com" },
        });
        await assert.rejects(planned({ kiali: { ...nothing, signIn: "openid" } }), /identity provider/);
    });
});
