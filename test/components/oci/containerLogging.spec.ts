import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ContainerLogging, type ContainerLoggingArgs } from "../../../components/oci/containerLogging";
import { failedRequests } from "../../../components/oci/logSearches";
import {
    accessLogSource,
    applicationLogSource,
    istiodLogSource,
    type LogSource,
} from "../../../components/oci/logSources";
import { logUploadStatements, nodeMatchingRule, subjectOf } from "../../../components/oci/logUploadPolicy";
import { ociProvider } from "../../../components/oci/provider";
import { at, type Plan } from "../../../plan/model";
import { ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record";

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

    it("makes the dynamic group in the tenancy and the policy in the compartment", async () => {
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

    it("writes into a log group that exists, wherever that is", async () => {
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
            /group in the identity domain Ops must exist: name it/,
        );
    });

    it("saves the search for failed requests", () => {
        assert.equal(
            failedRequests({ compartmentId: "c", logGroupId: "g", logId: "l" }),
            'search "c/g/l" | where data.response_code >= 500 | sort by datetime desc',
        );
    });
});

describe("policies for agents", () => {
    const subjects: [name: string, identityDomain: string, subject: string][] = [
        ["agents", "Default", "agents"],
        ["agents", "Ops", "'Ops'/'agents'"],
        ["agents", "Ops Team", "'Ops Team'/'agents'"],
    ];
    for (const [name, identityDomain, subject] of subjects) {
        it(`call ${name} of ${identityDomain} ${subject}`, () => {
            const group = { name, identityDomain };
            assert.equal(subjectOf(group), subject);
            const logGroup = { id: logGroupId, compartmentId: "ocid1.compartment.oc1..logs" };
            assert.deepEqual(logUploadStatements({ group, compartmentId, logGroup }), [
                `allow dynamic-group ${subject} to {LOG_CONTENT_PUSH} in compartment id ocid1.compartment.oc1..logs where target.loggroup.id = '${logGroupId}'`,
                `allow dynamic-group ${subject} to {UNIFIED_AGENT_CONFIG_GENERATE} in compartment id ${compartmentId}`,
            ]);
        });
    }

    it("speak of the tenancy where the root compartment is meant", () => {
        const group = { name: "agents", identityDomain: "Default" };
        const logGroup = { id: logGroupId, compartmentId: tenancyId };
        for (const statement of logUploadStatements({ group, compartmentId: tenancyId, logGroup })) {
            assert.match(statement, / in tenancy( where target\.loggroup\.id = .*)?$/);
        }
    });

    it("match nodes by compartment, and by all their defined tags when given", () => {
        assert.equal(nodeMatchingRule("c"), "all {instance.compartment.id = 'c'}");
        assert.equal(
            nodeMatchingRule("c", { "Oke.Cluster": "shop", "Oke.Role": "node" }),
            "all {instance.compartment.id = 'c', tag.Oke.Cluster.value = 'shop', tag.Oke.Role.value = 'node'}",
        );
    });
});

const sources: Record<string, LogSource> = {
    access: accessLogSource("JSON"),
    application: applicationLogSource(applications),
    istiod: istiodLogSource("istio-system"),
};

describe("files that agents read", () => {
    const id = "3f1d7c2a9b".repeat(6);
    const files: [file: string, kind: string | undefined][] = [
        ["productpage-v1-54bb874995-8gkq6_bookinfo_istio-proxy", "access"],
        ["istio-ingressgateway-7c9d5f8b6-x2x7q_istio-system_istio-proxy", "access"],
        ["productpage-v1-54bb874995-8gkq6_bookinfo_productpage", "application"],
        ["reviews-v2-5b667bcbf8-c6k2x_bookinfo_reviews", "application"],
        ["istiod-6d5c8f7b9-n4v7z_istio-system_discovery", "istiod"],
        ["productpage-v1-54bb874995-8gkq6_bookinfo_istio-init", undefined],
        ["reviews-v2-5b667bcbf8-c6k2x_shop_reviews", undefined],
        ["otel-collector-5d4f-abcde_istio-system_otel-collector", undefined],
        ["prometheus-server-0_istio-system_prometheus-server", undefined],
        ["coredns-7b98449c4-hx2kz_kube-system_coredns", undefined],
    ];
    for (const [file, kind] of files) {
        it(`${file}: ${kind ?? "none"}`, () => {
            const reading = Object.entries(sources).filter(([, { paths }]) =>
                paths.some((path) => globbed(path).test(`/var/log/containers/${file}-${id}.log`)),
            );
            assert.deepEqual(
                reading.map(([name]) => name),
                kind ? [kind] : [],
            );
        });
    }
});

