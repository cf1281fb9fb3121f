import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { Gateway, VirtualService, type Inputs, type Server } from "../../istio/api";
import { GATEWAY_SELECTOR, INGRESS_PORTS } from "../../istio/gateways";
import { gatewayRoutes } from "../gatewayRoutes";
import {
    groupedByTls,
    inOrder,
    nameOfHost,
    podsBehind,
    type HostIngress,
    type HostTls,
    type IngressArgs,
} from "./ingress";

/**
 * Opens hosts at the ingress gateway with Istio's own kinds. Istio merges the VirtualServices of a host in no defined order, so
 * each host has one for all services behind it.
 * Guide: "Running the Bookinfo Application", step 5; "Configuring Ingress using Istio Gateway".
 *
 * @example
 * ```ts
 * const exposure = { hosts: ["shop.example.com"], paths: [{ prefix: "/cart" }] };
 * new IstioIngress(
 *     "shop",
 *     {
 *         hosts: [{ host: "shop.example.com", behind: [{ service: { ...cart, exposure } }] }],
 *         gatewayNamespace: controlPlane.namespace,
 *     },
 *     { provider, dependsOn: controlPlane },
 * );
 * ```
 */
export class IstioIngress extends Component {
    constructor(name: string, args: IngressArgs, opts?: pulumi.ComponentResourceOptions) {
        super("traffic:IstioIngress", name, {
            ...opts,
            // Its name while only Bookinfo could be opened; state of that time stays valid.
            aliases: [{ type: "oke-mesh:traffic:BookinfoIngress" }],
        });

        const { application, gatewayNamespace } = args;
        const namespace = application?.namespace ?? gatewayNamespace;
        const gatewayName = `${application?.name ?? "services"}-gateway`;
        const gateway = new Gateway(
            `${name}-gateway`,
            {
                metadata: { name: gatewayName, namespace },
                spec: { selector: GATEWAY_SELECTOR, servers: servers(args) },
            },
            this.childOptions,
        );
        const route = (suffix: string, object: string, hosts: HostIngress[], ...before: pulumi.Resource[]) =>
            new VirtualService(
                `${name}-${suffix}`,
                {
                    metadata: { name: object, namespace },
                    spec: {
                        hosts: hosts.map(({ host }) => host),
                        gateways: [gatewayName],
                        http: gatewayRoutes(hosts[0]?.behind ?? [], application?.namespace),
                    },
                },
                this.after(gateway, ...podsBehind(hosts), ...before),
            );
        const { own, others } = application ? ofApplication(args.hosts) : { own: [], others: inOrder(args) };
        const before = others.map((each) => {
            const object = nameOfHost(each.host);
            return route(object, `${object}-ingress`, [each]);
        });
        if (application && own.length > 0) {
            // What it no longer has, others have before it lets go.
            route("virtualservice", application.name, own, ...before);
        }
        this.registerOutputs({});
    }
}

/**
 * The hosts whose routes are the application's object: all, if the same services are behind each, or those without any other
 * service. Each of the others has an object of its own.
 */
function ofApplication(hosts: HostIngress[]): { own: HostIngress[]; others: HostIngress[] } {
    const behind = ({ behind: services }: HostIngress) =>
        JSON.stringify(services.map(({ service }) => service.name).sort());
    const alike = new Set(hosts.map(behind)).size === 1;
    const isOwn = (each: HostIngress) => alike || each.behind.length === 1;
    return { own: hosts.filter(isOwn), others: hosts.filter((each) => !isOwn(each)) };
}

/**
 * The server ports are those of the gateway's Service (80, 443). Istio's own sample has said 8080 since 2023, which
 * opens a listener nothing leads to where the Service maps 80 to 80.
 *
 * Hosts with one certificate share a server: browsers use one connection for all of them (IST0138).
 */
function servers(args: IngressArgs): Inputs<Server>[] {
    const { http, https } = args.ports ?? INGRESS_PORTS;
    return groupedByTls(inOrder(args)).flatMap(({ hosts, tls }, index): Inputs<Server>[] => {
        // A Gateway's port names are unique.
        const suffix = args.application ? (index === 0 ? "" : `-${index + 1}`) : suffixOf(tls);
        const plain = { port: { number: http, name: `http${suffix}`, protocol: "HTTP" }, hosts };
        return tls
            ? [
                  { ...plain, tls: { httpsRedirect: true } },
                  { port: { number: https, name: `https${suffix}`, protocol: "HTTPS" }, hosts, tls },
              ]
            : [plain];
    });
}

/** By the certificate, so that a new one does not rename the ports of others. */
function suffixOf(tls: HostTls | undefined): string {
    return tls ? `-${nameOfHost(tls.credentialName)}${tls.mode === "MUTUAL" ? "-mutual" : ""}` : "";
}
