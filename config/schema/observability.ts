import { z } from "zod";
import { DEFAULT_SIGN_IN } from "../../components/addons/kiali";
import { API_SERVER_ERRORS } from "../../components/oci/alarmDefinitions";
import { ALARM_DEFAULTS } from "../../components/oci/alarms";
import { RETENTION_DAYS } from "../../components/oci/containerLogging";
import { DEFAULT_IDENTITY_DOMAIN } from "../../components/oci/logUploadPolicy";
import { TRACING_DEFAULTS } from "../../components/istio/tracing/tracingPlan";
import type { AddonName } from "../../components/addons/versions";
import { definedTagName, extraValues, ocid, resources } from "./common";
import { httpsUrl, plainHostName } from "./hosts";
import { logFilter } from "./logFilter";

export const tracingSchema = z
    .strictObject({
        backend: z
            .enum(["none", "apm", "jaeger", "zipkin"])
            .default("none")
            .describe("Where spans go: OCI Application Performance Monitoring, an add-on in the cluster, or nowhere."),
        transport: z
            .enum(["otlp", "collector", "zipkin", "bootstrap"])
            .default(TRACING_DEFAULTS.transport)
            .describe(
                "How spans reach APM. `otlp`: each proxy sends them; `collector`: an OpenTelemetry Collector in the cluster sends them, with metrics, and is the only one with the key; `zipkin`: each proxy, in Zipkin's format; `bootstrap`: the method of the guide, kept for comparison.",
            ),
        sampling: z
            .number()
            .min(0)
            .max(100)
            .default(TRACING_DEFAULTS.sampling)
            .describe("Requests that are traced, in percent."),
        customTags: z
            .record(
                z.string().min(1),
                z
                    .string()
                    .min(1)
                    .refine(
                        (value) => !value.startsWith("header:") || /^header:[\w!#$%&'*+.^`|~-]+$/.test(value),
                        "a text, or `header:` and a header's name",
                    )
                    .meta({ examples: ["<value>"] }),
            )
            .default({})
            .describe(
                "Tags on every span, by name. `header:x-tenant` is the value of that request header, anything else is literal.",
            ),
    })
    .prefault({})
    .describe("Distributed tracing.");

const dashboard = z
    .boolean()
    .default(false)
    .describe("Import a dashboard with the domain's response times and errors into OCI's console.");

export const apmSchema = z
    .discriminatedUnion("source", [
        z.strictObject({
            source: z.literal("new").describe("Create an APM domain."),
            isFreeTier: z
                .boolean()
                .default(false)
                .describe("Always Free domain: a limited number per tenancy. A change replaces the domain."),
            dashboard,
        }),
        z.strictObject({
            source: z.literal("existing").describe("Use an existing APM domain."),
            domainId: ocid("apmdomain").describe("OCID of the domain."),
            dashboard,
        }),
    ])
    .describe("The domain of OCI Application Performance Monitoring. Default: none.");

const retentionDays = z
    .literal([30, 60, 90, 120, 150, 180])
    .default(RETENTION_DAYS)
    .describe("Days OCI keeps the lines.");

export const loggingSchema = z
    .strictObject({
        accessLogFilter: logFilter
            .optional()
            .describe(
                "Which requests proxies log, as a CEL expression such as `!has(response.code) || response.code >= 400`: errors, and connections that failed before any response. Default: all.",
            ),
        oci: z
            .strictObject({
                logGroupId: ocid("loggroup").optional().describe("Existing log group. Default: a new one."),
                dynamicGroupName: z
                    .string()
                    .min(1)
                    .optional()
                    .meta({ examples: ["oke-nodes"] })
                    .describe(
                        "Existing dynamic group that matches the nodes. Default: a new one, for all instances of the compartment.",
                    ),
                nodeTags: z
                    .record(
                        definedTagName,
                        z
                            .string()
                            .regex(/^[^']*$/, "a text without single quotes")
                            .max(256),
                    )
                    .default({})
                    .describe(
                        "Defined tags of the nodes, as `Namespace.Key: value`: a new dynamic group matches only instances with all of them. Empty: all of the compartment.",
                    ),
                identityDomain: z
                    .string()
                    .min(1)
                    .default(DEFAULT_IDENTITY_DOMAIN)
                    .describe("Identity domain of the dynamic group."),
                retentionDays,
                controlPlaneLogs: z
                    .boolean()
                    .default(true)
                    .describe("Also the logs of OKE's control plane (new clusters)."),
            })
            .optional()
            .describe("Collect container logs of the nodes in OCI Logging. Default: logs stay in the cluster."),
    })
    .prefault({})
    .describe("Access logs and log collection.");

const threshold = (example: number, meaning: string) => z.number().positive().default(example).describe(meaning);

/** What each protocol delivers to. https://docs.oracle.com/en-us/iaas/Content/Notification/Tasks/create-subscription.htm */
const ENDPOINTS = {
    EMAIL: { pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/, what: "an e-mail address" },
    CUSTOM_HTTPS: { pattern: /^https:\/\/\S+$/, what: "an https:// URL" },
    PAGERDUTY: { pattern: /^https:\/\/\S+$/, what: "an https:// URL" },
    SLACK: { pattern: /^https:\/\/hooks\.slack\.com\/\S+$/, what: "a Slack webhook URL" },
    SMS: { pattern: /^\+[1-9]\d{6,14}$/, what: "a phone number such as +15550100" },
};

const subscription = z
    .strictObject({
        protocol: z.enum(["EMAIL", "CUSTOM_HTTPS", "PAGERDUTY", "SLACK", "SMS"]).describe("Delivery protocol."),
        endpoint: z
            .string()
            .min(1)
            .meta({ examples: ["<endpoint>"] })
            .describe("Address, number or URL for the protocol."),
    })
    .superRefine(({ protocol, endpoint }, context) => {
        const { pattern, what } = ENDPOINTS[protocol];
        // The plan cannot decrypt an encrypted endpoint, and has this in its place.
        if (endpoint !== "[secret]" && !pattern.test(endpoint)) {
            context.addIssue({ code: "custom", path: ["endpoint"], message: `${what}, for protocol ${protocol}` });
        }
    });

export const alarmsSchema = z
    .strictObject({
        subscriptions: z
            .array(subscription)
            .default([])
            .describe("Recipients. Each e-mail address must confirm its subscription once."),
        topicId: ocid("onstopic").optional().describe("Existing notification topic. Default: a new one."),
        severity: z
            .enum(["CRITICAL", "ERROR", "WARNING", "INFO"])
            .default(ALARM_DEFAULTS.severity)
            .describe("Severity of all alarms."),
        pendingMinutes: z
            .int()
            .min(1)
            .max(60)
            .default(ALARM_DEFAULTS.pendingMinutes)
            .describe("Minutes a condition must hold before the alarm fires."),
        apiServerErrorsPerMinute: threshold(
            API_SERVER_ERRORS,
            "API server errors (5xx) per minute that raise an alarm.",
        ),
        latencyMs: threshold(
            ALARM_DEFAULTS.latencyMs,
            "Mean response time of the application, in milliseconds, that raises an alarm (with `apm`).",
        ),
        errorPercent: z
            .number()
            .positive()
            .max(99)
            .default(ALARM_DEFAULTS.errorPercent)
            .describe("Failed requests of the application, in percent, that raise an alarm (with `apm`)."),
    })
    .optional()
    .describe("Alarms on the cluster, and on the application with `apm`. Default: none.");

const addon = (chart: string, meaning: string) =>
    z.strictObject({
        enabled: z.boolean().default(false).describe(meaning),
        version: z
            .string()
            .regex(/^\d+\.\d+\.\d+$/, "a version of the chart such as 1.2.3")
            .optional()
            .describe("Version of its chart. Default: the one this program is built for, docs/addons.md."),
        resources: resources
            .optional()
            .describe("Requests and limits of its main container. Default: small values set by this program."),
        host: plainHostName
            .optional()
            .describe(
                "Host name at the ingress gateway, over HTTPS, with `gateway.tls`. Only for add-ons with a sign-in: Grafana and Kiali. Default: none.",
            ),
        extraValues: extraValues(chart),
    });

const grafana = addon("grafana", "Istio's dashboards over Prometheus, with a generated admin password.").extend({
    anonymous: z
        .boolean()
        .default(false)
        .describe("Allow dashboards without signing in; only with `cluster.source: kubeconfig`."),
});

const kiali = addon("kiali-server", "The mesh as a graph, over Prometheus.").extend({
    signIn: z
        .enum(["token", "openid", "anonymous"])
        .default(DEFAULT_SIGN_IN)
        .describe("How users sign in; `anonymous` only with `cluster.source: kubeconfig`."),
    openid: z
        .strictObject({
            issuerUri: httpsUrl.describe("Address of the OpenID provider."),
            clientId: z.string().min(1).describe("Kiali's client ID at the provider."),
        })
        .optional()
        .describe("The OpenID provider, for `signIn: openid`."),
});

export const addonsSchema = z
    .strictObject({
        prometheus: addon("prometheus", "Metrics of proxies and istiod.").prefault({}).describe("Prometheus."),
        grafana: grafana.prefault({}).describe("Grafana."),
        jaeger: addon("jaeger", "Traces in the cluster, for `tracing.backend: jaeger`.")
            .prefault({})
            .describe("Jaeger."),
        zipkin: addon("zipkin", "Traces in the cluster, for `tracing.backend: zipkin`.")
            .prefault({})
            .describe("Zipkin."),
        kiali: kiali.prefault({}).describe("Kiali."),
    } satisfies Record<AddonName, z.ZodType>)
    .prefault({})
    .describe("Observability add-ons in istio-system, each from its maintained Helm chart.");
