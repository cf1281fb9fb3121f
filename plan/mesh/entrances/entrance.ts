import type { Listener as GatewayApiListener } from "../../../components/gatewayApi/specs";
import type { Server, ServicePort } from "../../../components/istio/api/specs";
import { list, text } from "../../words";

/** An object of any kind that lets requests into the mesh. */
export interface Entrance {
    id: string;
    name: string;
    /** What kind of object it is, as text. */
    kind: string;
    listeners: Listener[];
    /** URNs of the objects that make it. */
    urns: string[];
}

export interface Listener {
    /** Port, protocol and hosts, such as `443 HTTPS for bookinfo.example.com`. */
    words: string;
    /** Whether it redirects all requests to HTTPS. */
    redirects: boolean;
    targets: Target[];
    /** Secret with its certificate. */
    credential?: string;
}

export interface Target {
    /** Namespace and name of the Service. */
    service: string;
    port: string;
    /** Empty for all paths. */
    paths: string[];
}

/** A listener as text. `options` are what clients need. */
export function listenerWords(port: unknown, protocol: unknown, hosts: unknown, options: string[] = []): string {
    const parts = [port, protocol].filter((part) => part !== undefined).map(text);
    return [...parts, ...options, "for", list(hosts) || "no host"].join(" ");
}

const CLIENT_CERTIFICATES = "with client certificates";

/** One of Istio's servers as text, such as `80 HTTP for bookinfo.example.com`. */
export function serverWords({ port, hosts, tls }: Server): string {
    const options = [
        ...(tls?.mode === "MUTUAL" ? [CLIENT_CERTIFICATES] : []),
        ...(tls?.minProtocolVersion === "TLSV1_3" ? ["from TLS 1.3 on"] : []),
    ];
    return listenerWords(port.number, port.protocol, hosts, options);
}

/** A listener of the Gateway API as text. */
export function gatewayApiListenerWords({ port, protocol, hostname = "*", tls }: GatewayApiListener): string {
    const mutual = tls?.options?.["gateway.istio.io/tls-terminate-mode"] === "MUTUAL";
    return listenerWords(port, protocol, [hostname], mutual ? [CLIENT_CERTIFICATES] : []);
}

/** A path as text, with a star after a prefix. */
export function pathWord(path: unknown, isPrefix: boolean): string {
    return `${text(path)}${isPrefix ? "*" : ""}`;
}

/** Requests for a path as text, such as `GET /cart* with x-version`. */
export function requestWords(path: string, method: unknown, headers: string[]): string {
    const limits = headers.length > 0 ? [`with ${headers.join(" and ")}`] : [];
    return [...(method === undefined ? [] : [text(method)]), path, ...limits].join(" ");
}

/** A port of an external host, such as `80 HTTP` or `80 HTTP sent as TLS to 443`. */
export function externalPortWords({ number, protocol, targetPort }: ServicePort): string {
    const words = [number, protocol].filter((part) => part !== undefined).join(" ");
    return targetPort === undefined ? words : `${words} sent as TLS to ${targetPort}`;
}
