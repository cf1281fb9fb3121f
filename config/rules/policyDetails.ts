import { dotted, removeCommand, setCommand, type Problem } from "../problems";
import type { Settings } from "../schema";
import type { PolicySettings } from "../schema/authorization";
import { onMesh, type Rule } from "./rule";

/** Identities and tokens are not known yet when an external authorizer is called, so Istio takes no rule by them. */
const UNKNOWN_TO_CUSTOM = /^(services|gateway|(not)?(principals|requestPrincipals|namespaces))$/i;
const UNKNOWN_ATTRIBUTE = /^(source\.(namespace|principal)|request\.auth\.)/;

function customFault(policy: PolicySettings, key: string): Problem[] {
    const why = "which action CUSTOM cannot use: the authorizer is called before it is known";
    return (policy.action === "CUSTOM" ? policy.rules : []).flatMap(({ from, when = [] }, index) => [
        ...Object.keys(from ?? {})
            .filter((name) => UNKNOWN_TO_CUSTOM.test(name))
            .map((name) => {
                const at = `${key}.rules[${index}].from.${name}`;
                return { key: at, message: `is about callers, ${why}`, fix: [removeCommand(at)] };
            }),
        ...when.flatMap((condition, position): Problem[] => {
            const at = `${key}.rules[${index}].when[${position}].key`;
            const message = `is ${condition.key}, ${why}`;
            return UNKNOWN_ATTRIBUTE.test(condition.key)
                ? [{ key: at, message, fix: [setCommand(at, "<attribute>")] }]
                : [];
        }),
    ]);
}

const customGoesByRequests: Rule = ({ security }) =>
    (security?.authorization.policies ?? []).flatMap((policy, index) =>
        customFault(policy, `security.authorization.policies[${index}]`),
    );

/** A place where a port of a pod is named. */
interface PodPort {
    key: string;
    port: number;
    /** Service whose pods they are; undefined for the gateway. */
    service?: string;
}

/** Every port that policies name. Proxies see the port that packets arrive at, which is the container's. */
export function podPorts({ security }: Partial<Settings>): PodPort[] {
    const ofPolicies = (security?.authorization.policies ?? []).flatMap(({ service, gateway, rules }, policy) =>
        service === undefined && !gateway
            ? []
            : rules.flatMap(({ to }, rule) =>
                  (["ports", "notPorts"] as const).flatMap((name) =>
                      (to?.[name] ?? []).map((port, index) => ({
                          key: `security.authorization.policies[${policy}].rules[${rule}].to.${name}[${index}]`,
                          port,
                          service,
                      })),
                  ),
              ),
    );
    const ofMtls = Object.entries(security?.mtls.services ?? {}).flatMap(([service, { ports }]) =>
        ports.map(({ port }, index) => ({
            key: dotted(["security", "mtls", "services", service, "ports", index, "port"]),
            port,
            service,
        })),
    );
    const ofTokens = (security?.requestAuthentication ?? []).flatMap(({ service, ports }, entry) =>
        service === undefined
            ? []
            : ports.map((port, index) => ({
                  key: `security.requestAuthentication[${entry}].ports[${index}]`,
                  port,
                  service,
              })),
    );
    return [...ofPolicies, ...ofMtls, ...ofTokens];
}

const portsAreOfPods = onMesh(({ services }, { gateway, security }) =>
    podPorts({ security }).flatMap(({ key, port, service }): Problem[] => {
        const container = services.find(({ name }) => name === service)?.containerPort;
        const known =
            service === undefined ? Object.values(gateway.ports) : container === undefined ? undefined : [container];
        if (known === undefined || known.includes(port)) {
            return [];
        }
        const [only] = known;
        const owner = service === undefined ? "the gateway" : `the container of ${service}`;
        const message = `is ${port}, but ${owner} listens on ${known.join(" and ")}: policies use that port`;
        const fix = known.length === 1 && only !== undefined ? setCommand(key, only) : setCommand(key, "<port>");
        return [{ key, message, fix: [fix] }];
    }),
);

/** Istio looks an authorizer up by its whole name, and refuses every request where it does not find it. */
const authorizersAreFound = onMesh(({ namespaces }, { security }) =>
    Object.entries(security.authorization.providers).flatMap(([name, { service }]): Problem[] => {
        const key = dotted(["security", "authorization", "providers", name, "service"]);
        const [first, namespace = "", ...rest] = service.split(".");
        const ofCluster = rest.length > 0 && rest[0] === "svc" && rest.join(".") !== "svc.cluster.local";
        const short = (rest.length === 0 && namespaces.includes(namespace)) || ofCluster;
        const whole = `${first}.${namespace}.svc.cluster.local`;
        const message = `is ${service}, which Istio does not find: use the full name, such as ${whole}`;
        return short ? [{ key, message, fix: [setCommand(key, whole)] }] : [];
    }),
);

/** Over gRPC an authorizer sees all headers and says itself what the service gets. */
const headersGoWithHttp: Rule = ({ security }) =>
    Object.entries(security?.authorization.providers ?? {}).flatMap(([name, provider]) =>
        (["includeRequestHeaders", "headersToUpstream"] as const)
            .filter((list) => provider.protocol === "grpc" && provider[list].length > 0)
            .map((list) => {
                const key = dotted(["security", "authorization", "providers", name, list]);
                const message = "needs protocol http; with grpc the authorizer receives all headers";
                return { key, message, fix: [removeCommand(key)] };
            }),
    );

export const policyDetailRules: Rule[] = [customGoesByRequests, portsAreOfPods, authorizersAreFound, headersGoWithHttp];
