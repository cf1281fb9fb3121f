import * as pulumi from "@pulumi/pulumi";
import { Gateway, VirtualService } from "../istio/api";
import { GATEWAY_SELECTOR } from "../istio/gateways";
import type { HostTls } from "../traffic/ingress/ingress";

/** Where browsers reach an add-on through the ingress gateway: over HTTPS only. */
export interface AddonIngress {
    /** Host name, without wildcard. */
    host: string;
    /** Port for HTTPS, one that the ingress gateway's Service has. */
    port: number;
    tls: HostTls;
}

/** The address to open in a browser. */
export function addonUrl({ host, port }: Pick<AddonIngress, "host" | "port">, path = "/"): string {
    return `https://${host}${port === 443 ? "" : `:${port}`}${path}`;
}

/** Opens an add-on at the ingress gateway. It has no server for plain HTTP, so no password goes over that. */
export function addonIngress(
    name: string,
    args: AddonIngress & { namespace: pulumi.Input<string>; destination: { service: string; port: number } },
    opts: pulumi.CustomResourceOptions,
): void {
    const { namespace, host, destination } = args;
    const { service, port } = destination;
    const metadata = { name: service, namespace };
    const server = {
        port: { number: args.port, name: `https-${service}`, protocol: "HTTPS" },
        hosts: [host],
        tls: args.tls,
    };
    const gateway = new Gateway(
        `${name}-gateway`,
        { metadata, spec: { selector: GATEWAY_SELECTOR, servers: [server] } },
        opts,
    );
    const route = [{ destination: { host: service, port: { number: port } } }];
    new VirtualService(
        `${name}-virtualservice`,
        { metadata, spec: { hosts: [host], gateways: [service], http: [{ route }] } },
        pulumi.mergeOptions(opts, { dependsOn: gateway }),
    );
}
