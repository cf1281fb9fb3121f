import type { ServiceEntrySpec } from "../../istio/api";
import type { Retries } from "../serviceTraffic";

/** Hosts outside the cluster that workloads may call. */
export interface ExternalService {
    /** Name of its objects. */
    name: string;
    /** DNS names; `*.example.com` is any below it. */
    hosts: string[];
    ports: ExternalPort[];
    /** How long a caller waits for an answer; plain HTTP only. @default no limit */
    timeout?: string;
    /** Plain HTTP only. @default Istio's: two more tries after failures that are safe to repeat */
    retries?: Retries;
    /**
     * Workloads speak plain HTTP at the HTTP port, where proxies see requests and can retry them; what leaves is TLS to
     * 443, with the certificate checked. @default false
     */
    originateTls?: boolean;
    /** Who talks to the outside: each workload's sidecar, or the egress gateway for all. */
    via: "sidecar" | "gateway";
}

export interface ExternalPort {
    port: number;
    protocol: "HTTP" | "GRPC" | "HTTPS" | "TCP";
}

export const TLS_PORT = 443;

/** Whether proxies understand what is spoken at a port, and can route it by request. */
export function speaksHttp({ protocol }: ExternalPort): boolean {
    return protocol === "HTTP" || protocol === "GRPC";
}

/** The hosts as an entry of the mesh's registry. */
export function serviceEntry({ hosts, ports, originateTls, via }: ExternalService): ServiceEntrySpec {
    const anyHost = hosts.some((host) => host.startsWith("*"));
    const listed = ports.map(({ port, protocol }) => ({
        number: port,
        name: portName(ports, { port, protocol }),
        protocol,
        ...(originateTls && via === "sidecar" && speaksHttp({ port, protocol }) && { targetPort: TLS_PORT }),
    }));
    // The gateway gets requests at the port that workloads use, and asks at this one.
    const beyond = { number: TLS_PORT, name: "https", protocol: "HTTPS" };
    const needsBeyond = originateTls && via === "gateway" && !ports.some(({ port }) => port === TLS_PORT);
    return {
        hosts,
        location: "MESH_EXTERNAL",
        // Nobody can look up all names below one.
        resolution: anyHost ? "NONE" : "DNS",
        ports: [...listed, ...(needsBeyond ? [beyond] : [])],
    };
}

/** The protocol, with the number where two ports speak it. */
function portName(ports: ExternalPort[], { port, protocol }: ExternalPort): string {
    const name = protocol.toLowerCase();
    return ports.filter((each) => each.protocol === protocol).length > 1 ? `${name}-${port}` : name;
}
