import { entryOf } from "../components/entry";
import type { Mesh } from "../mesh/mesh";
import { podPorts } from "./rules/policyDetails";
import { bypassed, clusterNetworks } from "./rules/egressNetworks";
import { overlaps } from "./rules/network";
import type { Settings } from "./schema";

type Doubt = (settings: Settings, mesh: Mesh) => string[];

/** Zero trust knows callers by their accounts. */
const sharedAccounts: Doubt = ({ security }, { services: all }) => {
    if (security.authorization.mode !== "zero-trust") {
        return [];
    }
    const byAccount = new Map<string, string[]>();
    for (const { name, namespace, serviceAccount } of all) {
        const account = `${namespace}/${serviceAccount}`;
        byAccount.set(account, [...(byAccount.get(account) ?? []), name]);
    }
    return [...byAccount].flatMap(([account, services]) => {
        if (account.endsWith("/default")) {
            const whose = `${services.join(" and ")} ${services.length > 1 ? "run" : "runs"} as ServiceAccount ${account}`;
            return [
                `${whose}, which every pod of that namespace has unless it names another: zero-trust lets all of them make these services' calls. Set services.<name>.serviceAccount.`,
            ];
        }
        return services.length > 1
            ? [
                  `${services.join(" and ")} share ServiceAccount ${account}: zero-trust cannot distinguish them, so each may make the other's calls. Set services.<name>.serviceAccount.`,
              ]
            : [];
    });
};

/** A Service's port often differs from its container's, and nothing here says what that is. */
const servicePorts: Doubt = (settings) =>
    podPorts(settings).flatMap(({ key, port, service }) => {
        const own = service === undefined ? undefined : entryOf(settings.services, service);
        return own?.port === port
            ? [
                  `${key} is ${port}, the port of the Kubernetes Service ${service}: policies use the container's port (targetPort), which may differ.`,
              ]
            : [];
    });

/** Networks that clusters usually take their pods and Services from: those of OKE, kind and kubeadm. */
const USUAL_NETWORKS = ["10.96.0.0/16", "10.244.0.0/16"];

const wideBypass: Doubt = (settings) => {
    const known = clusterNetworks(settings).length > 0;
    return known
        ? []
        : bypassed(settings)
              .filter(({ cidr }) => cidr !== "0.0.0.0/0" && USUAL_NETWORKS.some((usual) => overlaps(cidr, usual)))
              .map(
                  ({ key, cidr }) =>
                      `${key} ${cidr} may include the cluster's pods or Services: connections to them would have no mutual TLS and no policies.`,
              );
};

/** A version whose labels are a part of another's has the other's pods too. */
const versionsWithin: Doubt = ({ services }) =>
    Object.entries(services).flatMap(([name, { versions }]) =>
        Object.entries(versions).flatMap(([wide, labels]) =>
            Object.entries(versions)
                .filter(([narrow]) => narrow !== wide)
                .filter(([, more]) => {
                    const within = Object.entries(labels).every(([label, value]) => entryOf(more, label) === value);
                    return within && Object.keys(more).length > Object.keys(labels).length;
                })
                .map(
                    ([narrow]) =>
                        `services.${name}.versions.${wide} also matches the pods of ${narrow}: its share of requests goes to both.`,
                ),
        ),
    );

/** Whether the service's own certificate exists, only its owner knows. */
const tlsTowardsPlain: Doubt = ({ services }, { traffic }) =>
    Object.entries(traffic).flatMap(([name, { tls }]) => {
        const isOwn = Object.hasOwn(services, name);
        return tls?.mode === "SIMPLE" && isOwn && services[name]?.protocol !== "tcp"
            ? [
                  `traffic.services.${name}.tls.mode SIMPLE needs ${name} to serve TLS itself at port ${services[name]?.port}; if it speaks plain ${services[name]?.protocol}, every request fails.`,
              ]
            : [];
    });

/** An origin is a scheme, a host and a port: browsers send nothing else, and no wildcard together with credentials. */
const originsOfBrowsers: Doubt = (_, { traffic }) =>
    Object.entries(traffic).flatMap(([name, service]) =>
        [service, ...(service.match ?? [])].flatMap(({ cors }) => {
            const exact = (cors?.allowOrigins ?? []).flatMap((origin) => ("exact" in origin ? [origin.exact] : []));
            const strange = exact.filter(
                (origin) => origin !== "*" && !/^(null|[a-z][a-z0-9+.-]*:\/\/[^/]+)$/i.test(origin ?? ""),
            );
            return [
                ...strange.map(
                    (origin) =>
                        `traffic.services.${name}.cors allows the origin ${origin}, which no browser sends: an origin is a scheme and a host, such as https://shop.example.com.`,
                ),
                ...(exact.includes("*") && cors?.allowCredentials
                    ? [
                          `traffic.services.${name}.cors allows any origin with credentials, which browsers refuse: list the origins.`,
                      ]
                    : []),
            ];
        }),
    );

/** Istio's own warning: such a rule denies everything at ports that speak TCP. */
const deniesTcp: Doubt = ({ security, services }) =>
    security.authorization.policies.flatMap(({ name, action, service, gateway, rules }) => {
        const http = service === undefined ? gateway : entryOf(services, service)?.protocol !== "tcp";
        const wide = rules.some(
            ({ from, to }) =>
                (to && !to.ports && !to.notPorts) ||
                (from && !to && Object.keys(from).every((part) => /requestPrincipals$/i.test(part))),
        );
        return action === "DENY" && !http && wide
            ? [
                  `The policy ${name} denies by HTTP attributes: at TCP ports it denies everything. Set to.ports in its rules.`,
              ]
            : [];
    });

const DOUBTS: Doubt[] = [
    sharedAccounts,
    servicePorts,
    wideBypass,
    versionsWithin,
    tlsTowardsPlain,
    originsOfBrowsers,
    deniesTcp,
];

/** What a second look at the mesh's settings is worth. */
export function meshDoubts(settings: Settings, mesh: Mesh): string[] {
    return DOUBTS.flatMap((doubt) => doubt(settings, mesh));
}
