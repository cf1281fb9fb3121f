import type { input } from "@pulumi/oci/types";

/** What the agent on a node reads and how: one custom log each. */
export interface LogSource {
    /** Files on the node, as globs. */
    paths: string[];
    parser: Parser;
}

type Parser = input.Logging.UnifiedAgentConfigurationServiceConfigurationSourceParser;

/** Encoding of the proxies' access logs, `meshConfig.accessLogEncoding`. */
export type AccessLogEncoding = "JSON" | "TEXT";

/** The containers of one namespace whose lines are the application's. */
export interface ApplicationContainers {
    /** Their namespace. */
    namespace: string;
    /** Their names in the pods. */
    containers: string[];
}

/**
 * The kubelet names a container's log `<pod>_<namespace>_<container>-<container id>.log`. Globs cannot say "all but", so
 * containers are named one by one: then no line is read twice, and nothing reads the collectors of other logs.
 */
const logFile = (container: string, namespace = "*", pod = "*") =>
    `/var/log/containers/${pod}_${namespace}_${container}-*.log`;

/** Time as the container runtime and Envoy print it; fluentd's `%L` accepts three digits and more. */
const TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%L%z";

/**
 * The container runtime's `<time> <stream> <P or F> ` and then Istio's default text format (EnvoyTextLogFormat in
 * https://github.com/istio/istio/blob/release-1.31/pilot/pkg/model/telemetry_logging.go). Fields are named as in JSON.
 */
const TEXT_ACCESS_LOG = [
    "^\\S+ (?:stdout|stderr) [FP] ",
    "\\[(?<start_time>[^\\]]+)\\] ",
    '"(?<method>\\S+) (?<path>\\S+) (?<protocol>[^"]+)" ',
    "(?<response_code>\\d+) (?<response_flags>\\S+) ",
    "(?<response_code_details>\\S+) (?<connection_termination_details>.+?) ",
    '"(?<upstream_transport_failure_reason>[^"]*)" ',
    "(?<bytes_received>\\d+) (?<bytes_sent>\\d+) (?<duration>\\d+) (?<upstream_service_time>\\S+) ",
    '"(?<x_forwarded_for>[^"]*)" "(?<user_agent>[^"]*)" "(?<request_id>[^"]*)" "(?<authority>[^"]*)" ',
    '"(?<upstream_host>[^"]*)" (?<upstream_cluster>\\S+) (?<upstream_local_address>\\S+) ',
    "(?<downstream_local_address>\\S+) (?<downstream_remote_address>\\S+) ",
    "(?<requested_server_name>\\S+) (?<route_name>\\S+)$",
].join("");

const NUMBERS = ["response_code", "bytes_received", "bytes_sent", "duration"];

/**
 * Access logs of sidecars and gateways: their container is `istio-proxy` in both. Messages of the proxies themselves have
 * another format: they do not parse, and stay on the node.
 */
export function accessLogSource(encoding: AccessLogEncoding): LogSource {
    const time = { fieldTimeKey: "start_time", timeFormat: TIME_FORMAT, isKeepTimeKey: true };
    return {
        paths: [logFile("istio-proxy")],
        parser:
            encoding === "JSON"
                ? { parserType: "CRI", isMergeCriFields: false, nestedParser: time }
                : {
                      parserType: "REGEXP",
                      expression: TEXT_ACCESS_LOG,
                      types: Object.fromEntries(NUMBERS.map((field) => [field, "integer"])),
                      ...time,
                  },
    };
}

/** Lines as they are, in `message`, with the stream they went to: applications agree on no format. */
const wholeLines: Parser = { parserType: "CRI", isMergeCriFields: true };

export function applicationLogSource(applications: ApplicationContainers[]): LogSource {
    const paths = applications.flatMap(({ namespace, containers }) =>
        containers.map((container) => logFile(container, namespace)),
    );
    return { paths, parser: wholeLines };
}

/** istiod calls its container `discovery`. */
export function istiodLogSource(namespace: string): LogSource {
    return { paths: [logFile("discovery", namespace, "istiod-*")], parser: wholeLines };
}
