import { strict as assert } from "node:assert";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { ControlPlane, istiodValues, type ControlPlaneArgs } from "../../../components/istio/controlPlane";
import { meshConfig, type MeshConfigArgs } from "../../../components/istio/meshConfig";
import type { Plan } from "../../../plan/model";
import { dependsOn, one } from "../../../plan/query";
import { record } from "../../../plan/record";

const mesh: MeshConfigArgs = {
    trustDomain: "cluster.local",
    outboundTrafficPolicy: "ALLOW_ANY",
    accessLogEncoding: "JSON",
    holdApplicationUntilProxyStarts: false,
    dnsCapture: false,
};

const args: ControlPlaneArgs = {
    version: "1.31.1",
    chartRepository: "https://blob.istio.io/istio-release/charts",
    hub: "docker.io/istio",
    imagePullSecrets: ["ocir"],
    replicas: { min: 1, max: 1 },
    resources: { requests: { cpu: "200m", memory: "512Mi" } },
    proxyResources: { requests: { cpu: "50m" }, limits: { memory: "1Gi" } },
    nativeNftables: true,
    meshConfig: mesh,
    extraValues: { base: {}, istiod: {} },
};

/** A control plane, and something that waits for it. */
function planned(changes: Partial<ControlPlaneArgs> = {}): Promise<Plan> {
    return record({}, () => {
        const controlPlane = new ControlPlane("istio", { ...args, ...changes }, {});
        new ConfigMap("later", { metadata: { name: "later" } }, { dependsOn: controlPlane });
    });
}

const spreadOver = (topologyKey: string) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { app: "istiod" } },
});

/** What the guide shows and Istio has turned off since: `shadowHostSuffix` and `circuitBreakerRemaining`, both on by default here. */
const ENV = { DISABLE_SHADOW_HOST_SUFFIX: "false", DISABLE_TRACK_REMAINING_CB_METRICS: "false" };

describe("the control plane", () => {
    let plan: Plan;
    before(async () => {
        plan = await planned();
    });

    const order = ["istio-namespace", "istio-base", "istio-istiod", "later"];
    for (const [index, name] of order.slice(1).entries()) {
        it(`has ${name} wait for ${order[index]}`, () => {
            const [before, after] = [order[index], name].map((each) => plan.resources.find((it) => it.name === each)!);
            assert.equal(dependsOn(plan, after!, before!), true);
            assert.equal(dependsOn(plan, before!, after!), false);
        });
    }

    // Helm finds the kinds of an earlier installation under this release name and namespace only.
    it("installs under Istio's own names in istio-system", () => {
        const installed = ["istio-base", "istio-istiod"].map((name) => {
            const { inputs } = one(plan, "Release", name);
            return [inputs.chart, inputs.name, inputs.namespace, inputs.version];
        });
        assert.deepEqual(installed, [
            ["base", "istio-base", "istio-system", "1.31.1"],
            ["istiod", "istiod", "istio-system", "1.31.1"],
        ]);
        assert.deepEqual(one(plan, "Namespace").inputs.metadata, { name: "istio-system" });
    });

    it("has the one istiod there is validate what carries no revision", () => {
        assert.deepEqual(one(plan, "Release", "istio-base").inputs.values, { defaultRevision: "default" });
    });

    it("says which namespace and, once istiod runs, which version it is", () => {
        const { outputs } = one(plan, "ControlPlane");
        assert.equal(outputs.namespace, "istio-system");
        assert.deepEqual(outputs.version, { $unknown: [] });
    });

    it("hands each release its own extra values and no other's", async () => {
        const extraValues = { base: { base: { excludedCRDs: ["a"] } }, istiod: { env: { PILOT_X: "1" } } };
        const other = await planned({ extraValues });
        assert.deepEqual(one(other, "Release", "istio-base").inputs.values, {
            defaultRevision: "default",
            base: { excludedCRDs: ["a"] },
        });
        const { env, base } = one(other, "Release", "istio-istiod").inputs.values as Record<string, unknown>;
        assert.deepEqual([env, base], [{ ...ENV, PILOT_X: "1" }, undefined]);
    });
});

describe("the values of istiod", () => {
    it("are these for one copy", async () => {
        const { values } = one(await planned(), "Release", "istio-istiod").inputs;
        assert.deepEqual(values, {
            autoscaleEnabled: false,
            replicaCount: 1,
            resources: { requests: { cpu: "200m", memory: "512Mi" } },
            env: ENV,
            meshConfig: {
                trustDomain: "cluster.local",
                outboundTrafficPolicy: { mode: "ALLOW_ANY" },
                accessLogFile: "/dev/stdout",
                accessLogEncoding: "JSON",
                defaultConfig: { holdApplicationUntilProxyStarts: false },
            },
            global: {
                hub: "docker.io/istio",
                imagePullSecrets: ["ocir"],
                nativeNftables: true,
                proxy: { resources: { requests: { cpu: "50m" }, limits: { memory: "1Gi" } } },
            },
        });
    });

    const spreads = [spreadOver("topology.kubernetes.io/zone"), spreadOver("kubernetes.io/hostname")];
    const copies: [min: number, max: number, expected: object][] = [
        [1, 1, { autoscaleEnabled: false, replicaCount: 1 }],
        [2, 2, { autoscaleEnabled: false, replicaCount: 2, topologySpreadConstraints: spreads }],
        [1, 3, { autoscaleEnabled: true, autoscaleMin: 1, autoscaleMax: 3, topologySpreadConstraints: spreads }],
        [2, 5, { autoscaleEnabled: true, autoscaleMin: 2, autoscaleMax: 5, topologySpreadConstraints: spreads }],
    ];
    for (const [min, max, expected] of copies) {
        // Both at once: the autoscaler and each `helm upgrade` would undo each other's number.
        it(`leave ${min} to ${max} copies to the autoscaler or to a number, never to both`, () => {
            const given = Object.entries(istiodValues({ ...args, replicas: { min, max } }));
            const about = given.filter(([key, value]) => /autoscale|replica|Spread/.test(key) && value !== undefined);
            assert.deepEqual(Object.fromEntries(about), expected);
        });
    }
});

describe("meshConfig", () => {
    it("speaks istiod's words: the policy is a mode, the access log has a place", () => {
        assert.deepEqual(
            meshConfig({
                trustDomain: "shop.example.com",
                outboundTrafficPolicy: "REGISTRY_ONLY",
                accessLogEncoding: "TEXT",
                holdApplicationUntilProxyStarts: true,
                dnsCapture: false,
            }),
            {
                trustDomain: "shop.example.com",
                outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
                accessLogFile: "/dev/stdout",
                accessLogEncoding: "TEXT",
                defaultConfig: { holdApplicationUntilProxyStarts: true },
            },
        );
    });

    // Proxy metadata is a map of strings: `true` is refused by the proxy.
    it("captures DNS by proxy metadata, and only on demand", () => {
        const { defaultConfig } = meshConfig({ ...mesh, dnsCapture: true });
        assert.deepEqual(defaultConfig.proxyMetadata, { ISTIO_META_DNS_CAPTURE: "true" });
        assert.equal("proxyMetadata" in meshConfig(mesh).defaultConfig, false);
    });
});
