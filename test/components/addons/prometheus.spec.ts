import { strict as assert } from "node:assert";
import { at } from "../../../plan/model";
import { nothing, values } from "./support";

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
