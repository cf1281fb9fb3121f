import { strict as assert } from "node:assert";
import { assertFixable } from "./fixable";
import { asDevStack, described, NEW_CLUSTER } from "./settings";

const all = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { enabled: true }]));

const existingDomain = { source: "existing", domainId: "ocid1.apmdomain.oc1.iad.a" };

const local = { cluster: { source: "kubeconfig" }, "oci:region": undefined };

const tenancy = { "oci:tenancyOcid": "ocid1.tenancy.oc1..a" };

/** A gateway with HTTPS. */
const served = {
    ...NEW_CLUSTER,
    gateway: {
        hosts: ["bookinfo.example.com"],
        tls: { certificate: { source: "existing", secretName: "bookinfo-tls" } },
    },
};

const contradictions: [string, Record<string, unknown>, string[]][] = [
    [
        "Jaeger as backend without the add-on",
        { ...NEW_CLUSTER, tracing: { backend: "jaeger" } },
        ["tracing.backend is jaeger, but addons.jaeger is off"],
    ],
    [
        "Zipkin as backend without the add-on",
        { ...NEW_CLUSTER, tracing: { backend: "zipkin" }, addons: all("jaeger") },
        ["tracing.backend is zipkin, but addons.zipkin is off"],
    ],
    [
        "Zipkin and Jaeger together",
        { ...NEW_CLUSTER, addons: all("jaeger", "zipkin") },
        ["addons.zipkin.enabled is true beside addons.jaeger: both claim the Services zipkin and tracing"],
    ],
    [
        "APM as backend without a domain",
        { ...NEW_CLUSTER, tracing: { backend: "apm" } },
        ["tracing.backend is apm, but apm is not set: create a domain or use an existing one"],
    ],
    [
        "APM without OCI",
        { ...local, apm: existingDomain, tracing: { backend: "apm" } },
        ["oci:region is missing, must be a region identifier such as us-ashburn-1"],
    ],
    [
        "a new domain without a compartment",
        { cluster: { source: "kubeconfig" }, apm: { source: "new" } },
        ["compartmentId is missing, must be the OCID of the compartment to build in"],
    ],
    [
        "dashboards without metrics",
        { ...NEW_CLUSTER, addons: all("grafana", "kiali") },
        [
            "addons.grafana.enabled is true, but addons.prometheus is off",
            "addons.kiali.enabled is true, but addons.prometheus is off",
        ],
    ],
    [
        "Kiali for anybody on OKE",
        { ...NEW_CLUSTER, addons: { ...all("prometheus"), kiali: { enabled: true, signIn: "anonymous" } } },
        ["addons.kiali.signIn is anonymous, which only cluster.source kubeconfig may have, not new"],
    ],
    [
        "node logs of somebody else's nodes",
        {
            ...tenancy,
            compartmentId: NEW_CLUSTER.compartmentId,
            cluster: { source: "kubeconfig" },
            logging: { oci: {} },
        },
        ["logging.oci collects from OKE nodes, but cluster.source is kubeconfig"],
    ],
    [
        "logs in OCI without knowing the tenancy",
        { ...NEW_CLUSTER, logging: { oci: {} } },
        ["oci:tenancyOcid is missing; logging.oci needs it, as dynamic groups live in the tenancy"],
    ],
    [
        "a new group in another identity domain",
        { ...NEW_CLUSTER, ...tenancy, logging: { oci: { identityDomain: "Platform" } } },
        ["logging.oci.dynamicGroupName is missing; a new group goes to the Default domain, not to Platform"],
    ],
    [
        "a subscription twice",
        {
            ...NEW_CLUSTER,
            alarms: {
                subscriptions: [
                    { protocol: "EMAIL", endpoint: "ops@example.com" },
                    { protocol: "EMAIL", endpoint: "ops@example.com" },
                ],
            },
        },
        ["alarms.subscriptions[1] is the same as alarms.subscriptions[0]"],
    ],
    [
        "an e-mail that is none",
        { ...NEW_CLUSTER, alarms: { subscriptions: [{ protocol: "EMAIL", endpoint: "ops" }] } },
        ['alarms.subscriptions[0].endpoint is "ops", must be an e-mail address, for protocol EMAIL'],
    ],
    [
        "sampling above all requests",
        { ...NEW_CLUSTER, tracing: { sampling: 101 } },
        ["tracing.sampling is 101, must be at most 100"],
    ],
    [
        "sampling below none",
        { ...NEW_CLUSTER, tracing: { sampling: -1 } },
        ["tracing.sampling is -1, must be at least 0"],
    ],
    [
        "an add-on without a sign-in at the gateway",
        { ...served, addons: { prometheus: { enabled: true, host: "metrics.example.com" } } },
        [
            "addons.prometheus.host is metrics.example.com, but prometheus has no sign-in: everyone who knows the address would have access. Use port-forward instead",
        ],
    ],
    [
        "an add-on at the gateway for anybody, even on kind",
        {
            ...local,
            gateway: served.gateway,
            addons: {
                ...all("prometheus"),
                grafana: { enabled: true, host: "grafana.example.com", anonymous: true },
                kiali: { enabled: true, host: "kiali.example.com", signIn: "anonymous" },
            },
        },
        [
            "addons.grafana.anonymous is true, which is not allowed with addons.grafana.host: everyone who knows the address would have access",
            "addons.kiali.signIn is anonymous, which is not allowed with addons.kiali.host: everyone who knows the address would have access",
        ],
    ],
    [
        "a password over plain HTTP",
        { ...NEW_CLUSTER, addons: { ...all("prometheus"), grafana: { enabled: true, host: "grafana.example.com" } } },
        [
            "addons.grafana.host is grafana.example.com, which the gateway does not serve with HTTPS: it needs gateway.tls",
        ],
    ],
    [
        "a password over plain HTTP where everything else is encrypted",
        {
            ...served,
            gateway: {
                ...served.gateway,
                tls: { ...served.gateway.tls, hosts: { "kiali.example.com": { mode: "off" } } },
            },
            addons: { ...all("prometheus"), kiali: { enabled: true, host: "kiali.example.com" } },
        },
        ["addons.kiali.host is kiali.example.com, which the gateway does not serve with HTTPS: it needs gateway.tls"],
    ],
    [
        "a password over plain HTTP where encryption is off",
        {
            ...served,
            gateway: { ...served.gateway, tls: { ...served.gateway.tls, mode: "off" } },
            addons: { ...all("prometheus"), kiali: { enabled: true, host: "kiali.example.com" } },
        },
        ["addons.kiali.host is kiali.example.com, which the gateway does not serve with HTTPS: it needs gateway.tls"],
    ],
    [
        "a host for what is off",
        { ...served, addons: { kiali: { host: "kiali.example.com" } } },
        ["addons.kiali.host is set, but addons.kiali is off"],
    ],
    [
        "hosts that are taken",
        {
            ...served,
            addons: {
                ...all("prometheus"),
                grafana: { enabled: true, host: "bookinfo.example.com" },
                kiali: { enabled: true, host: "bookinfo.example.com" },
            },
        },
        [
            "addons.grafana.host is bookinfo.example.com, which gateway.hosts has already",
            "addons.kiali.host is bookinfo.example.com, which gateway.hosts has already",
        ],
    ],
    [
        "one host for two add-ons",
        {
            ...served,
            addons: {
                ...all("prometheus"),
                grafana: { enabled: true, host: "tools.example.com" },
                kiali: { enabled: true, host: "tools.example.com" },
            },
        },
        ["addons.kiali.host is tools.example.com, which addons.grafana.host has already"],
    ],
    [
        "a host with a wildcard for an add-on",
        { ...served, addons: { ...all("prometheus"), grafana: { enabled: true, host: "*.example.com" } } },
        ['addons.grafana.host is "*.example.com", must be a DNS name with its domain, without wildcard'],
    ],
    [
        "a retention OCI does not offer",
        { ...NEW_CLUSTER, ...tenancy, logging: { oci: { retentionDays: 45 } } },
        ["logging.oci.retentionDays is 45, must be 30, 60, 90, 120, 150 or 180"],
    ],
];

