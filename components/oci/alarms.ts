import { createHash } from "node:crypto";
import * as monitoring from "@pulumi/oci/monitoring";
import * as ons from "@pulumi/oci/ons";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { withDefaults } from "../defaults";
import {
    clusterAlarms,
    errorAlarm,
    monitorAlarms,
    type AlarmDefinition,
    type ClusterThresholds,
} from "./alarmDefinitions";
import { topicName } from "./names";
import type { Tags } from "./tags";

/** Somebody who is told of alarms. */
export interface Subscription {
    /** How messages are delivered. */
    protocol: "EMAIL" | "CUSTOM_HTTPS" | "PAGERDUTY" | "SLACK" | "SMS";
    /** Address, number or URL for the protocol. */
    endpoint: string;
}

/** Arguments of `Alarms`. */
export interface AlarmsArgs {
    /** OCID of the compartment that owns topic, subscriptions and alarms. */
    compartmentId: pulumi.Input<string>;
    /** Start of every name shown in the console; the topic's must be the tenancy's only one. @default the component's name */
    displayName?: string;
    /** OCID of a notification topic that exists. @default a new one */
    topicId?: pulumi.Input<string>;
    /** Recipients. @default nobody but who subscribes to the topic elsewhere */
    subscriptions?: Subscription[];
    /** Severity of all alarms. @default "CRITICAL" */
    severity?: "CRITICAL" | "ERROR" | "WARNING" | "INFO";
    /** Minutes a condition must hold before the alarm fires, 1 to 60. @default 5 */
    pendingMinutes?: number;
    /** The cluster to watch. @default none */
    cluster?: ClusterThresholds & {
        /** OCID of the cluster. */
        clusterId: pulumi.Input<string>;
        /** OCID of the compartment that owns it. @default that of the alarms */
        compartmentId?: pulumi.Input<string>;
    };
    /** The application to watch, through APM. @default none */
    application?: {
        /** OCID of the compartment that owns the APM domain: there its metrics are. */
        compartmentId: pulumi.Input<string>;
        /** Share of failed requests that raises the alarm, in percent. Needs `ApmMetrics`. @default 5 */
        errorPercent?: number;
        /** A monitor to watch. @default none */
        monitor?: {
            /** OCID of an `ApmMonitor`. */
            monitorId: pulumi.Input<string>;
            /** Mean response time that raises the alarm, in milliseconds. @default 1000 */
            latencyMs?: number;
        };
    };
    /** Free-form tags of all these resources. @default none */
    freeformTags?: Tags;
    /** Defined tags of all these resources, `Namespace.Key: value`. @default none */
    definedTags?: Tags;
}

/** Alarms without further arguments. */
export const ALARM_DEFAULTS = {
    severity: "CRITICAL",
    pendingMinutes: 5,
    errorPercent: 5,
    latencyMs: 1000,
} as const;

/**
 * Alarms on the cluster and on the application, and who hears of them.
 * https://docs.oracle.com/en-us/iaas/Content/Monitoring/Concepts/monitoringoverview.htm
 *
 * @example
 * ```ts
 * new Alarms("alarms", {
 *     compartmentId,
 *     subscriptions: [{ protocol: "EMAIL", endpoint: "on-call@example.com" }],
 *     cluster: { clusterId },
 * });
 * ```
 */
export class Alarms extends Component {
    /** OCID of the notification topic. */
    readonly topicId: pulumi.Output<string>;

    constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("oci:Alarms", name, opts);
        const { compartmentId, cluster, application, freeformTags, definedTags } = args;
        const displayName = args.displayName ?? name;
        const tags = { freeformTags, definedTags };

        this.topicId = pulumi.output(
            args.topicId ??
                new ons.NotificationTopic(
                    `${name}-topic`,
                    {
                        compartmentId,
                        name: topicName(`${displayName}-alarms`),
                        description: `Alarms of ${displayName}`,
                        ...tags,
                    },
                    { ...this.childOptions, deleteBeforeReplace: true }, // Names are unique in the tenancy.
                ).topicId,
        );
        for (const { protocol, endpoint } of args.subscriptions ?? []) {
            new ons.Subscription(
                `${name}-${subscriptionName(protocol, endpoint)}`,
                {
                    compartmentId,
                    topicId: this.topicId,
                    protocol,
                    endpoint: WITH_SECRET.includes(protocol) ? pulumi.secret(endpoint) : endpoint,
                    ...tags,
                },
                { ...this.childOptions, deleteBeforeReplace: true }, // A topic has each endpoint once.
            );
        }

        const watch = (what: AlarmDefinition, metricCompartmentId: pulumi.Input<string>, ocid: pulumi.Input<string>) =>
            new monitoring.Alarm(
                `${name}-${what.name}`,
                {
                    compartmentId,
                    metricCompartmentId,
                    displayName: `${displayName}-${what.name}`,
                    notificationTitle: `${displayName}: ${what.title}`,
                    namespace: what.namespace,
                    query: pulumi.output(ocid).apply(what.query),
                    severity: args.severity ?? ALARM_DEFAULTS.severity,
                    pendingDuration: `PT${args.pendingMinutes ?? ALARM_DEFAULTS.pendingMinutes}M`,
                    body: what.body,
                    destinations: [this.topicId],
                    messageFormat: "ONS_OPTIMIZED",
                    isEnabled: true,
                    ...tags,
                },
                this.childOptions,
            );
        if (cluster) {
            const owner = cluster.compartmentId ?? compartmentId;
            clusterAlarms(cluster).forEach((what) => watch(what, owner, cluster.clusterId));
        }
        if (application) {
            const { compartmentId: owner, errorPercent = ALARM_DEFAULTS.errorPercent, monitor } = application;
            watch(errorAlarm(errorPercent), owner, "");
            if (monitor) {
                monitorAlarms(withDefaults(monitor, { latencyMs: ALARM_DEFAULTS.latencyMs })).forEach((what) =>
                    watch(what, owner, monitor.monitorId),
                );
            }
        }
        this.registerOutputs({ topicId: this.topicId });
    }
}

/** Protocols whose endpoint is a secret URL: everyone who knows it can write to it. */
const WITH_SECRET: Subscription["protocol"][] = ["CUSTOM_HTTPS", "PAGERDUTY", "SLACK"];

/** Stays the same when others come and go, and does not tell the endpoint. */
function subscriptionName(protocol: string, endpoint: string): string {
    return `${protocol.toLowerCase()}-${createHash("sha256").update(endpoint).digest("hex").slice(0, 8)}`;
}
