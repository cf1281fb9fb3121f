import { isIPv4 } from "node:net";
import { entryOf } from "../components/entry";
import { GATEWAY_SELECTOR, GATEWAY_SERVICE_ACCOUNT } from "../components/istio/gateways";
import { ISTIO_NAMESPACE } from "../components/istio/versions";
import type { ResolvedExternalService } from "../components/traffic/egress/externalService";
import type { BehindHost } from "../components/traffic/openings";
import type { ServiceTraffic } from "../components/traffic/serviceTraffic";
import { BOOKINFO_CALLS } from "../components/workloads/bookinfoServices";
import type { Settings } from "../config/schema";
import { openHosts, servicesBehind, type OpenHost } from "./hosts";
import { effectiveTraffic } from "./scenarios";
import { clientsOf, servicesOf, type ClientsPlace, type Service } from "./services";

/** The sections of the settings that say what the mesh is. */
const MESH_SECTIONS = [
    "bookinfo",
    "clients",
    "namespaces",
    "services",
    "gateway",
    "addons",
    "traffic",
    "egress",
    "security",
] as const satisfies (keyof Settings)[];

export type MeshSettings = Pick<Settings, (typeof MESH_SECTIONS)[number]>;

/** Whether all of the sections are there that say what the mesh is. */
export function saysMesh<Sections extends Partial<Settings>>(settings: Sections): settings is Sections & MeshSettings {
    return MESH_SECTIONS.every((section) => settings[section] !== undefined);
}

/** What the settings come to, for rules that look across sections and for everything that is made. */
export interface Mesh {
    /** Every service that routes and policies may name. */
    services: Service[];
    /** The guide's clients; undefined without any. */
    clients?: ClientsPlace;
    /** Namespaces whose pods have sidecars. */
    namespaces: string[];
    /** Hosts that are open at the gateway, each once. */
    hosts: OpenHost[];
    gateway: {
        /** Identity and place of its pods. */
        namespace: string;
        serviceAccount: string;
        selector: Record<string, string>;
        /** Open ports: of the load balancer, of its Service and of Istio Gateways alike. HTTPS if any host is encrypted, or if TLS is on without any host. */
        ports: { name: "http2" | "https"; port: number }[];
    };
    /** How requests to each service are treated, by its name: the scenario's part and what is set beside it. */
    traffic: Record<string, ServiceTraffic>;
    /** The services that each service calls. What the settings say of a service replaces what is known of it. */
    calls: Record<string, string[]>;
    /** Hosts outside that the mesh knows. */
    external: ResolvedExternalService[];
}

/** Resolves settings, once for all who need to know. */
export function resolveMesh(settings: MeshSettings): Mesh {
    const { bookinfo, namespaces, gateway, traffic, egress, security } = settings;
    const clients = clientsOf(settings);
    const services = servicesOf(settings, clients);
    const hosts = openHosts(settings, services);
    const { http, https } = gateway.ports;
    // A gateway without hosts of its own serves those of other stacks.
    const encrypted = hosts.length > 0 ? hosts.some(({ tls }) => tls) : (gateway.tls?.mode ?? "off") !== "off";
    return {
        services,
        clients,
        namespaces: [
            ...new Set([
                ...(bookinfo.enabled ? [bookinfo.namespace] : []),
                ...Object.keys(namespaces),
                ...(clients && clients.workloads.length > 0 ? [clients.namespace] : []),
            ]),
        ],
        hosts,
        gateway: {
            namespace: ISTIO_NAMESPACE,
            serviceAccount: GATEWAY_SERVICE_ACCOUNT,
            selector: GATEWAY_SELECTOR,
            ports: [{ name: "http2", port: http }, ...(encrypted ? [{ name: "https" as const, port: https }] : [])],
        },
        traffic: effectiveTraffic(traffic),
        calls: { ...(bookinfo.enabled ? BOOKINFO_CALLS : {}), ...security.authorization.calls },
        external: Object.entries(egress.services).map(([name, service]) => ({ name, ...service })),
    };
}

/** A service by its name, for names that the settings' rules have found among the mesh's. */
export function serviceNamed({ services }: Pick<Mesh, "services">, name: string): Service {
    const found = services.find((service) => service.name === name);
    if (!found) {
        throw new Error(`${name} is no service of the mesh`);
    }
    return found;
}

/** The services behind a host and how requests to them are treated. */
export function behind({ traffic }: Pick<Mesh, "traffic">, host: OpenHost): BehindHost[] {
    return servicesBehind(host).map((service) => ({ service, traffic: entryOf(traffic, service.name) }));
}

/** The hosts that DNS can have a record of: any host is no name, and an address needs none. */
export function recordedHosts({ hosts }: Mesh): string[] {
    return hosts.map(({ host }) => host).filter((host) => host !== "*" && !isIPv4(host));
}

/** Whether anything is served with HTTPS. */
export function servesHttps({ hosts }: Mesh): boolean {
    return hosts.some(({ tls }) => tls !== undefined);
}
