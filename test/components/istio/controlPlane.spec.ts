import { strict as assert } from "node:assert";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { ControlPlane } from "../../../components/istio/controlPlane";
import { CONTROL_PLANE_DEFAULTS, type ControlPlaneArgs } from "../../../components/istio/controlPlaneArgs";
import type { Revision } from "../../../components/istio/revisions";
import { withDefaults } from "../../../components/defaults";
import { istiodValues } from "../../../components/istio/istiodValues";
import { meshConfig, type MeshConfigArgs } from "../../../components/istio/meshConfig";
import { at, type Plan } from "../../../plan/model";
import { dependsOn, ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record/record";

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

const valuesOf = (changes: Partial<ControlPlaneArgs>, revision?: Revision) =>
    istiodValues(withDefaults({ ...args, ...changes }, CONTROL_PLANE_DEFAULTS), revision);

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

    it("leaves to Istio what the guide shows, if told to", () => {
        const upstream = { shadowHostSuffix: false, circuitBreakerRemaining: false };
        const { DISABLE_SHADOW_HOST_SUFFIX: suffix, DISABLE_TRACK_REMAINING_CB_METRICS: counts } =
            valuesOf(upstream).env;
        assert.deepEqual([suffix, counts], ["true", "true"]);
    });

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
        assert.deepEqual(one(plan, "Namespace").inputs.metadata, {
            name: "istio-system",
            labels: { "pod-security.kubernetes.io/enforce": "baseline" },
        });
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
        assert.deepEqual([(env as Record<string, string>).PILOT_X, base], ["1", undefined]);
    });
});

describe("the control plane, hardened", () => {
    const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
    let plan: Plan;

    before(async () => {
        plan = await planned({
            cni: { enabled: true },
            variant: "distroless",
            digests: { pilot: digest("a"), proxyv2: digest("b"), "install-cni": digest("c") },
            networkPolicies: true,
            podSecurity: "restricted",
            extraValues: { base: {}, istiod: {}, cni: { cniBinDir: "/opt/cni/bin" } },
        });
    });

    // A pod that relies on the plugin before it is there would come up without redirection, and is stopped.
    it("has istio-cni before istiod, outside istio-system, which then needs no privileged pods", () => {
        const cni = one(plan, "Release", "istio-cni");
        assert.deepEqual([cni.inputs.name, cni.inputs.namespace], ["istio-cni", "kube-system"]);
        assert.ok(dependsOn(plan, one(plan, "Release", "istio-istiod"), cni));
        assert.ok(dependsOn(plan, cni, one(plan, "Release", "istio-base")));
        assert.deepEqual(at(one(plan, "Namespace").inputs, "metadata", "labels"), {
            "pod-security.kubernetes.io/enforce": "restricted",
        });
    });

    it("says so to each chart", () => {
        const global = { variant: "distroless", networkPolicy: { enabled: true } };
        const valuesOf = (name: string) => one(plan, "Release", name).inputs.values;
        const cni = valuesOf("istio-cni");
        assert.equal(at(cni, "image"), `docker.io/istio/install-cni@${digest("c")}`);
        assert.equal(at(cni, "cniBinDir"), "/opt/cni/bin");
        const istiod = valuesOf("istio-istiod");
        assert.equal(at(istiod, "cni", "enabled"), true);
        assert.equal(at(istiod, "image"), `docker.io/istio/pilot@${digest("a")}`);
        for (const proxy of ["proxy", "proxy_init"]) {
            assert.equal(at(istiod, "global", proxy, "image"), `docker.io/istio/proxyv2@${digest("b")}`);
        }
        for (const values of [cni, istiod]) {
            assert.equal(at(values, "global", "variant"), global.variant);
            assert.deepEqual(at(values, "global", "networkPolicy"), global.networkPolicy);
        }
    });
});

