import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { IngressPorts } from "../../istio/gateways";
import type { BehindHost } from "../openings";

/** How the gateway encrypts what it serves of one host. */
export interface HostTls {
    /** `SIMPLE`: the gateway shows a certificate. `MUTUAL`: clients have to show one too. */
    mode: "SIMPLE" | "MUTUAL";
    /** Secret in the gateway's namespace with `tls.crt` and `tls.key`, and for `MUTUAL` `ca.crt`. */
    credentialName: string;
    /** Oldest version of TLS that is accepted. @default Istio's, "TLSV1_2" */
    minProtocolVersion?: "TLSV1_2" | "TLSV1_3";
}

/** A host of the gateway with all that is behind it. */
export interface HostIngress {
    /** `*` is any that no other entry has. */
    host: string;
    /** HTTPS, to which HTTP is redirected, but for Ingresses. @default plain HTTP */
    tls?: HostTls;
    /** The services that answer there, at least one. */
    behind: AnsweredHost[];
}

/** A service behind a host, and the pods that answer. */
export interface AnsweredHost extends BehindHost {
    /** Requests are let in after they are there, or the gateway would have no backend for a while. @default none are known */
    pods?: pulumi.Resource[];
}

/** What all ways in have in common. */
export interface IngressArgs {
    /** Application whose hosts they are: it lends its objects its name and namespace. @default none: named after the hosts */
    application?: {
        /** Its name. */
        name: string;
        /** Its namespace. */
        namespace: string;
    };
    /** Each host once. */
    hosts: HostIngress[];
    /** Ports that the ingress gateway's Service has. @default 80 and 443 */
    ports?: IngressPorts;
    /** Namespace of the ingress gateway and of the Secrets it reads. */
    gatewayNamespace: pulumi.Input<string>;
}

/** Hosts that are served alike, with how; those of plain HTTP have no `tls`. */
export function groupedByTls(hosts: HostIngress[]): { hosts: string[]; tls?: HostTls }[] {
    const groups = new Map<string, { hosts: string[]; tls?: HostTls }>();
    for (const { host, tls } of hosts) {
        const key = JSON.stringify(tls ?? null);
        const group = groups.get(key) ?? { hosts: [], tls };
        group.hosts.push(host);
        groups.set(key, group);
    }
    return [...groups.values()];
}

/** What has to be there before these hosts are opened. */
export function podsBehind(
    hosts: HostIngress[],
    isMeant: (each: AnsweredHost) => boolean = () => true,
): pulumi.Resource[] {
    return hosts.flatMap(({ behind }) => behind.filter(isMeant).flatMap(({ pods = [] }) => pods));
}

/** Hosts in an order that does not depend on the settings'; an application's own keep theirs. */
export function inOrder({ application, hosts }: Pick<IngressArgs, "application" | "hosts">): HostIngress[] {
    return application ? hosts : [...hosts].sort((one, other) => (one.host < other.host ? -1 : 1));
}

/** Room for an ending such as `-gateway` in names of 63 characters, beyond which Istio takes no Gateway. */
const MOST = 50;

/**
 * The name of objects for a host. It stays the same whatever services are behind the host, so they come and go in place.
 */
export function nameOfHost(host: string): string {
    const name = labelOfHost(host);
    const digest = createHash("sha256").update(host).digest("hex").slice(0, 8);
    return name.length <= MOST ? name : `${name.slice(0, MOST - 9)}-${digest}`;
}

/** A host without dots and asterisks, as one of a kind: a dash becomes two, and no label of a host has one at an end. */
export function labelOfHost(host: string): string {
    return host === "*" ? "any" : host.replaceAll("-", "--").replace(/^\*\./, "any---").replaceAll(".", "-");
}
