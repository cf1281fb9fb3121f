import { strict as assert } from "node:assert";
import { ContainerLogging, type ContainerLoggingArgs } from "../../../components/oci/containerLogging";
import { failedRequests } from "../../../components/oci/logSearches";
import { accessLogSource } from "../../../components/oci/logSources";
import { logUploadStatements } from "../../../components/oci/logUploadPolicy";
import { ociProvider } from "../../../components/oci/provider";
import type { Plan } from "../../../plan/model";
import { ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record/record";

const LOG = "oci:Logging/log:Log";
const LOG_GROUP = "oci:Logging/logGroup:LogGroup";
const AGENT = "oci:Logging/unifiedAgentConfiguration:UnifiedAgentConfiguration";
const DYNAMIC_GROUP = "oci:Identity/dynamicGroup:DynamicGroup";
const POLICY = "oci:Identity/policy:Policy";

const compartmentId = "ocid1.compartment.oc1..a";
const tenancyId = "ocid1.tenancy.oc1..t";
const logGroupId = "ocid1.loggroup.oc1.iad.g";
const applications = [{ namespace: "bookinfo", containers: ["details", "productpage", "ratings", "reviews"] }];
const args: ContainerLoggingArgs = { compartmentId, tenancyId, displayName: "shop", applications };

const planned = (changes: Partial<ContainerLoggingArgs> = {}, answers = {}): Promise<Plan> =>
    record({ answers }, () => void new ContainerLogging("logging", { ...args, ...changes }));
const names = (plan: Plan, type: string) =>
    ofType(plan, type)
        .map(({ name }) => name)
        .sort();

describe("ContainerLogging", () => {
    it("has a log for each kind, and an agent configuration that fills it", async () => {
        const plan = await planned({ retentionDays: 90 });
        const kinds = ["logging-access", "logging-application", "logging-istiod"];
        assert.deepEqual(names(plan, LOG), kinds);
        assert.deepEqual(names(plan, AGENT), kinds);
        assert.deepEqual(one(plan, LOG, "logging-access").inputs, {
            displayName: "shop-access",
            logGroupId: { $unknown: [one(plan, LOG_GROUP).urn] },
            logType: "CUSTOM",
            isEnabled: true,
            retentionDuration: 90,
        });
        assert.deepEqual(one(plan, AGENT, "logging-access").inputs, {
            compartmentId,
            displayName: "shop-access",
            description: "Reads the access logs on the nodes of shop",
            isEnabled: true,
            serviceConfiguration: {
                configurationType: "LOGGING",
                destination: { logObjectId: { $unknown: [one(plan, LOG, "logging-access").urn] } },
                sources: [{ sourceType: "LOG_TAIL", name: "access", ...accessLogSource("JSON") }],
            },
            groupAssociation: { groupLists: [{ $unknown: [one(plan, DYNAMIC_GROUP).urn] }] },
        });
    });

    it("has no application log without an application", async () => {
        assert.deepEqual(names(await planned({ applications: [] }), LOG), ["logging-access", "logging-istiod"]);
    });

    it("has the control plane's log when given the cluster", async () => {
        const plan = await planned({ controlPlaneOf: "ocid1.cluster.oc1.iad.c" });
        const { inputs } = one(plan, LOG, "logging-control-plane");
        assert.equal(inputs.logType, "SERVICE");
        assert.deepEqual(inputs.configuration, {
            compartmentId,
            source: {
                sourceType: "OCISERVICE",
                service: "oke-k8s-cp-prod",
                category: "all-service-logs",
                resource: "ocid1.cluster.oc1.iad.c",
            },
        });
        assert.equal(names(plan, AGENT).length, 3);
    });

    it("writes groups and policies through the home region's provider, and nothing else", async () => {
        const plan = await record({}, () => {
            const provider = ociProvider("oci", { region: "us-ashburn-1" });
            const homeProvider = ociProvider("home", { region: "us-phoenix-1" });
            new ContainerLogging("logging", { ...args, homeProvider }, { provider });
        });
        const [oci, home] = ["oci", "home"].map((name) => one(plan, "pulumi:providers:oci", name).urn);
        for (const { type, provider } of plan.resources.filter((resource) => resource.type.startsWith("oci:"))) {
            assert.equal(provider, type.startsWith("oci:Identity/") ? home : oci, type);
        }
    });

    it("creates the dynamic group in the tenancy and the policy in the compartment", async () => {
        const plan = await planned();
        assert.deepEqual(one(plan, DYNAMIC_GROUP).inputs, {
            compartmentId: tenancyId,
            name: "shop-nodes",
            description: "Nodes of shop, which send their containers' logs",
            matchingRule: `all {instance.compartment.id = '${compartmentId}'}`,
        });
        const policy = one(plan, POLICY);
        assert.equal(policy.inputs.compartmentId, compartmentId);
        // It names the group, so it must not come first.
        assert.ok(policy.dependencies.includes(one(plan, DYNAMIC_GROUP).urn));
    });

    it("writes to an existing log group in any compartment", async () => {
        const owner = "ocid1.compartment.oc1..logs";
        const answers = { "oci:Logging/getLogGroup:getLogGroup": { compartmentId: owner } };
        const plan = await planned({ logGroupId, dynamicGroupName: "agents" }, { ...answers, ...groupAnswers });
        assert.deepEqual(ofType(plan, LOG_GROUP), []);
        assert.equal(one(plan, LOG, "logging-istiod").inputs.logGroupId, logGroupId);
        assert.equal(one(plan, POLICY).inputs.compartmentId, tenancyId);
        const logGroup = { id: logGroupId, compartmentId: owner };
        const group = { name: "agents", identityDomain: "Default" };
        assert.deepEqual(one(plan, POLICY).inputs.statements, logUploadStatements({ group, compartmentId, logGroup }));
    });

    const groupAnswers = {
        "oci:Identity/getDynamicGroups:getDynamicGroups": { dynamicGroups: [{ id: "ocid1.dynamicgroup.oc1..d" }] },
        "oci:Identity/getDomains:getDomains": { domains: [{ url: "https://idcs-1.identity.oraclecloud.com:443" }] },
        "oci:Identity/getDomainsDynamicResourceGroups:getDomainsDynamicResourceGroups": {
            dynamicResourceGroups: [{ ocid: "ocid1.dynamicgroup.oc1..ops" }],
        },
    };

    for (const [identityDomain, ocid] of [
        ["Default", "ocid1.dynamicgroup.oc1..d"],
        ["Ops", "ocid1.dynamicgroup.oc1..ops"],
    ] as const) {
        it(`finds a dynamic group that exists in the domain ${identityDomain}`, async () => {
            const plan = await planned({ dynamicGroupName: "agents", identityDomain }, groupAnswers);
            assert.deepEqual(ofType(plan, DYNAMIC_GROUP), []);
            assert.deepEqual(one(plan, AGENT, "logging-istiod").inputs.groupAssociation, { groupLists: [ocid] });
            const inDomain = plan.lookups.find(({ token }) => token.includes("DomainsDynamic"));
            const filter = identityDomain === "Ops" ? 'displayName eq "agents"' : undefined;
            assert.equal(inDomain?.inputs.dynamicResourceGroupFilter, filter);
        });
    }

    it("says what is missing", async () => {
        const nothing = { "oci:Identity/getDynamicGroups:getDynamicGroups": { dynamicGroups: [] } };
        await assert.rejects(planned({ dynamicGroupName: "agents" }, nothing), /no dynamic group agents in .* Default/);
        await assert.rejects(
            planned({ identityDomain: "Ops" }),
            /^Error: dynamicGroupName is missing; a group in the identity domain Ops must exist/,
        );
    });

    it("saves the search for failed requests", () => {
        assert.equal(
            failedRequests({ compartmentId: "c", logGroupId: "g", logId: "l" }),
            'search "c/g/l" | where data.response_code >= 500 | sort by datetime desc',
        );
    });
});
