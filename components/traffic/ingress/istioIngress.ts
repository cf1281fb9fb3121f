import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { Gateway, VirtualService, type HTTPRoute, type Inputs, type Server } from "../../istio/api";
import { GATEWAY_SELECTOR } from "../../istio/gateways";
import { groupedByTls, ingressNames, type IngressArgs } from "./ingress";

export interface IstioIngressArgs extends Omit<IngressArgs, "gatewayNamespace"> {
    /** Routes of the requests that are let in, in order. Everything else is 404. */
    http: Inputs<HTTPRoute>[];
}

/**
 * Opens a service at the ingress gateway with Istio's own kinds.
 * Guide: "Running the Bookinfo Application", step 5; "Configuring Ingress using Istio Gateway".
 */
export class IstioIngress extends Component {
    constructor(name: string, args: IstioIngressArgs, opts: pulumi.ComponentResourceOptions) {
        super("traffic:IstioIngress", name, {
            ...opts,
            // Its name while only Bookinfo could be opened; state of that time stays valid.
            aliases: [{ type: "oke-mesh:traffic:BookinfoIngress" }],
        });

        const { service } = args;
        const { namespace } = service;
        const names = ingressNames(service);
        const gateway = new Gateway(
            `${name}-gateway`,
            {
                metadata: { name: names.gateway, namespace },
                spec: { selector: GATEWAY_SELECTOR, servers: servers(args) },
            },
            this.childOptions,
        );
        new VirtualService(
            `${name}-virtualservice`,
            {
                metadata: { name: names.routes, namespace },
                spec: { hosts: service.exposure.hosts, gateways: [names.gateway], http: args.http },
            },
            this.after(gateway),
        );
        this.registerOutputs({});
    }
}

/**
 * The server ports are those of the gateway's Service (80, 443). Istio's own sample has said 8080 since 2023, which
 * opens a listener nothing leads to where the Service maps 80 to 80.
 */
function servers(args: Omit<IstioIngressArgs, "http">): Inputs<Server>[] {
    const { http, https } = args.ports;
    return groupedByTls(args).flatMap(({ hosts, tls }, index): Inputs<Server>[] => {
        // A Gateway's port names are unique.
        const suffix = index === 0 ? "" : `-${index + 1}`;
        const plain = { port: { number: http, name: `http${suffix}`, protocol: "HTTP" }, hosts };
        return tls
            ? [
                  { ...plain, tls: { httpsRedirect: true } },
                  { port: { number: https, name: `https${suffix}`, protocol: "HTTPS" }, hosts, tls },
              ]
            : [plain];
    });
}
