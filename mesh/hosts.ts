import { entryOf } from "../components/entry";
import type { HostTls } from "../components/traffic/ingress/ingress";
import type { Settings } from "../config/schema";
import type { CertificateSettings } from "../config/schema/gatewayTls";

/** A host that is open at the gateway. */
export interface OpenHost {
    host: string;
    /** The setting that names it. */
    key: string;
    /** The setting of all hosts of the service or add-on that answers. */
    owner: string;
    /** How it is encrypted; undefined for plain HTTP. */
    tls?: TlsOfHost;
}

export interface TlsOfHost {
    /** How the gateway encrypts. */
    served: HostTls;
    /** Undefined where the settings name none, which their rules refuse. */
    certificate?: CertificateSettings;
}

/** Every host that is open at the gateway: of Bookinfo, of the user's own services and of add-ons. */
export function openHosts({
    gateway,
    bookinfo,
    services,
    addons,
}: Pick<Settings, "gateway" | "bookinfo" | "services" | "addons">): OpenHost[] {
    const open = (host: string, key: string, owner: string) => ({ host, key, owner, tls: tlsOf(gateway, host) });
    const listed = (owner: string, hosts: string[] = []) =>
        hosts.map((host, index) => open(host, `${owner}[${index}]`, owner));
    return [
        ...(bookinfo.enabled ? listed("gateway.hosts", gateway.hosts) : []),
        ...Object.entries(services).flatMap(([name, { expose }]) =>
            listed(`services.${name}.expose.hosts`, expose?.hosts),
        ),
        ...Object.entries(addons).flatMap(([name, { enabled, host }]) => {
            const key = `addons.${name}.host`;
            return enabled && host !== undefined ? [open(host, key, key)] : [];
        }),
    ];
}

function tlsOf({ tls }: Settings["gateway"], host: string): TlsOfHost | undefined {
    const own = tls && entryOf(tls.hosts, host);
    const mode = own?.mode ?? tls?.mode ?? "off";
    if (tls === undefined || mode === "off") {
        return undefined;
    }
    const certificate = own?.certificate ?? tls.certificate;
    // Clients' CAs stand in the Secret, so hosts of different modes have one each.
    const shared = own?.certificate === undefined && (own?.mode === undefined || own.mode === tls.mode);
    const made = shared ? "gateway-tls" : `gateway-tls-${host.replace("*", "any")}`;
    return {
        served: {
            mode: mode === "mutual" ? "MUTUAL" : "SIMPLE",
            credentialName: certificate?.source === "existing" ? certificate.secretName : made,
            minProtocolVersion: tls.minimumVersion,
        },
        certificate,
    };
}
