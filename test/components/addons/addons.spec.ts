import { strict as assert } from "node:assert";
import { ADDON_CHARTS } from "../../../components/addons/versions";
import { at, type Plan } from "../../../plan/model";
import { dependsOn, ofType, one } from "../../../plan/query";
import { everything, nothing, planned, values } from "./support";

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
