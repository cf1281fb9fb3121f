import { randomUUID, type X509Certificate } from "node:crypto";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import type { TLSSocket } from "node:tls";

/** A certificate with its key, PEM. */
export interface Pair {
    certificate: string;
    key: string;
}

export interface Asked {
    host: string;
    /** @default / */
    path?: string;
    /** @default GET */
    method?: string;
    headers?: Record<string, string>;
    /** @default none */
    body?: string;
    /** CA that is trusted, PEM; makes it HTTPS. */
    ca?: string;
    /** HTTPS with whatever certificate the server shows, which the caller judges. @default false */
    anyCertificate?: boolean;
    /** What the client shows. */
    client?: Pair;
    /** Seconds until it is given up. @default 10 */
    seconds?: number;
}

export interface Answer {
    /** 0 where no answer came. */
    status: number;
    body: string;
    headers: Record<string, string | string[] | undefined>;
    /** What the request carried as its user agent, which proxies log. */
    tag: string;
    /** From the request to the end of its answer. */
    seconds: number;
    /** Why no answer came. */
    error?: string;
    /** What the server showed. */
    certificate?: X509Certificate;
}

/** A user agent that tells a request from all others in the proxies' logs. */
export const newTag = () => `oke-mesh-verify/${randomUUID()}`;

/** A request as a client with its own name server would send it: to an address, by host, over TLS if there is a CA. */
export async function askHost(at: { hostname: string; port: number }, asked: Asked): Promise<Answer> {
    const {
        host,
        path = "/",
        method = "GET",
        headers = {},
        body,
        ca,
        anyCertificate = false,
        client,
        seconds = 10,
    } = asked;
    const encrypted = ca !== undefined || anyCertificate;
    const started = performance.now();
    const taken = () => (performance.now() - started) / 1000;
    const tag = newTag();
    const sentHeaders = { "user-agent": tag, ...headers, host };
    const common = { ...at, path, method, headers: sentHeaders, agent: false as const };
    const { certificate: cert, key } = client ?? {};
    const sent = encrypted
        ? httpsRequest({
              ...common,
              ca,
              cert,
              key,
              servername: isIP(host) ? "" : host,
              rejectUnauthorized: !anyCertificate,
          })
        : httpRequest(common);
    return new Promise((resolve) => {
        const give = (error: string) => resolve({ status: 0, body: "", headers: {}, tag, seconds: taken(), error });
        const limit = setTimeout(() => sent.destroy(new Error(`no answer within ${seconds} s`)), seconds * 1000);
        sent.on("close", () => clearTimeout(limit));
        sent.on("error", (error: NodeJS.ErrnoException) => give(error.code ?? error.message));
        sent.on("response", (response) => {
            const certificate = encrypted ? (response.socket as TLSSocket).getPeerX509Certificate() : undefined;
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("error", (error: Error) => give(error.message));
            response.on("end", () =>
                resolve({
                    status: response.statusCode ?? 0,
                    body: Buffer.concat(chunks).toString(),
                    headers: response.headers,
                    tag,
                    seconds: taken(),
                    certificate,
                }),
            );
        });
        sent.end(body);
    });
}
