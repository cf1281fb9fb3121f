import { at } from "../../model";
import { list, text } from "../../words";

/** An object that lets requests into the mesh, whatever its kind. */
export interface WayIn {
    id: string;
    name: string;
    listeners: Listener[];
}

export interface Listener {
    /** Port, protocol and hosts, such as `443 HTTPS for bookinfo.example.com`. */
    words: string;
    /** Whether it sends everybody to HTTPS instead of a service. */
    redirects: boolean;
    leads: Lead[];
    /** Secret with the certificate it shows. */
    credential?: string;
}

export interface Lead {
    /** Namespace and name of the Service. */
    service: string;
    port: string;
    /** Empty if all lead there. */
    paths: string[];
}

/** A listener in words. `options` are what clients have to bring. */
export function listenerWords(port: unknown, protocol: unknown, hosts: unknown, options: string[] = []): string {
    const parts = [port, protocol].filter((part) => part !== undefined).map(text);
    return [...parts, ...options, "for", list(hosts) || "no host"].join(" ");
}

export const CLIENT_CERTIFICATES = "with client certificates";

/** Words for one of Istio's servers, such as `80 HTTP for bookinfo.example.com`. */
export function serverWords(server: unknown): string {
    const options = [
        ...(at(server, "tls", "mode") === "MUTUAL" ? [CLIENT_CERTIFICATES] : []),
        ...(at(server, "tls", "minProtocolVersion") === "TLSV1_3" ? ["from TLS 1.3 on"] : []),
    ];
    return listenerWords(at(server, "port", "number"), at(server, "port", "protocol"), at(server, "hosts"), options);
}

/** Words for one listener of the Gateway API. */
export function gatewayApiListenerWords(listener: unknown): string {
    const mutual = at(listener, "tls", "options", "gateway.istio.io/tls-terminate-mode") === "MUTUAL";
    const hosts = [at(listener, "hostname") ?? "*"];
    const options = mutual ? [CLIENT_CERTIFICATES] : [];
    return listenerWords(at(listener, "port"), at(listener, "protocol"), hosts, options);
}

/** A path as it is, a prefix with a star. */
export function pathWord(path: unknown, isPrefix: boolean): string {
    return `${text(path)}${isPrefix ? "*" : ""}`;
}

/** A port of a host outside, such as `80 HTTP` or `80 HTTP, as TLS to 443`. */
export function externalPortWords(port: unknown): string {
    const target = at(port, "targetPort");
    const words = list([at(port, "number"), at(port, "protocol")]).replace(", ", " ");
    return target === undefined ? words : `${words} leaving as TLS to ${list(target)}`;
}
