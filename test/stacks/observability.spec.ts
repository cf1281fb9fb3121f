import { strict as assert } from "node:assert";
import type { Plan } from "../../plan/model";
import { ofType, one } from "../../plan/query";
import { planOf } from "./plans";
import { recorded } from "../support/recorded";

const names = (plan: Plan, type: string) => ofType(plan, type).map(({ name }) => name);

/** How the settings of observability become resources of a whole stack. */
describe("observability of a stack", () => {
    it("writes groups and policies in the home region, everything else in the stack's", async () => {
        const plan = await planOf("dev");
        const home = plan.resources.filter(({ provider }) => provider?.includes("::oci-home"));
        assert.deepEqual(home.map(({ type }) => type.split(":").at(-1)).sort(), ["DynamicGroup", "Policy"]);
    });

    it("watches the page from outside only where the outside reaches it", async () => {
        const inside = await recorded({ stack: "dev", override: { gateway: { loadBalancer: { internal: true } } } });
        assert.deepEqual(names(await planOf("dev"), "oci:ApmSynthetics/config:Config"), ["apm-monitor"]);
        assert.deepEqual(names(inside, "oci:ApmSynthetics/config:Config"), []);
        assert.deepEqual(
            names(inside, "Alarm").filter((name) => /latency|availability/.test(name)),
            [],
        );
    });

    it("has a dashboard where asked for, with its metrics even without alarms, and with the monitor's tiles only if there is one", async () => {
        const dashboardOf = (plan: Plan) => one(plan, "ManagementDashboardsImport").inputs.importDetails as string;
        assert.match(dashboardOf(await planOf("dev")), /oracle_apm_synthetics/);
        const config = { alarms: null, gateway: { loadBalancer: { internal: true } } };
        const plain = await recorded({ stack: "dev", override: config });
        assert.doesNotMatch(dashboardOf(plain), /oracle_apm_synthetics/);
        assert.deepEqual(names(plain, "oci:ApmConfig/config:Config"), ["apm-metrics-spans", "apm-metrics-metrics"]);
        assert.deepEqual(ofType(await planOf("prod"), "ManagementDashboardsImport"), []);
    });

    it("raises alarms on the application only with APM", async () => {
        const config = { apm: null, tracing: { backend: "none" } };
        const plan = await recorded({ stack: "dev", override: config });
        assert.deepEqual(names(plan, "Alarm"), ["alarms-unschedulable-pods", "alarms-nodes", "alarms-api-server"]);
        assert.equal(plan.outputs.apmDomainId, undefined);
    });

    it("brings APM to a cluster that is not on OCI", async () => {
        const plan = await recorded({
            stack: "local",
            override: {
                "oci:region": "us-ashburn-1",
                apm: { source: "existing", domainId: "ocid1.apmdomain.oc1.iad.a" },
                tracing: { backend: "apm" },
            },
        });
        assert.deepEqual(names(plan, "pulumi:providers:oci"), ["oci"]);
        assert.ok(plan.outputs.apmTraceExplorer);
    });

    it("collects the logs of OKE's control plane only if asked", async () => {
        const { inputs } = one(await planOf("dev"), "Log", "logging-control-plane");
        assert.equal(inputs.logType, "SERVICE");
        const without = await recorded({ stack: "dev", override: { logging: { oci: { controlPlaneLogs: false } } } });
        assert.ok(!names(without, "Log").includes("logging-control-plane"));
    });
});

describe("the add-ons of a stack", () => {
    it("say how to open them, and keep Grafana's password a secret", async () => {
        const { outputs } = await planOf("dev");
        const { grafana, kiali } = opening(outputs);
        assert.match(
            grafana ?? "",
            /^kubectl -n istio-system port-forward service\/grafana .*, then http:\/\/localhost/,
        );
        assert.match(kiali ?? "", /sign-in: a token of Kubernetes/);
        assert.equal(outputs.grafanaAdminPassword?.secret, true);
    });

    it("are opened at the gateway where they have a host, with the stack's certificate", async () => {
        const override = {
            gateway: { hosts: ["bookinfo.example.com"], tls: { certificate: { source: "generated" } } },
            addons: { prometheus: { enabled: true }, kiali: { enabled: true, host: "kiali.example.com" } },
        };
        const plan = await recorded({ stack: "local", override });
        const { kiali } = opening(plan.outputs);
        assert.match(kiali ?? "", /^https:\/\/kiali\.example\.com\/kiali \(sign-in: a token/);
        const [server] = (one(plan, "Gateway", "addons-kiali-gateway").inputs.spec as { servers: object[] }).servers;
        assert.deepEqual(server, {
            port: { number: 443, name: "https-kiali", protocol: "HTTPS" },
            hosts: ["kiali.example.com"],
            tls: { mode: "SIMPLE", credentialName: "gateway-tls", minProtocolVersion: "TLSV1_2" },
        });
    });

    it("are none where none is on", async () => {
        const { outputs } = await planOf("prod");
        assert.equal(outputs.addons, undefined);
    });
});

/** How to open each add-on: the output has a line for each. */
function opening({ addons }: Plan["outputs"]): Record<string, string> {
    const lines = (addons!.value as string).split("\n");
    return Object.fromEntries(lines.map((line) => line.split(/: (.*)/) as [string, string]));
}
