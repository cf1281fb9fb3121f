import { addonHostRules } from "./addonHosts";
import { removeCommand, setCommand, type Problem } from "../problems";
import type { Rule } from "./rule";

const on = (addon: string) => setCommand(`addons.${addon}.enabled`, true);

/** Spans need somewhere to go. */
const backendIsThere: Rule = (settings) => {
    const { tracing, addons } = settings;
    const backend = tracing?.backend;
    if (backend === "apm" && "apm" in settings && settings.apm === undefined) {
        const message = "is apm, but apm is not set: create a domain or use an existing one";
        return [{ key: "tracing.backend", message, fix: [setCommand("apm.source", "new")] }];
    }
    if ((backend === "jaeger" || backend === "zipkin") && addons && !addons[backend].enabled) {
        const message = `is ${backend}, but addons.${backend} is off`;
        return [{ key: "tracing.backend", message, fix: [on(backend)] }];
    }
    return [];
};

const oneTracingAddon: Rule = ({ addons }) =>
    addons?.jaeger.enabled && addons.zipkin.enabled
        ? [
              {
                  key: "addons.zipkin.enabled",
                  message: "is true beside addons.jaeger: both claim the Services zipkin and tracing",
                  fix: [setCommand("addons.zipkin.enabled", false)],
              },
          ]
        : [];

/** Grafana and Kiali show what Prometheus has. */
const metricsForDashboards: Rule = ({ addons }) =>
    (["grafana", "kiali"] as const).flatMap((name): Problem[] =>
        addons?.[name].enabled && !addons.prometheus.enabled
            ? [
                  {
                      key: `addons.${name}.enabled`,
                      message: "is true, but addons.prometheus is off",
                      fix: [on("prometheus")],
                  },
              ]
            : [],
    );

const signInOutsideKind: Rule = ({ addons, cluster }) => {
    if (!cluster || cluster.source === "kubeconfig" || !addons) {
        return [];
    }
    const only = `which only cluster.source kubeconfig may have, not ${cluster.source}`;
    const kiali = { key: "addons.kiali.signIn", message: `is anonymous, ${only}` };
    const grafana = { key: "addons.grafana.anonymous", message: `is true, ${only}` };
    return [
        ...(addons.kiali.signIn === "anonymous" ? [{ ...kiali, fix: [setCommand(kiali.key, "token")] }] : []),
        ...(addons.grafana.anonymous ? [{ ...grafana, fix: [setCommand(grafana.key, false)] }] : []),
    ];
};

const openidHasProvider: Rule = ({ addons }) =>
    addons?.kiali.enabled && addons.kiali.signIn === "openid" && addons.kiali.openid === undefined
        ? [
              {
                  key: "addons.kiali.openid",
                  message: "is missing; addons.kiali.signIn openid needs to know the provider",
                  fix: [
                      setCommand("addons.kiali.openid.issuerUri", "<https://...>"),
                      setCommand("addons.kiali.openid.clientId", "<client>"),
                  ],
              },
          ]
        : [];

/** The agent that collects lines runs on OKE's nodes. */
const logsOfOkeNodes: Rule = ({ logging, cluster }) =>
    logging?.oci && cluster?.source === "kubeconfig"
        ? [
              {
                  key: "logging.oci",
                  message: "collects from OKE nodes, but cluster.source is kubeconfig",
                  fix: [removeCommand("logging.oci")],
              },
          ]
        : [];

/** A new dynamic group is made in the Default domain: OCI's older API for it knows no other. */
const groupInItsDomain: Rule = ({ logging }) =>
    logging?.oci && logging.oci.identityDomain !== "Default" && logging.oci.dynamicGroupName === undefined
        ? [
              {
                  key: "logging.oci.dynamicGroupName",
                  message: `is missing; a new group goes to the Default domain, not to ${logging.oci.identityDomain}`,
                  fix: [setCommand("logging.oci.dynamicGroupName", "<name of the group>")],
              },
          ]
        : [];

/** The group's own rule says which nodes it matches. */
const tagsOfNewGroup: Rule = ({ logging }) => {
    const { dynamicGroupName, nodeTags = {} } = logging?.oci ?? {};
    const message = `has no effect with logging.oci.dynamicGroupName ${dynamicGroupName}: the rule of that group says which nodes it matches`;
    return dynamicGroupName !== undefined && Object.keys(nodeTags).length > 0
        ? [{ key: "logging.oci.nodeTags", message, fix: [removeCommand("logging.oci.nodeTags")] }]
        : [];
};

const alarmsWatch: Rule = (settings) => {
    const { alarms, cluster } = settings;
    const nothing = cluster?.source === "kubeconfig" && "apm" in settings && settings.apm === undefined;
    const message = "has nothing to watch: cluster.source is kubeconfig, and apm is not set";
    return alarms && nothing ? [{ key: "alarms", message, fix: [removeCommand("alarms")] }] : [];
};

const subscribedOnce: Rule = ({ alarms }) => {
    const all = alarms?.subscriptions.map(({ protocol, endpoint }) => `${protocol} ${endpoint}`) ?? [];
    return all.flatMap((one, index) => {
        const key = `alarms.subscriptions[${index}]`;
        const first = all.indexOf(one);
        const message = `is the same as alarms.subscriptions[${first}]`;
        return first < index ? [{ key, message, fix: [removeCommand(key)] }] : [];
    });
};

export const observabilityRules = [
    ...addonHostRules,
    groupInItsDomain,
    tagsOfNewGroup,
    alarmsWatch,
    subscribedOnce,
    backendIsThere,
    oneTracingAddon,
    metricsForDashboards,
    signInOutsideKind,
    openidHasProvider,
    logsOfOkeNodes,
];
