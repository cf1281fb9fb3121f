import type { WithDefaults } from "../../defaults";
import type { ServiceEntrySpec } from "../../istio/api";
import type { Retries } from "../serviceTraffic";

/** Hosts outside the cluster that workloads may call. */
export interface ExternalService {
    /** Name of its objects. */
    name: string;
    /** DNS names; `*.example.com` is any below it. */
    hosts: string[];
    /** Ports that workloads may call. @default 443 with HTTPS */
    ports?: ExternalPort[];
    /** How long a caller waits for an answer, such as `3s`; plain HTTP only. @default no limit */
    timeout?: string;
    /** Further tries, plain HTTP only. @default Istio's: two more tries after failures that are safe to repeat */
    retries?: Retries;
    /**
     * Workloads speak plain HTTP at the HTTP port, where proxies see requests and can retry them; what leaves is TLS to
     * 443, with the certificate checked. @default false
     */
    originateTls?: boolean;
    /** Who talks to the outside: each workload's sidecar, or the egress gateway for all. @default "sidecar" */
    via?: "sidecar" | "gateway";
}

/** External services without further arguments. */
export const EXTERNAL_SERVICE_DEFAULTS = {
    ports: [{ port: 443, protocol: "HTTPS" }],
    originateTls: false,
    via: "sidecar",
} satisfies Partial<ExternalService>;

/** An external service, complete. */
export type ResolvedExternalService = WithDefaults<ExternalService, typeof EXTERNAL_SERVICE_DEFAULTS>;

/** A port of hosts outside. */
export interface ExternalPort {
    /** Its number. */
    port: number;
    /** What workloads speak there. `HTTPS` and `TCP` pass unread. */
    protocol: "HTTP" | "GRPC" | "HTTPS" | "TCP";
}

export const TLS_PORT = 443;

/** Whether proxies understand what is spoken at a port, and can route it by request. */
export function speaksHttp({ protocol }: ExternalPort): boolean {
    return protocol === "HTTP" || protocol === "GRPC";
}

/**
 * The hosts as an entry of the mesh's registry. Requests that leave as TLS keep the port they are made to and only go to
 * another one, so that what is TLS already can pass at 443 beside them.
 */
export function serviceEntry({ hosts, ports, originateTls }: ResolvedExternalService): ServiceEntrySpec {
    return {
        hosts,
        location: "MESH_EXTERNAL",
        // Nobody can look up all names below one.
        resolution: hosts.some((host) => host.startsWith("*")) ? "NONE" : "DNS",
        ports: ports.map((each) => ({
            number: each.port,
            name: portName(ports, each),
            protocol: each.protocol,
            ...(originateTls && speaksHttp(each) && { targetPort: TLS_PORT }),
        })),
    };
}

/** The protocol, with the number where two ports speak it. */
function portName(ports: ExternalPort[], { port, protocol }: ExternalPort): string {
    const name = protocol.toLowerCase();
    return ports.filter((each) => each.protocol === protocol).length > 1 ? `${name}-${port}` : name;
}
