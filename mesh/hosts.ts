import { entryOf } from "../components/entry";
import { isExposed, type ExposedService } from "../components/mesh/meshService";
import type { HostTls } from "../components/traffic/ingress/ingress";
import type { Settings } from "../config/schema";
import type { CertificateSettings } from "../config/schema/gatewayTls";
import type { Service } from "./services";

/** A setting that names a host. */
export interface NamedHost {
    key: string;
    /** The setting of all hosts of the service or add-on that answers. */
    owner: string;
    /** Undefined for an add-on. */
    service?: Service;
}

/** A host that is open at the gateway: there is one entry for it, however many services are behind it. */
export interface OpenHost extends NamedHost {
    host: string;
    /** Every setting that names it, of which `key` and `owner` are the first. */
    named: NamedHost[];
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
export function openHosts({ gateway, addons }: Pick<Settings, "gateway" | "addons">, services: Service[]): OpenHost[] {
    const byHost = new Map<string, OpenHost>();
    const open = (host: string, names: NamedHost) => {
        const known = byHost.get(host) ?? { host, ...names, named: [], tls: tlsOf(gateway, host) };
        byHost.set(host, { ...known, named: [...known.named, names] });
    };
    for (const service of services) {
        const owner = service.from === "services" ? `services.${service.name}.expose.hosts` : "gateway.hosts";
        service.exposure?.hosts.forEach((host, index) => open(host, { key: `${owner}[${index}]`, owner, service }));
    }
    for (const [name, { enabled, host }] of Object.entries(addons)) {
        if (enabled && host !== undefined) {
            open(host, { key: `addons.${name}.host`, owner: `addons.${name}.host` });
        }
    }
    return [...byHost.values()];
}

/** The services behind a host, whatever the order of the settings. */
export function servicesBehind({ named }: OpenHost): (Service & ExposedService)[] {
    const byName = new Map(named.flatMap(({ service }) => (service ? [[service.name, service]] : [])));
    return [...byName.values()].filter(isExposed).sort((one, other) => (one.name < other.name ? -1 : 1));
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
