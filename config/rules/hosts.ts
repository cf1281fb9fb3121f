import { isIPv4 } from "node:net";
import { dotted, removeCommand, setCommand, type Problem } from "../problems";
import { isAddress } from "../schema/hosts";
import { onMesh, type Rule } from "./rule";

/** Whether a wildcard host stands for the other one too. */
export function takesIn(wide: string, host: string): boolean {
    return wide !== host && (wide === "*" || (wide.startsWith("*.") && host.endsWith(wide.slice(1))));
}

/** One VirtualService has the routes of all of Bookinfo's hosts: Istio refuses a host that another one takes in. */
const hostsApart = onMesh(({ hosts }, { gateway }) =>
    hosts.flatMap(({ host, key, owner }): Problem[] => {
        const wide = hosts.find((each) => each.owner === owner && takesIn(each.host, host))?.host;
        const message = `is ${host}, which ${wide} beside it includes`;
        // What "*" takes in is said by the rule of that list.
        return gateway.kind !== "istio" || owner !== "gateway.hosts" || wide === undefined || wide === "*"
            ? []
            : [{ key, message, fix: [removeCommand(key)] }];
    }),
);

/** https://istio.io/latest/docs/reference/config/networking/gateway/#Server, and the same of the other kinds. */
const hostsSuitKind = onMesh(({ hosts }, { gateway: { kind } }) =>
    hosts.flatMap(({ host, key }): Problem[] => {
        if (kind !== "istio" && isAddress(host)) {
            const message = `is ${host}, an address; gateway.kind ${kind} supports names only`;
            return [{ key, message, fix: [setCommand(key, "<host name>")] }];
        }
        const short = kind === "istio" && host !== "*" && !host.includes(".");
        const message = `is ${host}, a name without a domain, which Istio does not accept at a gateway`;
        return short ? [{ key, message, fix: [setCommand(key, "<host name with its domain>")] }] : [];
    }),
);

/** A certificate of this program or of an issuer names hosts; addresses are no names. */
const addressesHaveNoCertificate = onMesh(({ hosts }) =>
    hosts.flatMap(({ host, key, tls }): Problem[] => {
        const source = tls?.certificate?.source;
        const message = `is ${host}, an address; a certificate of source ${source} names hosts only`;
        return isIPv4(host) && (source === "generated" || source === "cert-manager")
            ? [{ key, message, fix: [setCommand(key, "<host name>")] }]
            : [];
    }),
);

/** The Gateway API's own limits: https://gateway-api.sigs.k8s.io/reference/spec/ */
const MOST_HOSTS = 32;

/** How a path may not look for an Ingress or an HTTPRoute. */
const UNTIDY = /\/\/|\/\.{1,2}(\/|$)|%2f|[^-\w/.~!$&'()*+,;=:@%]|%(?![0-9a-f]{2})/i;

const exposureSuitsKind: Rule = ({ gateway, services }) =>
    !gateway || gateway.kind === "istio"
        ? []
        : Object.entries(services ?? {}).flatMap(([name, { expose }]) =>
              (expose?.paths ?? []).flatMap((path, index): Problem[] => {
                  const [way, text] = "exact" in path ? ["exact", path.exact] : ["prefix", path.prefix];
                  const at = `${dotted(["services", name, "expose"])}.paths[${index}].${way}`;
                  const message = `is ${text}, which gateway.kind ${gateway.kind} does not accept: it must be without //, /./, /../, %2F and special characters`;
                  return UNTIDY.test(text) ? [{ key: at, message, fix: [setCommand(at, "<path>")] }] : [];
              }),
          );

/** Bookinfo's hosts have two listeners each in one Gateway, and a service's route leads through one of each host. */
const hostsAreFew: Rule = ({ gateway, services, bookinfo }) => {
    const lists: [key: string, hosts: string[] | undefined][] = [
        ["gateway.hosts", bookinfo?.enabled ? gateway?.hosts : undefined],
        ...Object.entries(services ?? {}).map(([name, { expose }]): [string, string[] | undefined] => [
            dotted(["services", name, "expose", "hosts"]),
            expose?.hosts,
        ]),
    ];
    return lists.flatMap(([key, hosts = []]): Problem[] => {
        const message = `are ${hosts.length}; gateway.kind gateway-api allows ${MOST_HOSTS} for a service`;
        return gateway?.kind === "gateway-api" && hosts.length > MOST_HOSTS
            ? [{ key, message, fix: [removeCommand(`${key}[<which>]`)] }]
            : [];
    });
};

export const hostRules = [hostsApart, hostsSuitKind, addressesHaveNoCertificate, exposureSuitsKind, hostsAreFew];
