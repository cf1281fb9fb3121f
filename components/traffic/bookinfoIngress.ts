import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { Gateway, VirtualService, type Inputs, type Server } from "../istio/api";
import { GATEWAY_SELECTOR } from "../istio/ingressGateway";
import type { MeshService } from "../mesh/meshService";
import { bookinfoMeshServices } from "../workloads/bookinfoServices";
import { gatewayRoutes } from "./httpRoutes";
import type { ServiceTraffic } from "./serviceTraffic";

export interface BookinfoIngressArgs {
    /** Namespace of Bookinfo. */
    namespace: pulumi.Input<string>;
    /** How requests to productpage are treated. @default Kubernetes' own way */
    traffic?: ServiceTraffic;
    /** Host names that are answered; `*` is any. */
    hosts: string[];
    /** Port for HTTP, one that the ingress gateway's Service has. */
    httpPort: number;
    /** Serve HTTPS as well and redirect HTTP to it. */
    https?: {
        /** Port for HTTPS, one that the ingress gateway's Service has. */
        port: number;
        /** Secret of type kubernetes.io/tls in the gateway's namespace. */
        credentialName: string;
    };
}

/**
 * Opens Bookinfo's productpage at the ingress gateway.
 * Guide: "Running the Bookinfo Application", step 5.
 */
export class BookinfoIngress extends Component {
    constructor(name: string, args: BookinfoIngressArgs, opts: pulumi.ComponentResourceOptions) {
        super("traffic:BookinfoIngress", name, opts);

        const gateway = new Gateway(
            `${name}-gateway`,
            {
                metadata: { name: "bookinfo-gateway", namespace: args.namespace },
                spec: { selector: GATEWAY_SELECTOR, servers: servers(args) },
            },
            this.childOptions,
        );
        new VirtualService(
            `${name}-virtualservice`,
            {
                metadata: { name: "bookinfo", namespace: args.namespace },
                spec: {
                    hosts: args.hosts,
                    gateways: ["bookinfo-gateway"],
                    http: gatewayRoutes(productpage(args.hosts), args.traffic),
                },
            },
            this.after(gateway),
        );
        this.registerOutputs({});
    }
}

function productpage(hosts: string[]): MeshService {
    const service = bookinfoMeshServices("bookinfo", hosts).find(({ exposure }) => exposure);
    if (!service) {
        throw new Error("no service of Bookinfo is open to the outside");
    }
    return service;
}

/**
 * The server ports are those of the gateway's Service (80, 443). Istio's own sample has said 8080 since 2023, which
 * opens a listener nothing leads to where the Service maps 80 to 80.
 */
function servers({ hosts, httpPort, https }: BookinfoIngressArgs): Inputs<Server>[] {
    const http = { port: { number: httpPort, name: "http", protocol: "HTTP" }, hosts };
    if (!https) {
        return [http];
    }
    return [
        { ...http, tls: { httpsRedirect: true } },
        {
            port: { number: https.port, name: "https", protocol: "HTTPS" },
            hosts,
            tls: { mode: "SIMPLE", credentialName: https.credentialName, minProtocolVersion: "TLSV1_2" },
        },
    ];
}
