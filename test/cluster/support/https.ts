import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { TLSSocket } from "node:tls";
import type { Pair } from "../../support/certificates";
import type { Reached } from "./gateway";

export interface Answer {
    /** 0 where no answer came. */
    status: number;
    body: string;
    headers: Record<string, string | string[] | undefined>;
    /** Why no answer came. */
    error?: string;
    /** Serial number of the certificate that the server showed. */
    serialNumber?: string;
}

export interface Asked {
    host: string;
    path?: string;
    /** @default GET */
    method?: string;
    /** Besides the host. */
    headers?: Record<string, string>;
    /** CA that is trusted; makes it HTTPS. */
    ca?: string;
    /** What the client shows. */
    client?: Pair;
    /** Name in the handshake. @default the host */
    servername?: string;
}

/** A request to the gateway as a client with its own name server would send it: by host, over TLS if there is a CA. */
export async function askHost(
    gateway: Reached,
    { host, path = "/productpage", method = "GET", headers, ca, client, servername }: Asked,
): Promise<Answer> {
    const common = {
        ...(await gateway.at(ca ? 443 : 80)),
        path,
        method,
        headers: { ...headers, host },
        agent: false as const,
        timeout: 10_000,
    };
    const sent = ca
        ? httpsRequest({
              ...common,
              ca,
              cert: client?.certificate,
              key: client?.key,
              servername: servername ?? host,
          })
        : httpRequest(common);
    return new Promise((resolve) => {
        sent.on("response", (response) => {
            const { serialNumber } = ca ? (response.socket as TLSSocket).getPeerCertificate() : {};
            let body = "";
            response.on("data", (chunk: Buffer) => (body += chunk.toString()));
            response.on("end", () =>
                resolve({ status: response.statusCode ?? 0, body, headers: response.headers, serialNumber }),
            );
        });
        sent.on("error", (error: NodeJS.ErrnoException) =>
            resolve({ status: 0, body: "", headers: {}, error: error.code ?? error.message }),
        );
        sent.on("timeout", () => sent.destroy(new Error("timeout")));
        sent.end();
    });
}
