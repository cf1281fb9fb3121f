import { runningRevisions } from "../../components/istio/revisions";
import { ISTIO_VERSION, SUPPORTED_KUBERNETES } from "../../components/istio/versions";
import { removeCommand, setCommand, type Problem } from "../problems";
import { KUBERNETES_VERSION } from "../schema/cluster";
import { minorOf, versionKey } from "./revisions";
import type { Rule } from "./rule";

/** The guide's `istioctl x precheck`, for what is known before the cluster is there. */
const kubernetesSupportsIstio: Rule = ({ cluster, istio }) => {
    if (!istio) {
        return [];
    }
    const kubernetes = cluster && "kubernetesVersion" in cluster ? cluster.kubernetesVersion : undefined;
    return runningRevisions(istio).flatMap(({ name, version }): Problem[] => {
        const supported = SUPPORTED_KUBERNETES[minorOf(version)];
        if (!supported) {
            const known = Object.keys(SUPPORTED_KUBERNETES).join(" and ");
            const message = `is ${version}; this program knows the Kubernetes versions for Istio ${known}`;
            return [{ key: versionKey(name), message, fix: [setCommand(versionKey(name), ISTIO_VERSION)] }];
        }
        const minor = Number(kubernetes?.split(".")[1]);
        if (kubernetes === undefined || (minor >= supported.min && minor <= supported.max)) {
            return [];
        }
        const range = `1.${supported.min} to 1.${supported.max}`;
        return [
            {
                key: "cluster.kubernetesVersion",
                message: `is ${kubernetes}, but Istio ${version} supports Kubernetes ${range}`,
                fix: [setCommand("cluster.kubernetesVersion", KUBERNETES_VERSION)],
            },
        ];
    });
};

const compartmentForNewThings: Rule = (settings) => {
    const { cluster, apm, alarms, logging, gateway, network } = settings;
    // Without a network an address is refused for that.
    const sources = [cluster, apm, network && gateway?.loadBalancer?.reservedIp].map((each) => each?.source);
    const makes = sources.includes("new") || alarms !== undefined || logging?.oci !== undefined;
    // An invalid compartmentId is a problem of its own; only a missing one is this rule's.
    return makes && "compartmentId" in settings && settings.compartmentId === undefined
        ? [
              {
                  key: "compartmentId",
                  message: "is missing, must be the OCID of the compartment to build in",
                  fix: [setCommand("compartmentId", "<ocid1.compartment...>")],
              },
          ]
        : [];
};

const endpointReachable: Rule = ({ cluster }) =>
    cluster?.source === "new" && cluster.endpoint.public && cluster.endpoint.allowedCidrs.length === 0
        ? [
              {
                  key: "cluster.endpoint.allowedCidrs",
                  message: "is empty, so the public endpoint could not be reached; list the networks you work from",
                  fix: [setCommand("cluster.endpoint.allowedCidrs[0]", "<your address>/32")],
              },
          ]
        : [];

const autoscalingHasMetrics: Rule = ({ cluster, istio, gateway }) => {
    const basic = cluster?.source === "new" && cluster.type === "BASIC_CLUSTER";
    if (cluster?.source !== "new" || (cluster.metricsServer && !basic)) {
        return [];
    }
    const ranges = { "istio.replicas.max": istio?.replicas, "gateway.replicas.max": gateway?.replicas };
    return Object.entries(ranges).flatMap(([key, range]) =>
        range && range.max > range.min
            ? [
                  {
                      key,
                      message: `is ${range.max}, above min ${range.min}; scaling needs cluster.metricsServer, which ${basic ? "a BASIC_CLUSTER cannot have" : "is off"}`,
                      fix: [basic ? setCommand(key, range.min) : setCommand("cluster.metricsServer", true)],
                  },
              ]
            : [],
    );
};

/** A HorizontalPodAutoscaler compares use with the request; without one it never scales. */
const autoscalingHasRequest: Rule = (settings) =>
    (["istio", "gateway"] as const).flatMap((section) => {
        const { replicas, resources } = settings[section] ?? {};
        const key = `${section}.resources.requests.cpu`;
        const message = `is missing; scaling from ${replicas?.min} to ${replicas?.max} replicas needs it to measure usage`;
        return replicas && replicas.max > replicas.min && !resources?.requests?.cpu
            ? [{ key, message, fix: [setCommand(key, "200m")] }]
            : [];
    });

/** https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/contengcomparingenhancedwithbasicclusters_topic.htm */
const basicHasNoAddOns: Rule = ({ cluster }) => {
    if (cluster?.source !== "new" || cluster.type !== "BASIC_CLUSTER") {
        return [];
    }
    const message = (what: string) => `needs an ENHANCED_CLUSTER: a basic one ${what}`;
    const addOns: Problem[] = cluster.metricsServer
        ? [
              {
                  key: "cluster.metricsServer",
                  message: message("has no add-ons"),
                  fix: [setCommand("cluster.metricsServer", false)],
              },
          ]
        : [];
    const inPools = cluster.nodePools.flatMap((pool, index) =>
        (["autoscaling", "cycling"] as const)
            .filter((feature) => pool[feature] !== undefined)
            .map((feature): Problem => {
                const key = `cluster.nodePools[${index}].${feature}`;
                const what = feature === "autoscaling" ? "has no autoscaler" : "cannot cycle its nodes";
                return { key, message: message(what), fix: [removeCommand(key)] };
            }),
    );
    return [...addOns, ...inPools];
};

export const clusterRules = [
    basicHasNoAddOns,
    autoscalingHasRequest,
    kubernetesSupportsIstio,
    compartmentForNewThings,
    endpointReachable,
    autoscalingHasMetrics,
];
