import { textOf } from "../components/mesh/meshService";
import type { TlsOfHost } from "../mesh/hosts";
import type { Mesh } from "../mesh/mesh";
import type { Service } from "../mesh/services";
import type { Subject } from "./check";
import type { Answer, Asked } from "./http";

/** Nobody has a host like this. */
export const NOBODY = "oke-mesh-verify.invalid";

/** Something of the settings that answers at a host of the gateway. */
export interface Opened {
    name: string;
    host: string;
    path: string;
    tls?: TlsOfHost;
    /** Undefined for an add-on. */
    service?: Service;
}

/** Exposed services at each of their hosts, then add-ons, which answer at all paths of theirs. */
export function openedBy({ services, hosts }: Pick<Mesh, "services" | "hosts">): Opened[] {
    const tlsAt = (host: string) => hosts.find((each) => each.host === host)?.tls;
    const exposed = services.flatMap((service) => {
        const { name, exposure, protocol } = service;
        const path = textOf(exposure?.paths[0] ?? { prefix: "/" });
        const open = protocol === "tcp" ? [] : (exposure?.hosts ?? []);
        return open.map((host) => ({ name, host, path, tls: tlsAt(host), service }));
    });
    const addons = hosts.flatMap(({ owner, host, tls }) => {
        const [, name] = /^addons\.(\w+)\.host$/.exec(owner) ?? [];
        return name === undefined ? [] : [{ name, host, path: "/", tls }];
    });
    return [...exposed, ...addons];
}

/** A host that requests can be for, where any, or any of a domain, is exposed. */
export const concrete = (host: string) => (host === "*" ? NOBODY : host.replace(/^\*/, "any"));

/** Whether only clients with a certificate of their own are answered. */
export const needsCertificate = ({ tls }: Pick<Opened, "tls">) => tls?.served.mode === "MUTUAL";

/** Whether this client has no certificate, and nothing is answered without one. */
export const refusesUs = (opened: Pick<Opened, "tls">, { client }: Pick<Subject, "client">) =>
    needsCertificate(opened) && client === undefined;

/** Why a check is skipped where that is so. */
export const WITHOUT_CERTIFICATE = "answers clients with a certificate alone: --client-cert and --client-key";

/** Sends a request to what is open, over TLS where it is served so, with whatever certificate the gateway shows. */
export function askAt(
    { host, tls, path }: Opened,
    { gateway, settings, client }: Pick<Subject, "gateway" | "settings" | "client">,
    asked: Partial<Asked> = {},
): Promise<Answer> {
    const { http, https } = settings.gateway.ports;
    const encrypted = tls && { anyCertificate: true, ...(needsCertificate({ tls }) && { client }) };
    return gateway.ask(tls ? https : http, { host: concrete(host), path, ...encrypted, ...asked });
}

/** Whether a service itself answered, or the gateway for it. */
export const fromService = ({ headers }: Pick<Answer, "headers">) =>
    headers["x-envoy-upstream-service-time"] !== undefined;
