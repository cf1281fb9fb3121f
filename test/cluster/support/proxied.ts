import { connect } from "node:net";
import type { Gateway } from "./gateway";

export interface ProxiedAnswer {
    /** 0 where the connection was closed without an answer. */
    status: number;
    /** Head and body as they came. */
    text: string;
}

interface Asked {
    host: string;
    path: string;
    /** @default GET */
    method?: string;
    headers?: Record<string, string>;
}

/**
 * A request as a load balancer passes it on: with a PROXY header (version 1) that names the client. Without a client, there
 * is no such header.
 */
export async function requestFrom(
    gateway: Gateway,
    client: string | undefined,
    { host, path, method = "GET", headers = {} }: Asked,
): Promise<ProxiedAnswer> {
    const { hostname, port } = await gateway.at(80);
    const lines = Object.entries({ host, connection: "close", ...headers }).map(([name, value]) => `${name}: ${value}`);
    const proxy = client === undefined ? "" : `PROXY TCP4 ${client} 192.0.2.1 4711 80\r\n`;
    return new Promise((resolve) => {
        let text = "";
        const socket = connect(port, hostname);
        const answered = () => resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text });
        socket.setTimeout(20_000, () => socket.destroy());
        socket.on("data", (chunk) => (text += chunk.toString()));
        socket.on("close", answered);
        socket.on("error", () => undefined);
        socket.write(`${proxy}${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    });
}
