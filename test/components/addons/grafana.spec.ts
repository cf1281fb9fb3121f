import { strict as assert } from "node:assert";
import { at } from "../../../plan/model";
import { nothing, values } from "./support";

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
