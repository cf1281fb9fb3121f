import { entryOf } from "../components/entry";
import { ISTIO_NAMESPACE } from "../components/istio/versions";
import type { Mesh } from "../mesh/mesh";
import { looksAtAddresses } from "./rules/clientAddresses";
import { podPorts } from "./rules/policyDetails";
import { bypassed, clusterNetworks } from "./rules/egressNetworks";
import { overlaps } from "./rules/network";
import type { Settings } from "./schema";

type MeshWarning = (settings: Settings, mesh: Mesh) => string[];

/** Zero trust knows callers by their accounts. */
const sharedAccounts: MeshWarning = ({ security }, { services: all }) => {
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
const servicePorts: MeshWarning = (settings) =>
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

const wideBypass: MeshWarning = (settings) => {
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
const versionsWithin: MeshWarning = ({ services }) =>
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
const tlsTowardsPlain: MeshWarning = ({ services }, { traffic }) =>
    Object.entries(traffic).flatMap(([name, { tls }]) => {
        const isOwn = Object.hasOwn(services, name);
        return tls?.mode === "SIMPLE" && isOwn && services[name]?.protocol !== "tcp"
            ? [
                  `traffic.services.${name}.tls.mode SIMPLE needs ${name} to serve TLS itself at port ${services[name]?.port}; if it speaks plain ${services[name]?.protocol}, every request fails.`,
              ]
            : [];
    });

/** An origin is a scheme, a host and a port: browsers send nothing else, and no wildcard together with credentials. */
const originsOfBrowsers: MeshWarning = (_, { traffic }) =>
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
const deniesTcp: MeshWarning = ({ security, services }) =>
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

/** `{}` is a rule that fits every request. */
const allowsAll: MeshWarning = ({ security }) =>
    security.authorization.policies.flatMap(({ name, action, dryRun, rules }) =>
        action === "ALLOW" && !dryRun && rules.some((rule) => Object.values(rule).every((part) => part === undefined))
            ? [`The policy ${name} has an empty rule, which allows every request to its target.`]
            : [],
    );

/** A sidecar sees the address of the pod that calls it; for requests from outside, that is the gateway's. */
const addressesInTheMesh: MeshWarning = ({ security }) =>
    security.authorization.policies
        .filter(({ gateway, namespace }) => !gateway && namespace !== ISTIO_NAMESPACE)
        .filter(({ rules }) => rules.some(looksAtAddresses))
        .map(
            ({ name }) =>
                `The policy ${name} goes by addresses, and sidecars see those of the calling pod: for requests from outside, the gateway's. Use services, principals or namespaces, or a policy at the gateway.`,
        );

/** The usual meaning of a port is the most likely one. */
const unusualProtocols: MeshWarning = ({ egress }) =>
    Object.entries(egress.services).flatMap(([name, { ports }]) =>
        ports.flatMap(({ port, protocol }, index) => {
            const key = `egress.services.${name}.ports[${index}].protocol`;
            const usual = { 80: "HTTP", 443: "HTTPS" }[port];
            const mixed = usual !== undefined && usual !== protocol && (protocol === "HTTP" || protocol === "HTTPS");
            return mixed
                ? [`${key} is ${protocol} at port ${port}, where ${usual} is usual: sidecars expect ${protocol}.`]
                : [];
        }),
    );

/** Nothing is delayed, aborted or mirrored for 0 % of the requests. */
const noneOfThem: MeshWarning = (_, { traffic }) =>
    Object.entries(traffic).flatMap(([name, service]) =>
        [service, ...(service.match ?? [])].flatMap(({ fault, mirror }) =>
            Object.entries({ fault, mirror })
                .filter(([, action]) => action?.percent === 0)
                .map(
                    ([action]) =>
                        `traffic.services.${name} has a ${action} for 0 percent of the requests, which does nothing.`,
                ),
        ),
    );

/** istiod fetches keys without a sidecar of its own. https://github.com/istio/istio/issues/40553 */
const keysInTheMesh: MeshWarning = ({ security }, { namespaces }) =>
    security.requestAuthentication.flatMap(({ name, issuers }) =>
        issuers
            .map(({ jwksUri }) => jwksUri)
            .filter((uri) => uri !== undefined && security.mtls.mode === "STRICT")
            .filter((uri) => namespaces.some((namespace) => hostOf(uri!).split(".")[1] === namespace))
            .map(
                (uri) =>
                    `security.requestAuthentication ${name} fetches keys from ${uri}, in the mesh: istiod has no sidecar, and STRICT refuses it. Except that port with security.mtls.services.<name>.ports, or set jwks.`,
            ),
    );

const hostOf = (uri: string) => new URL(uri).hostname;

const WARNINGS: MeshWarning[] = [
    allowsAll,
    addressesInTheMesh,
    unusualProtocols,
    noneOfThem,
    keysInTheMesh,
    sharedAccounts,
    servicePorts,
    wideBypass,
    versionsWithin,
    tlsTowardsPlain,
    originsOfBrowsers,
    deniesTcp,
];

/** What a second look at the mesh's settings is worth. */
export function meshWarnings(settings: Settings, mesh: Mesh): string[] {
    return WARNINGS.flatMap((warning) => warning(settings, mesh));
}
