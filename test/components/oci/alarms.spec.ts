import { strict as assert } from "node:assert";
import {
    clusterAlarms,
    errorAlarm,
    monitorAlarms,
    type AlarmDefinition,
} from "../../../components/oci/alarmDefinitions";
import { Alarms, type AlarmsArgs } from "../../../components/oci/alarms";
import { hidden, type Plan } from "../../../plan/model";
import { ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record/record";

const ALARM = "oci:Monitoring/alarm:Alarm";
const SUBSCRIPTION = "oci:Ons/subscription:Subscription";
const TOPIC = "oci:Ons/notificationTopic:NotificationTopic";
const compartmentId = "ocid1.compartment.oc1..a";
const clusterId = "ocid1.cluster.oc1.iad.c";
const monitorId = "ocid1.apmsyntheticmonitor.oc1.iad.m";

const args: AlarmsArgs = {
    compartmentId,
    displayName: "shop",
    subscriptions: [],
    severity: "CRITICAL",
    pendingMinutes: 5,
    cluster: { clusterId, apiServerErrorsPerMinute: 10 },
};
const planned = (changes: Partial<AlarmsArgs> = {}): Promise<Plan> =>
    record({}, () => void new Alarms("alarms", { ...args, ...changes }));
const names = (plan: Plan, type: string) =>
    ofType(plan, type)
        .map(({ name }) => name)
        .sort();

describe("queries of alarms", () => {
    const queries: [what: AlarmDefinition | undefined, ocid: string, namespace: string, query: string][] = [
        [
            clusterAlarms(args.cluster!)[0],
            clusterId,
            "oci_oke",
            `UnschedulablePods[1m]{resourceId = "${clusterId}"}.max() > 0`,
        ],
        [
            clusterAlarms(args.cluster!)[1],
            clusterId,
            "oci_oke",
            `NodeState[1m]{clusterId = "${clusterId}", nodeState =~ "FAILED|INACTIVE"}.max() > 0`,
        ],
        [
            clusterAlarms({ apiServerErrorsPerMinute: 25 })[2],
            clusterId,
            "oci_oke",
            `APIServerResponseCount[1m]{resourceId = "${clusterId}", responseGroup = "5xx"}.sum() > 25`,
        ],
        [errorAlarm(5), "", "oracle_apm_monitoring", "SpanErrorCount[5m].mean() > 0.05"],
        [errorAlarm(0.7), "", "oracle_apm_monitoring", "SpanErrorCount[5m].mean() > 0.007"],
        [
            monitorAlarms({ latencyMs: 800 })[0],
            monitorId,
            "oracle_apm_synthetics",
            `Availability[10m]{MonitorId = "${monitorId}"}.mean() < 0.5`,
        ],
        [
            monitorAlarms({ latencyMs: 800 })[1],
            monitorId,
            "oracle_apm_synthetics",
            `MonitorExecutionTime[10m]{MonitorId = "${monitorId}"}.mean() > 800`,
        ],
    ];
    for (const [what, ocid, namespace, query] of queries) {
        it(query, () => {
            assert.equal(what?.query(ocid), query);
            assert.equal(what.namespace, namespace);
        });
    }

    it("have each a runbook of numbered steps that fits a message", () => {
        for (const { body } of [...clusterAlarms(args.cluster!), errorAlarm(5), ...monitorAlarms({ latencyMs: 1 })]) {
            assert.match(body, /\n1\. .+\n2\. .+\n3\. ./);
            assert.ok(body.length <= 1024, `${body.length} characters`);
        }
    });
});

describe("Alarms", () => {
    it("have exactly these inputs", async () => {
        const plan = await planned();
        const topic = one(plan, TOPIC);
        assert.deepEqual(topic.inputs, { compartmentId, name: "shop-alarms", description: "Alarms of shop" });
        const { body, ...inputs } = one(plan, ALARM, "alarms-unschedulable-pods").inputs;
        assert.equal(body, clusterAlarms(args.cluster!)[0]!.body);
        assert.deepEqual(inputs, {
            compartmentId,
            metricCompartmentId: compartmentId,
            displayName: "shop-unschedulable-pods",
            notificationTitle: "shop: Pods find no node",
            namespace: "oci_oke",
            query: `UnschedulablePods[1m]{resourceId = "${clusterId}"}.max() > 0`,
            severity: "CRITICAL",
            pendingDuration: "PT5M",
            destinations: [{ $unknown: [topic.urn] }],
            messageFormat: "ONS_OPTIMIZED",
            isEnabled: true,
        });
    });

    it("watch what exists", async () => {
        const cluster = ["alarms-api-server", "alarms-nodes", "alarms-unschedulable-pods"];
        assert.deepEqual(names(await planned(), ALARM), cluster);
        const application = { compartmentId: "ocid1.compartment.oc1..apm", errorPercent: 5 };
        assert.deepEqual(names(await planned({ application }), ALARM), [
            "alarms-api-server",
            "alarms-errors",
            "alarms-nodes",
            "alarms-unschedulable-pods",
        ]);
        const monitor = { monitorId, latencyMs: 1000 };
        const plan = await planned({ cluster: undefined, application: { ...application, monitor } });
        assert.deepEqual(names(plan, ALARM), ["alarms-availability", "alarms-errors", "alarms-latency"]);
        for (const { inputs } of ofType(plan, ALARM)) {
            assert.equal(inputs.metricCompartmentId, "ocid1.compartment.oc1..apm");
            assert.equal(inputs.compartmentId, compartmentId);
        }
    });

    it("take severity, pending duration and tags from the settings", async () => {
        const tags = { freeformTags: { project: "shop" }, definedTags: { "Operations.CostCenter": "42" } };
        const plan = await planned({
            severity: "WARNING",
            pendingMinutes: 60,
            subscriptions: [{ protocol: "EMAIL", endpoint: "ops@example.com" }],
            ...tags,
        });
        for (const { inputs } of [ALARM, SUBSCRIPTION, TOPIC].flatMap((type) => ofType(plan, type))) {
            assert.deepEqual({ freeformTags: inputs.freeformTags, definedTags: inputs.definedTags }, tags);
        }
        for (const { inputs } of ofType(plan, ALARM)) {
            assert.deepEqual([inputs.severity, inputs.pendingDuration], ["WARNING", "PT60M"]);
        }
    });

    it("use an existing topic, and create none", async () => {
        const topicId = "ocid1.onstopic.oc1.iad.t";
        const plan = await planned({ topicId, subscriptions: [{ protocol: "SMS", endpoint: "+14155550100" }] });
        assert.deepEqual(ofType(plan, TOPIC), []);
        assert.deepEqual(one(plan, ALARM, "alarms-nodes").inputs.destinations, [topicId]);
        assert.deepEqual(one(plan, SUBSCRIPTION).inputs, {
            compartmentId,
            topicId,
            protocol: "SMS",
            endpoint: "+14155550100",
        });
    });

    it("keep secret URLs out of names too", async () => {
        const endpoint = "https://hooks.slack.com/services/T000/B000/XXXX";
        const protocols = ["SLACK", "PAGERDUTY", "CUSTOM_HTTPS"] as const;
        const plan = await planned({ subscriptions: protocols.map((protocol) => ({ protocol, endpoint })) });
        assert.deepEqual(
            ofType(plan, SUBSCRIPTION).map(({ inputs }) => inputs.endpoint),
            [hidden, hidden, hidden],
        );
        assert.ok(!JSON.stringify(plan).includes("hooks.slack.com"));
    });

    it("do not change a subscription when others are added or removed", async () => {
        const ops = { protocol: "EMAIL", endpoint: "ops@example.com" } as const;
        const dev = { protocol: "EMAIL", endpoint: "dev@example.com" } as const;
        const [alone] = names(await planned({ subscriptions: [ops] }), SUBSCRIPTION);
        assert.ok(names(await planned({ subscriptions: [dev, ops] }), SUBSCRIPTION).includes(alone!));
    });
});
