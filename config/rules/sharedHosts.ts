import { areEqual, openingsOf, type Opening } from "../../components/traffic/openings";
import { behind } from "../../mesh/mesh";
import { dotted, removeCommand, setCommand, type Problem } from "../problems";
import { onMesh, type Rule } from "./rule";

/** Of two services that open the same requests of a host, nothing would say which one gets them. */
const matchesDiffer = onMesh((mesh) =>
    distinct(
        mesh.hosts.flatMap((host) => {
            const services = behind(mesh, host);
            const openings = services.length > 1 ? services.flatMap((each) => openingsOf(each, false)) : [];
            const order = mesh.services.map(({ name }) => name);
            const inOrder = openings.sort(
                (one, other) => order.indexOf(one.service.name) - order.indexOf(other.service.name),
            );
            return inOrder.flatMap((opening, index): Problem[] => {
                const first = inOrder
                    .slice(0, index)
                    .find((earlier) => earlier.service !== opening.service && areEqual(earlier, opening));
                const [key, text] = placeOf(opening);
                const message = `is ${text}, which ${first?.service.name} has at ${host.host} already; a request goes to one service`;
                return first ? [{ key, message, fix: [setCommand(key, "<path>")] }] : [];
            });
        }),
    ),
);

/** The setting that opens it, and what that is. */
function placeOf({ service, place, path, methods, headers }: Opening): [key: string, text: string] {
    const section = place[0] === "match" ? ["traffic", "services", service.name] : ["services", service.name, "expose"];
    const [way = "", text = ""] = Object.entries(path)[0] ?? [];
    const wanted = Object.entries(headers).map(([name, match]) => `${name} ${Object.values(match).join()}`);
    const words = [text, ...(methods ? [`for ${methods.join(", ")}`] : []), ...wanted.map((each) => `with ${each}`)];
    const at = place.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
    return [`${dotted(section)}${at}.${way}`, words.join(" ")];
}

/** The same at several hosts is said once. */
function distinct(problems: Problem[]): Problem[] {
    return problems.filter(({ key }, index) => problems.findIndex((other) => other.key === key) === index);
}

const hostsOnce: Rule = ({ services }) =>
    Object.entries(services ?? {}).flatMap(([name, { expose }]) =>
        (expose?.hosts ?? []).flatMap((host, index, hosts): Problem[] => {
            const key = `${dotted(["services", name, "expose", "hosts"])}[${index}]`;
            const fix = [removeCommand(key)];
            return hosts.indexOf(host) < index ? [{ key, message: `is ${host}, listed twice`, fix }] : [];
        }),
    );

/**
 * Istio serves a host's Ingresses with the certificate of the oldest one alone.
 * https://github.com/istio/istio/blob/release-1.31/pilot/pkg/config/kube/ingress/virtualservices.go
 */
const ingressesShareNoCertificate = onMesh(({ hosts }, { gateway }) =>
    (gateway.kind === "ingress" ? hosts : []).flatMap(({ host, tls, named: [first, ...others] }) =>
        others
            .filter(({ service }) => tls && service && service.namespace !== first?.service?.namespace)
            .map(({ key, service }): Problem => {
                const message = `is ${host}, which ${first?.service?.name} of another namespace has with HTTPS; an Ingress leads to ${service?.namespace} alone, and Istio serves a host's certificate for one Ingress only`;
                return { key, message, fix: [setCommand("gateway.kind", "istio")] };
            }),
    ),
);

const ingressesKnowPathsOnly: Rule = ({ gateway, services }) =>
    gateway?.kind !== "ingress"
        ? []
        : Object.entries(services ?? {}).flatMap(([name, { expose }]) =>
              (expose?.paths ?? []).flatMap((path, index) =>
                  (["methods", "headers"] as const)
                      .filter((part) => path[part] !== undefined)
                      .map((part): Problem => {
                          const key = `${dotted(["services", name, "expose"])}.paths[${index}].${part}`;
                          const message = "is set, but an Ingress knows hosts and paths only (gateway.kind ingress)";
                          return { key, message, fix: [setCommand("gateway.kind", "istio")] };
                      }),
              ),
          );

/** https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule */
const MOST_MATCHES = 64;

const matchesFit: Rule = ({ gateway, services }) =>
    gateway?.kind !== "gateway-api"
        ? []
        : Object.entries(services ?? {}).flatMap(([name, { expose }]): Problem[] => {
              const count = (expose?.paths ?? []).reduce((sum, { methods = [""] }) => sum + methods.length, 0);
              const key = dotted(["services", name, "expose", "paths"]);
              const message = `are ${count} paths and methods; gateway.kind gateway-api allows ${MOST_MATCHES} for a service`;
              return count > MOST_MATCHES ? [{ key, message, fix: [removeCommand(`${key}[<which>]`)] }] : [];
          });

export const sharedHostRules: Rule[] = [
    matchesDiffer,
    hostsOnce,
    ingressesShareNoCertificate,
    ingressesKnowPathsOnly,
    matchesFit,
];
