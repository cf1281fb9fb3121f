import type * as pulumi from "@pulumi/pulumi";

/** What of a gateway decides its address in a browser. */
export interface GatewayAddress {
    hosts: string[];
    ports: { http: number; https: number };
    /** Whether a host is served with HTTPS. */
    isEncrypted: (host: string) => boolean;
}

/**
 * The address of a page behind the gateway: at the first host that is a name, or at the load balancer's own address where
 * any host is answered. Absent where neither is possible: only `*.example.com`, say, or no load balancer.
 */
export function gatewayUrl(
    { hosts, ports, isEncrypted }: GatewayAddress,
    page: string,
    address: pulumi.Output<string | undefined> | undefined,
): string | pulumi.Output<string | undefined> | undefined {
    const at = (host: string, name: string) => {
        const encrypted = isEncrypted(host);
        const [scheme, port, usual] = encrypted
            ? (["https", ports.https, 443] as const)
            : (["http", ports.http, 80] as const);
        return `${scheme}://${name}${port === usual ? "" : `:${port}`}${page}`;
    };
    const named = hosts.find((host) => !host.includes("*"));
    if (named !== undefined) {
        return at(named, named);
    }
    return hosts.includes("*") ? address?.apply((name) => name && at("*", name)) : undefined;
}