const fine: [string, Record<string, unknown>][] = [
    [
        "Grafana and Kiali at the gateway, each under its host",
        {
            ...served,
            addons: {
                ...all("prometheus"),
                grafana: { enabled: true, host: "grafana.example.com" },
                kiali: { enabled: true, host: "kiali.example.com" },
            },
        },
    ],
    ["a new domain", { ...NEW_CLUSTER, apm: { source: "new" }, tracing: { backend: "apm", sampling: 0.5 } }],
    ["an existing domain for any cluster", { cluster: { source: "kubeconfig" }, apm: existingDomain }],
    ["Jaeger with its add-on", { ...local, addons: all("jaeger"), tracing: { backend: "jaeger" } }],
    [
        "Kiali for anybody on kind",
        { ...local, addons: { ...all("prometheus"), kiali: { enabled: true, signIn: "anonymous" } } },
    ],
    [
        "alarms for a person",
        { ...NEW_CLUSTER, alarms: { subscriptions: [{ protocol: "EMAIL", endpoint: "ops@example.com" }] } },
    ],
    ["logs in OCI", { ...NEW_CLUSTER, ...tenancy, logging: { oci: { retentionDays: 180 } } }],
];

describe("settings of observability", () => {
    asDevStack();

    for (const [what, settings, problems] of contradictions) {
        it(`refuse ${what}`, () => assert.deepEqual(described(settings), problems));
        it(`say how to fix ${what}`, () => assertFixable(settings));
    }
    for (const [what, settings] of fine) {
        it(`accept ${what}`, () => assert.deepEqual(described(settings), []));
    }
});
