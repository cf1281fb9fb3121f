import { entryOf } from "../components/entry";
import type { Settings } from "./schema";
import type { CertificateSettings } from "./schema/gatewayTls";

/** How one host is encrypted. */
export interface TlsOfHost {
    mode: "simple" | "mutual";
    /** Undefined where the settings name none, which their rules refuse. */
    certificate?: CertificateSettings;
    /** Secret of the gateway that holds it. */
    credentialName: string;
}

export type HostSettings = Pick<Settings, "gateway" | "bookinfo" | "services" | "addons">;

/** Every host that is open at the gateway, with the setting it comes from. */
export function openHosts({ gateway, bookinfo, services, addons }: HostSettings): { host: string; key: string }[] {
    const own = Object.entries(services).flatMap(([name, { expose }]) =>
        (expose?.hosts ?? []).map((host, index) => ({ host, key: `services.${name}.expose.hosts[${index}]` })),
    );
    const bookinfos = gateway.hosts.map((host, index) => ({ host, key: `gateway.hosts[${index}]` }));
    const dashboards = Object.entries(addons).flatMap(([name, { enabled, host }]) =>
        enabled && host !== undefined ? [{ host, key: `addons.${name}.host` }] : [],
    );
    return [...(bookinfo.enabled ? bookinfos : []), ...own, ...dashboards];
}

/** How a host is encrypted; undefined for plain HTTP. */
export function tlsOf({ tls }: Settings["gateway"], host: string): TlsOfHost | undefined {
    const own = tls && entryOf(tls.hosts, host);
    const mode = own?.mode ?? tls?.mode ?? "off";
    if (mode === "off") {
        return undefined;
    }
    const certificate = own?.certificate ?? tls?.certificate;
    if (certificate?.source === "existing") {
        return { mode, certificate, credentialName: certificate.secretName };
    }
    // Clients' CAs stand in the Secret, so hosts of different modes have one each.
    const shared = own?.certificate === undefined && (own?.mode === undefined || own.mode === tls?.mode);
    return { mode, certificate, credentialName: shared ? "gateway-tls" : `gateway-tls-${secretPart(host)}` };
}

/** Whether anything is served with HTTPS. */
export function servesHttps(settings: HostSettings): boolean {
    return openHosts(settings).some(({ host }) => tlsOf(settings.gateway, host) !== undefined);
}

/** The sections that say which hosts are open; undefined unless each is valid by itself. */
export function hostSettings({ gateway, bookinfo, services, addons }: Partial<Settings>): HostSettings | undefined {
    return gateway && bookinfo && services && addons ? { gateway, bookinfo, services, addons } : undefined;
}

/** A host as part of a Secret's name. */
function secretPart(host: string): string {
    return host.replace("*", "any");
}
