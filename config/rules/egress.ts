import { TLS_PORT } from "../../components/traffic/egress/externalService";
import { nearest } from "../nearest";
import { dotted, removeCommand, setCommand, type Problem } from "../problems";
import { renameCommands } from "../rename";
import type { EgressSettings } from "../schema/egress";
import { milliseconds } from "../../components/duration";
import { egressNetworkRules } from "./egressNetworks";
import { PROXY_PORTS } from "./gateway";
import { onMesh, type Rule } from "./rule";

/** Of the tracing backend's host, and of add-ons that are open at the gateway. */
const OTHERS_NAMES = ["tracing-backend", "grafana", "kiali"];

type External = EgressSettings["services"][string];

/** Judges each external service by itself. */
function eachService(judge: (service: External, key: string) => Problem[]): Rule {
    return ({ egress }) =>
        Object.entries(egress?.services ?? {}).flatMap(([name, service]) => judge(service, `egress.services.${name}`));
}

const hasHttp = ({ ports }: External) => ports.some(({ protocol }) => protocol === "HTTP" || protocol === "GRPC");

const limitsNeedHttp = eachService((service, key) =>
    (["timeout", "retries"] as const)
        .filter((limit) => service[limit] !== undefined && !hasHttp(service))
        .map((limit) => ({
            key: `${key}.${limit}`,
            message: "is set, but no port has protocol HTTP or GRPC: proxies cannot see requests in encrypted traffic",
            fix: [removeCommand(`${key}.${limit}`)],
        })),
);

/** A retry that starts after the caller has given up is none. */
const timeoutOutlastsTries = eachService(({ timeout, retries }, key) => {
    const whole = milliseconds(timeout ?? "");
    const perTry = milliseconds(retries?.perTryTimeout ?? "");
    const needed = (perTry ?? 0) * ((retries?.attempts ?? 0) + 1);
    return whole !== undefined && perTry !== undefined && whole < needed
        ? [
              {
                  key: `${key}.timeout`,
                  message: `is ${timeout}, but ${(retries?.attempts ?? 0) + 1} tries of ${retries?.perTryTimeout} take up to ${needed / 1000}s`,
                  fix: [setCommand(`${key}.timeout`, `${needed / 1000}s`)],
              },
          ]
        : [];
});

const originationNeedsHttp = eachService((service, key) =>
    service.originateTls && !hasHttp(service)
        ? [
              {
                  key: `${key}.originateTls`,
                  message: "is true, but no port has protocol HTTP or GRPC, for which TLS could be originated",
                  fix: [setCommand(`${key}.ports[0].protocol`, "<HTTP or GRPC>")],
              },
          ]
        : [],
);

/** Of all names below one, none can be looked up beforehand; proxies go where the client was going. */
const wildcardsPassThrough = eachService((service, key) =>
    service.hosts.flatMap((host, index): Problem[] => {
        const at = `${key}.hosts[${index}]`;
        if (host === "*") {
            return [{ key: at, message: "is *, which egress.mode ALLOW_ANY is for", fix: [setCommand(at, "<host>")] }];
        }
        const reason = service.via === "gateway" ? "via gateway" : "originateTls";
        return host.startsWith("*.") && (service.via === "gateway" || service.originateTls)
            ? [
                  {
                      key: at,
                      message: `is ${host}, but ${reason} needs names that can be resolved`,
                      fix: [setCommand(at, "<host without wildcard>")],
                  },
              ]
            : [];
    }),
);

/** A usual port for plain HTTP that the service does not have yet. */
function freePort(ports: External["ports"]): number {
    return [80, 8080].find((usual) => ports.every(({ port }) => port !== usual)) ?? 8000;
}

const portsOnce = eachService(({ ports, originateTls }, key) =>
    ports.flatMap(({ port, protocol }, index): Problem[] => {
        const at = `${key}.ports[${index}].port`;
        const first = ports.findIndex((each) => each.port === port);
        const same = ports[first]?.protocol === protocol;
        const fix = [same ? removeCommand(`${key}.ports[${index}]`) : setCommand(at, "<another port>")];
        if (first < index) {
            return [{ key: at, message: `is ${port}, listed twice`, fix }];
        }
        const plainAt443 = originateTls && port === TLS_PORT && protocol === "HTTP";
        return plainAt443
            ? [
                  {
                      key: at,
                      message: "is 443, the port of originated TLS; plain HTTP inside the mesh needs another port",
                      fix: [setCommand(at, freePort(ports))],
                  },
              ]
            : [];
    }),
);

/** Plain TCP names no host, so the gateway could not tell where it is to go. */
const tcpGoesDirectly = eachService(({ ports, via }, key) =>
    ports
        .filter(({ protocol }) => via === "gateway" && protocol === "TCP")
        .map(() => ({
            key: `${key}.via`,
            message: "is gateway, but TCP has no host name by which the egress gateway could route",
            fix: [
                setCommand(
                    `${key}.ports[${ports.findIndex(({ protocol }) => protocol === "TCP")}].protocol`,
                    "<HTTP, GRPC or HTTPS>",
                ),
            ],
        }))
        .slice(0, 1),
);

const gatewayPortsAreFree = eachService(({ ports, via }, key) =>
    ports.flatMap(({ port }, index): Problem[] =>
        via === "gateway" && PROXY_PORTS.includes(port)
            ? [
                  {
                      key: `${key}.ports[${index}].port`,
                      message: `is ${port}, which the egress gateway's proxy uses itself`,
                      fix: [setCommand(`${key}.ports[${index}].port`, "<another port>")],
                  },
              ]
            : [],
    ),
);

