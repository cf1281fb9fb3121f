import { strict as assert } from "node:assert";
import type { DestinationRuleSpec } from "../../../components/istio/api";
import type { MeshService } from "../../../components/mesh/meshService";
import { destinationRule } from "../../../components/traffic/destinationRules";
import type { ServiceTraffic } from "../../../components/traffic/serviceTraffic";
import { validateIstio } from "../../support/istioSchemas";

const plain: MeshService = {
    name: "cart",
    host: "cart",
    namespace: "shop",
    port: 8080,
    protocol: "http",
    versions: {},
    selector: { app: "cart" },
    serviceAccount: "cart",
};

const versioned = { ...plain, versions: { v1: { version: "v1" }, canary: { track: "canary", app: "cart" } } };

const policies: [what: string, traffic: ServiceTraffic, trafficPolicy: DestinationRuleSpec["trafficPolicy"]][] = [
    [
        "limits and ejection as they are set",
        { connectionPool: { tcp: { maxConnections: 5 } }, outlierDetection: { interval: "1s" } },
        { connectionPool: { tcp: { maxConnections: 5 } }, outlierDetection: { interval: "1s" } },
    ],
    ["how a pod is chosen", { loadBalancer: { simple: "ROUND_ROBIN" } }, { loadBalancer: { simple: "ROUND_ROBIN" } }],
    [
        "the same pod for a cookie, which proxies make",
        { loadBalancer: { consistentHash: { httpCookie: { name: "who" } } } },
        { loadBalancer: { consistentHash: { httpCookie: { name: "who", ttl: "0s" } } } },
    ],
    [
        "localities, switched on",
        {
            loadBalancer: {
                consistentHash: { httpHeaderName: "x-user" },
                locality: { distribute: [{ from: "a/*", to: { "a/*": 80, "b/*": 20 } }] },
            },
        },
        {
            loadBalancer: {
                consistentHash: { httpHeaderName: "x-user" },
                localityLbSetting: { enabled: true, distribute: [{ from: "a/*", to: { "a/*": 80, "b/*": 20 } }] },
            },
        },
    ],
    [
        "failover by region and by labels",
        {
            loadBalancer: {
                locality: { failover: [{ from: "iad", to: "phx" }], failoverPriority: ["version=v1"] },
            },
        },
        {
            loadBalancer: {
                localityLbSetting: {
                    enabled: true,
                    failover: [{ from: "iad", to: "phx" }],
                    failoverPriority: ["version=v1"],
                },
            },
        },
    ],
    ["TLS", { tls: { mode: "SIMPLE", sni: "a.example.com" } }, { tls: { mode: "SIMPLE", sni: "a.example.com" } }],
];

describe("destinationRule", () => {
    it("names the versions of a service", () => {
        assert.deepEqual(destinationRule(versioned), {
            host: "cart",
            subsets: [
                { name: "v1", labels: { version: "v1" } },
                { name: "canary", labels: { track: "canary", app: "cart" } },
            ],
        });
    });

    it("is none where there is nothing to say", () => {
        assert.equal(destinationRule(plain, { timeout: "2s" }), undefined);
    });

    for (const [what, traffic, trafficPolicy] of policies) {
        it(`says ${what}`, () => {
            const spec = destinationRule(plain, traffic);
            assert.deepEqual(spec, { host: "cart", trafficPolicy });
            const problems = validateIstio({ apiVersion: "networking.istio.io/v1", kind: "DestinationRule", spec });
            assert.deepEqual(problems, []);
        });
    }
});