describe("lines that agents parse", () => {
    const first = {
        method: "GET",
        path: "/productpage",
        response_code: 200,
        response_flags: "-",
        bytes_sent: 15067,
        duration: 49,
        authority: "bookinfo.example.com",
        request_id: "6f2a54b1-9c38-97e6-8a01-6d2ff6ce5a3b",
        upstream_cluster: "outbound|9080||productpage.bookinfo.svc.cluster.local;",
        downstream_remote_address: "10.0.2.17:31844",
        start_time: "2026-11-23T16:31:07.361Z",
    };
    const second = { response_code: 503, response_flags: "UH", response_code_details: "no_healthy_upstream" };

    for (const [encoding, file] of [
        ["JSON", "envoy-json.txt"],
        ["TEXT", "envoy-text.txt"],
    ] as const) {
        it(`access logs as ${encoding}: all lines, fields and times`, () => {
            const lines = linesOf(file);
            const events = lines.map((line) => parse(accessLogSource(encoding).parser, line));
            assert.ok(events.every((event) => event !== undefined));
            has(events[0]!.record, first);
            assert.equal(events[0]!.time?.toISOString(), "2026-11-23T16:31:07.361Z");
            has(events[1]!.record, second);
            // A TCP connection: no method, and response code 0.
            has(events[2]!.record, { response_code: 0, bytes_sent: 2334 });
            // What the search for failed requests asks for.
            const failed = events.filter((event) => Number(event?.record.response_code) >= 500);
            assert.equal(failed.length, encoding === "JSON" ? 1 : 2);
        });

        it(`access logs as ${encoding}: not what a proxy says of itself`, () => {
            for (const line of linesOf("envoy-own.txt")) {
                assert.equal(parse(accessLogSource(encoding).parser, line), undefined);
            }
        });
    }

    it("the text format gives the fields that JSON has", () => {
        const [json] = linesOf("envoy-json.txt").map((line) => parse(accessLogSource("JSON").parser, line));
        const [text] = linesOf("envoy-text.txt").map((line) => parse(accessLogSource("TEXT").parser, line));
        assert.deepEqual(Object.keys(text!.record).sort(), Object.keys(json!.record).sort());
    });

    for (const [kind, file] of [
        ["application", "bookinfo.txt"],
        ["istiod", "istiod.txt"],
    ] as const) {
        it(`${kind} logs: every line as it is`, () => {
            for (const line of linesOf(file)) {
                const event = parse(sources[kind]!.parser, line);
                assert.equal(event?.record.message, line.split(" ").slice(3).join(" "));
                assert.ok(["stdout", "stderr"].includes(String(event?.record.stream)));
                assert.equal(event?.time?.toISOString(), `${line.slice(0, 23)}Z`);
            }
        });
    }
});

function has(record: Record<string, unknown>, expected: Record<string, unknown>): void {
    const found = Object.fromEntries(Object.keys(expected).map((key) => [key, record[key]]));
    assert.deepEqual(found, expected);
}

function linesOf(file: string): string[] {
    return readFileSync(join(__dirname, "../../fixtures/logs", file), "utf8")
        .trimEnd()
        .split("\n");
}

interface Event {
    time: Date | undefined;
    record: Record<string, unknown>;
}

/** What fluentd makes of a line with such a parser; undefined where it reports "pattern not matched" and goes on. */
function parse(parser: LogSource["parser"], line: string): Event | undefined {
    const setting = (...path: string[]) => at(parser, ...path) as string | undefined;
    if (parser.parserType === "REGEXP") {
        const fields = new RegExp(setting("expression")!).exec(line)?.groups;
        const types = at(parser, "types") as Record<string, string>;
        const typed = Object.entries(fields ?? {}).map(([key, value]) => [key, types[key] ? Number(value) : value]);
        return fields && timed(Object.fromEntries(typed) as Event["record"], parser);
    }
    // https://github.com/fluent/fluent-plugin-parser-cri
    assert.equal(parser.parserType, "CRI");
    const cri = /^(?<time>\S+) (?<stream>stdout|stderr) (?<logtag>[FP]) (?<message>.*)$/.exec(line)?.groups;
    if (cri === undefined || parser.nestedParser === undefined) {
        const { time, ...record } = cri ?? {};
        return cri && { time: timeOf(time!, "%Y-%m-%dT%H:%M:%S.%L%z"), record };
    }
    try {
        const { stream, logtag } = cri;
        const merged = parser.isMergeCriFields ? { stream, logtag } : {};
        const nested = JSON.parse(cri.message!) as Event["record"];
        return timed({ ...nested, ...merged }, parser.nestedParser as LogSource["parser"]);
    } catch {
        return undefined;
    }
}

function timed(record: Event["record"], { fieldTimeKey, timeFormat, isKeepTimeKey }: LogSource["parser"]): Event {
    assert.equal(isKeepTimeKey, true);
    return { record, time: timeOf(String(record[fieldTimeKey as string]), timeFormat as string) };
}

/** Reads a time by a strptime format, as far as the formats here go. */
function timeOf(text: string, format: string): Date | undefined {
    const digits: Record<string, string> = {
        "%Y": "\\d{4}",
        "%m": "\\d\\d",
        "%d": "\\d\\d",
        "%H": "\\d\\d",
        "%M": "\\d\\d",
        "%S": "\\d\\d",
        "%L": "\\d+",
        "%z": "(?:Z|[+-]\\d\\d:?\\d\\d)",
    };
    const pattern = format.replaceAll(".", "\\.").replace(/%[a-zA-Z]/g, (directive) => digits[directive]!);
    return new RegExp(`^${pattern}$`).test(text) ? new Date(text) : undefined;
}

function globbed(path: string): RegExp {
    return new RegExp(`^${path.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}$`);
}