/** Inside the cluster it would take the place of the Service of that name. */
const hostsAreOutside = eachService(({ hosts }, key) =>
    hosts.flatMap((host, index): Problem[] => {
        const at = `${key}.hosts[${index}]`;
        const message = `is ${host}, a Service of the cluster; those are services`;
        return host.endsWith(".svc.cluster.local")
            ? [{ key: at, message, fix: [setCommand(at, "<host outside>")] }]
            : [];
    }),
);

/** Its objects stand in istio-system beside those of tracing, of add-ons and of services that go through the gateway. */
const namesAreFree: Rule = ({ egress }) =>
    Object.keys(egress?.services ?? {})
        .filter((name) => {
            const other = /^(.+)-egress$/.exec(name)?.[1] ?? "";
            return OTHERS_NAMES.includes(name) || egress?.services[other]?.via === "gateway";
        })
        .map((name) => ({
            key: `egress.services.${name}`,
            message: "is a name of other objects in istio-system; use another name",
            fix: [
                setCommand(`egress.services.<another name>.hosts[0]`, egress?.services[name]?.hosts[0] ?? ""),
                removeCommand(`egress.services.${name}`),
            ],
        }));

/** One host in two entries of the registry: which of them counts is chance. */
const hostsOnce: Rule = ({ egress }) => {
    const seen = new Map<string, string>();
    return Object.entries(egress?.services ?? {}).flatMap(([name, { hosts }]) =>
        hosts.flatMap((host, index): Problem[] => {
            const key = `egress.services.${name}.hosts[${index}]`;
            const first = seen.get(host);
            seen.set(host, first ?? key);
            const message = `is ${host}, which ${first} has already; list its ports there`;
            const fix = hosts.length > 1 ? removeCommand(key) : setCommand(key, "<another host>");
            return first === undefined ? [] : [{ key, message, fix: [fix] }];
        }),
    );
};

const oneWayToBypass: Rule = ({ egress }) =>
    egress && egress.bypass.cidrs.length > 0 && egress.bypass.allExcept.length > 0
        ? [
              {
                  key: "egress.bypass.allExcept",
                  message: "is set beside egress.bypass.cidrs; set only one of the two",
                  fix: [removeCommand("egress.bypass.allExcept")],
              },
          ]
        : [];

/** Pods of others are not this program's to annotate. */
const bypassedAreOurs = onMesh(({ services }, { egress }) =>
    Object.keys(egress.bypass.workloads)
        .filter((workload) => !services.some(({ name, from }) => name === workload && from !== "services"))
        .map((name) => {
            const key = dotted(["egress", "bypass", "workloads", name]);
            const message =
                "is not a workload of this program; annotate the pods of yours with traffic.sidecar.istio.io/excludeOutboundIPRanges";
            return { key, message, fix: [removeCommand(key)] };
        }),
);

const scopesAreOfTheMesh = onMesh(({ namespaces }, { egress }) => {
    const { reaches } = egress.scoping;
    return Object.keys(reaches)
        .filter((namespace) => !namespaces.includes(namespace))
        .map((namespace) => {
            const key = dotted(["egress", "scoping", "reaches", namespace]);
            const message = `is a namespace without sidecars; there are ${namespaces.join(", ")}`;
            const near = nearest(namespace, namespaces);
            const taken = near === undefined || Object.hasOwn(reaches, near);
            const to = dotted(["egress", "scoping", "reaches", taken ? "<namespace>" : near]);
            return { key, message, fix: renameCommands(key, to, reaches[namespace]) };
        });
});

/** `-egress` is added to the name of a Gateway, and the host to the names of routes where there are several. */
const objectNamesFit = eachService(({ hosts, via }, key) => {
    const name = key.slice("egress.services.".length);
    const longest = Math.max(...hosts.map((host) => host.length));
    const tooLong = (via === "gateway" && name.length > 56) || (hosts.length > 1 && name.length + 1 + longest > 253);
    const message = `is a name of ${name.length} characters, too long for the names of its objects`;
    const fix = [setCommand(`egress.services.<shorter name>.hosts[0]`, hosts[0] ?? ""), removeCommand(key)];
    return tooLong ? [{ key, message, fix }] : [];
});

/** As of the other gateway: a HorizontalPodAutoscaler between two numbers, by the use of a request. */
const gatewayScales: Rule = ({ egress }) => {
    const { replicas, resources } = egress?.gateway ?? {};
    if (!replicas || replicas.max === replicas.min) {
        return [];
    }
    const key = "egress.gateway.replicas.max";
    if (replicas.max < replicas.min) {
        const message = `is ${replicas.max}, below egress.gateway.replicas.min ${replicas.min}`;
        return [{ key, message, fix: [setCommand(key, replicas.min)] }];
    }
    const cpu = "egress.gateway.resources.requests.cpu";
    const message = `is missing; scaling from ${replicas.min} to ${replicas.max} replicas needs it to measure usage`;
    return resources?.requests?.cpu === undefined ? [{ key: cpu, message, fix: [setCommand(cpu, "<200m>")] }] : [];
};

export const egressRules = [
    ...egressNetworkRules,
    objectNamesFit,
    gatewayScales,
    limitsNeedHttp,
    timeoutOutlastsTries,
    originationNeedsHttp,
    wildcardsPassThrough,
    tcpGoesDirectly,
    gatewayPortsAreFree,
    hostsAreOutside,
    namesAreFree,
    portsOnce,
    hostsOnce,
    oneWayToBypass,
    bypassedAreOurs,
    scopesAreOfTheMesh,
];