describe("the control plane with revisions", () => {
    const revisions = { "1-31-4": { version: "1.31.4", digests: { pilot: `sha256:${"d".repeat(64)}` } } };
    let plan: Plan;

    before(async () => {
        const canary = { revision: "default" };
        plan = await planned({ revisions, defaultRevision: "1-31-4", canary, cni: { enabled: true } });
    });

    const releases = () =>
        ofType(plan, "Release").map(({ inputs }) => [inputs.name, inputs.version, at(inputs.values, "revision")]);

    it("has Istio's kinds of the newest, istio-cni of the default one, and an istiod for each", () => {
        assert.deepEqual(releases().sort(), [
            ["istio-base", "1.31.4", undefined],
            ["istio-cni", "1.31.4", undefined],
            ["istiod", "1.31.1", undefined],
            ["istiod-1-31-4", "1.31.4", "1-31-4"],
        ]);
        assert.deepEqual(one(plan, "Release", "istio-base").inputs.values, { defaultRevision: "1-31-4" });
    });

    it("leaves each its own images, and what spreads its replicas", () => {
        const { values } = one(plan, "Release", "istio-istiod-1-31-4").inputs;
        assert.equal(at(values, "image"), `docker.io/istio/pilot@${revisions["1-31-4"].digests.pilot}`);
        assert.equal(at(one(plan, "Release", "istio-istiod").inputs.values, "image"), undefined);
        const spread = valuesOf({ replicas: { min: 2, max: 2 } }, { name: "next", version: "1.31.4" });
        assert.deepEqual(spread.topologySpreadConstraints?.[0]?.labelSelector.matchLabels, {
            app: "istiod",
            "istio.io/rev": "next",
        });
    });

    // In the other order pods would start without sidecars in between.
    it("has the tag inject by default before the former default istiod stops it", () => {
        const tag = one(plan, "MutatingWebhookConfiguration", "istio-tag-default");
        const former = one(plan, "Release", "istio-istiod");
        assert.equal(at(former.inputs.values, "global", "operatorManageWebhooks"), true);
        assert.ok(dependsOn(plan, former, tag));
        assert.ok(dependsOn(plan, tag, one(plan, "Release", "istio-istiod-1-31-4")));
    });

    it("has tags lead to the istiods that they stand for", () => {
        const services = ["default", "canary"].map((tag) => {
            const { inputs } = one(plan, "MutatingWebhookConfiguration", `istio-tag-${tag}`);
            return [at(inputs, "metadata", "labels", "istio.io/rev"), at(inputs, "webhooks", 0, "clientConfig")];
        });
        const service = { namespace: "istio-system", path: "/inject", port: 443 };
        assert.deepEqual(services, [
            ["1-31-4", { service: { name: "istiod-1-31-4", ...service } }],
            ["default", { service: { name: "istiod", ...service } }],
        ]);
    });
});

describe("the values of istiod", () => {
    it("are these for one replica", async () => {
        const { values } = one(await planned(), "Release", "istio-istiod").inputs;
        assert.deepEqual(values, {
            autoscaleEnabled: false,
            replicaCount: 1,
            resources: { requests: { cpu: "200m", memory: "512Mi" } },
            meshConfig: {
                trustDomain: "cluster.local",
                outboundTrafficPolicy: { mode: "ALLOW_ANY" },
                accessLogFile: "/dev/stdout",
                accessLogEncoding: "JSON",
                defaultConfig: { holdApplicationUntilProxyStarts: false },
            },
            env: {
                DISABLE_SHADOW_HOST_SUFFIX: "false",
                DISABLE_TRACK_REMAINING_CB_METRICS: "false",
                BLOCKED_CIDRS_IN_JWKS_URIS: "127.0.0.0/8,169.254.0.0/16",
            },
            seccompProfile: { type: "RuntimeDefault" },
            cni: { enabled: false },
            global: {
                hub: "docker.io/istio",
                imagePullSecrets: ["ocir"],
                nativeNftables: true,
                networkPolicy: { enabled: false },
                proxy: {
                    resources: { requests: { cpu: "50m" }, limits: { memory: "1Gi" } },
                    seccompProfile: { type: "RuntimeDefault" },
                },
            },
        });
    });

    const spreads = [spreadOver("topology.kubernetes.io/zone"), spreadOver("kubernetes.io/hostname")];
    const replicas: [min: number, max: number, expected: object][] = [
        [1, 1, { autoscaleEnabled: false, replicaCount: 1 }],
        [2, 2, { autoscaleEnabled: false, replicaCount: 2, topologySpreadConstraints: spreads }],
        [1, 3, { autoscaleEnabled: true, autoscaleMin: 1, autoscaleMax: 3, topologySpreadConstraints: spreads }],
        [2, 5, { autoscaleEnabled: true, autoscaleMin: 2, autoscaleMax: 5, topologySpreadConstraints: spreads }],
    ];
    for (const [min, max, expected] of replicas) {
        // Both at once: the autoscaler and each `helm upgrade` would undo each other's number.
        it(`leave ${min} to ${max} replicas to the autoscaler or to a number, never to both`, () => {
            const given = Object.entries(valuesOf({ replicas: { min, max } }));
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
