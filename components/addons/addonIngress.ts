import type { Release } from "@pulumi/kubernetes/helm/v3";
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
    /** How the gateway encrypts it. */
    tls: HostTls;
    /** What has to be there before the host is opened, such as its certificate. @default nothing but the add-on */
    dependsOn?: pulumi.Resource[];
}

/** The address to open in a browser. */
export function addonUrl({ host, port }: Pick<AddonIngress, "host" | "port">, path = "/"): string {
    return `https://${host}${port === 443 ? "" : `:${port}`}${path}`;
}

/** Opens an add-on at the ingress gateway, once its release answers. It has no server for plain HTTP, so no password goes over that. */
export function addonIngress(
    name: string,
    args: AddonIngress & { namespace: pulumi.Input<string>; destination: { service: string; port: number } },
    release: Release,
    opts: pulumi.CustomResourceOptions,
): void {
    const { namespace, host, destination, dependsOn = [] } = args;
    const answering = pulumi.mergeOptions(opts, { dependsOn: [release, ...dependsOn] });
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
        answering,
    );
    const route = [{ destination: { host: service, port: { number: port } } }];
    new VirtualService(
        `${name}-virtualservice`,
        { metadata, spec: { hosts: [host], gateways: [service], http: [{ route }] } },
        pulumi.mergeOptions(answering, { dependsOn: gateway }),
    );
}
