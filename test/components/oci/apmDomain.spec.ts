import { strict as assert } from "node:assert";
import type * as pulumi from "@pulumi/pulumi";
import { ApmDomain, existingApmDomain, withoutScheme, type ApmDomainArgs } from "../../../components/oci/apmDomain";
import { ApmMetrics, ocidIn } from "../../../components/oci/apmMetrics";
import { ApmMonitor, type ApmMonitorArgs } from "../../../components/oci/apmMonitor";
import { at, hidden, isUnknown, type Plan } from "../../../plan/model";
import { ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record/record";

const GET_KEYS = "oci:Apm/getDataKeys:getDataKeys";
const GET_DOMAIN = "oci:Apm/getApmDomain:getApmDomain";
const KEY = "THEPRIVATEKEY";
const answers = {
    [GET_KEYS]: { dataKeys: [{ name: "auto_generated_private_datakey", type: "PRIVATE", value: KEY }] },
    [GET_DOMAIN]: {
        dataUploadEndpoint: "https://aaaa.apm-agt.us-ashburn-1.oci.oraclecloud.com",
        compartmentId: "ocid1.compartment.oc1..theirs",
    },
};
const args: ApmDomainArgs = { compartmentId: "ocid1.compartment.oc1..a", region: "us-ashburn-1" };
const domainId = "ocid1.apmdomain.oc1.iad.d";

const planned = (changes: Partial<ApmDomainArgs> = {}, options = {}): Promise<Plan> =>
    record(options, () => {
        const { compartmentId, uploadHost, dataKey, traceExplorerUrl } = new ApmDomain("apm", { ...args, ...changes });
        return { compartmentId, uploadHost, dataKey, traceExplorerUrl };
    });
const valueOf = (plan: Plan, output: string) => plan.outputs[output]?.value;

describe("ApmDomain", () => {
    it("creates a paid domain with its own name", async () => {
        const { inputs } = one(await planned(), "oci:Apm/apmDomain:ApmDomain");
        assert.deepEqual(inputs, {
            compartmentId: "ocid1.compartment.oc1..a",
            displayName: "apm",
            isFreeTier: false,
        });
    });

    it("passes all optional arguments to the resource", async () => {
        const tags = { freeformTags: { project: "shop" }, definedTags: { "Operations.CostCenter": "42" } };
        const { inputs } = one(
            await planned({ displayName: "shop", isFreeTier: true, ...tags }),
            "oci:Apm/apmDomain:ApmDomain",
        );
        assert.deepEqual(inputs, {
            compartmentId: "ocid1.compartment.oc1..a",
            displayName: "shop",
            isFreeTier: true,
            ...tags,
        });
    });

    it("looks up the private key of the new domain, and returns it as a secret only", async () => {
        const plan = await planned();
        assert.equal(plan.outputs.dataKey?.secret, true);
        const lookup = plan.lookups.find(({ token }) => token === GET_KEYS);
        assert.equal(lookup?.inputs.dataKeyType, "PRIVATE");
        assert.ok(isUnknown(lookup?.inputs.apmDomainId));
    });

    it("looks up the public key if others may read it", async () => {
        const plan = await planned({ dataKeyType: "PUBLIC" });
        assert.equal(plan.lookups.find(({ token }) => token === GET_KEYS)?.inputs.dataKeyType, "PUBLIC");
        assert.equal(plan.outputs.dataKey?.secret, true);
    });

    it("waits for its dependencies, as all its parts do", async () => {
        const plan = await record({}, () => {
            const first = new ApmDomain("first", args);
            new ApmDomain("second", args, { dependsOn: first });
        });
        const domain = (name: string) => one(plan, "oci:Apm/apmDomain:ApmDomain", name);
        assert.ok(domain("second").dependencies.includes(domain("first").urn));
    });
});

describe("an existing APM domain", () => {
    const found = (changedAnswers: Record<string, Record<string, unknown>> = answers): Promise<Plan> =>
        record({ answers: changedAnswers }, () => existingApmDomain({ domainId, region: "eu-frankfurt-1" }));

    it("is looked up, and nothing is created", async () => {
        const plan = await found();
        assert.deepEqual(plan.resources, []);
        assert.deepEqual(
            plan.lookups.map(({ token, inputs }) => [token, inputs.apmDomainId]),
            [
                [GET_DOMAIN, domainId],
                [GET_KEYS, domainId],
            ],
        );
        assert.equal(valueOf(plan, "domainId"), domainId);
        assert.equal(valueOf(plan, "uploadHost"), "aaaa.apm-agt.us-ashburn-1.oci.oraclecloud.com");
        assert.equal(valueOf(plan, "compartmentId"), "ocid1.compartment.oc1..theirs");
        assert.equal(
            valueOf(plan, "traceExplorerUrl"),
            `https://cloud.oracle.com/apm-traces/trace-explorer?region=eu-frankfurt-1&apmDomainId=${domainId}`,
        );
    });

    it("keeps its data key a secret, with everything computed from it", async () => {
        const plan = await found();
        assert.deepEqual(valueOf(plan, "dataKey"), hidden);
        assert.ok(!JSON.stringify(plan).includes(KEY));
    });

    it("is unknown in a plan, all of it", async () => {
        const plan = await record({}, () => existingApmDomain({ domainId, region: "eu-frankfurt-1" }));
        assert.ok(isUnknown(valueOf(plan, "uploadHost")));
        assert.ok(isUnknown(valueOf(plan, "compartmentId")));
        assert.equal(plan.outputs.dataKey?.secret, true);
    });

    it("says what to do without a private key", async () => {
        await assert.rejects(found({ ...answers, [GET_KEYS]: { dataKeys: [] } }), /no private data key: make one/);
    });
});

describe("withoutScheme", () => {
    const endpoint = "https://aaaa.apm-agt.us-ashburn-1.oci.oraclecloud.com";
    for (const given of [endpoint, `${endpoint}/`, endpoint.slice("https://".length), endpoint.replace("s:", ":")]) {
        it(`turns ${given} into a host`, () =>
            assert.equal(withoutScheme(given), "aaaa.apm-agt.us-ashburn-1.oci.oraclecloud.com"));
    }
});

describe("ApmMetrics", () => {
    it("publishes duration and errors of the spans that services answer", async () => {
        const plan = await record({}, () => void new ApmMetrics("apm", { domainId, displayName: "shop" }));
        const config = (name: string) => one(plan, "oci:ApmConfig/config:Config", name);
        assert.deepEqual(config("apm-spans").inputs, {
            apmDomainId: domainId,
            configType: "SPAN_FILTER",
            displayName: "shop-spans",
            filterText: "kind = 'SERVER'",
        });
        const { filterId, ...group } = config("apm-metrics").inputs;
        assert.deepEqual(group, {
            apmDomainId: domainId,
            configType: "METRIC_GROUP",
            displayName: "shop-metrics",
            namespace: "oracle_apm_monitoring",
            metrics: [{ name: "SpanDuration" }, { name: "SpanErrorCount" }],
        });
        assert.deepEqual(filterId, { $unknown: [config("apm-spans").urn] });
    });

    const ids: [given: string, ocid: string][] = [
        ["configs/ocid1.apmconfig.oc1..c/apmDomainId/ocid1.apmdomain.oc1..d", "ocid1.apmconfig.oc1..c"],
        ["monitors/ocid1.apmsyntheticmonitor.oc1..m/apmDomainId/d", "ocid1.apmsyntheticmonitor.oc1..m"],
        ["ocid1.apmconfig.oc1..c", "ocid1.apmconfig.oc1..c"],
    ];
    for (const [given, ocid] of ids) {
        it(`finds the OCID in ${given}`, () => assert.equal(ocidIn(given), ocid));
    }
});

describe("ApmMonitor", () => {
    const monitor = async (changes: Partial<ApmMonitorArgs> = {}) => {
        const target: pulumi.Input<string> = "https://bookinfo.example.com/productpage";
        const given = { domainId, target, region: "us-ashburn-1", ...changes };
        const plan = await record({}, () => void new ApmMonitor("productpage", given));
        assert.equal(ofType(plan, "oci:ApmSynthetics/config:Config").length, 1);
        return one(plan, "oci:ApmSynthetics/config:Config", "productpage").inputs;
    };

    it("probes the page from its own region, and accepts only 200", async () => {
        assert.deepEqual(await monitor(), {
            apmDomainId: domainId,
            displayName: "productpage",
            monitorType: "REST",
            target: "https://bookinfo.example.com/productpage",
            repeatIntervalInSeconds: 360,
            timeoutInSeconds: 60,
            status: "ENABLED",
            vantagePoints: [{ name: "OraclePublic-us-ashburn-1" }],
            configuration: {
                configType: "REST_CONFIG",
                requestMethod: "GET",
                verifyResponseCodes: ["200"],
                isRedirectionEnabled: true,
                isFailureRetried: true,
                isCertificateValidationEnabled: true,
            },
        });
    });

    it("includes a user's own certificate if set", async () => {
        const inputs = await monitor({ validateCertificate: false, intervalSeconds: 60 });
        assert.equal(at(inputs, "configuration", "isCertificateValidationEnabled"), false);
        assert.equal(inputs.repeatIntervalInSeconds, 60);
    });

    // OCI: with a retry, 30 % of the interval.
    it("has a timeout shorter than its interval", async () => {
        for (const intervalSeconds of [60, 90, 360, 3600]) {
            const { timeoutInSeconds } = await monitor({ intervalSeconds });
            assert.ok((timeoutInSeconds as number) <= 0.3 * intervalSeconds, String(intervalSeconds));
            assert.ok((timeoutInSeconds as number) >= 1);
        }
        await assert.rejects(monitor({ intervalSeconds: 30 }), /intervalSeconds is 30, must be 60 at least/);
    });
});
