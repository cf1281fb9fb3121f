import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { istioRelease } from "./chart";
import { gatewayDeployment, type GatewayDeploymentArgs } from "./gatewayDeployment";
import type { GatewayValues } from "./values";
import { EGRESS_SELECTOR, EGRESS_SERVICE } from "./gateways";

export interface EgressGatewayArgs extends GatewayDeploymentArgs {
    /** Ports at which sidecars speak to it. */
    ports: number[];
}

/**
 * The proxies through which chosen traffic leaves the mesh: one place with one set of addresses, to watch and to let
 * through a firewall. By itself it does not prevent bypassing: a NetworkPolicy or the nodes' network does.
 * https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway/
 */
export class EgressGateway extends Component {
    constructor(name: string, args: EgressGatewayArgs, opts: pulumi.ComponentResourceOptions) {
        super("istio:EgressGateway", name, opts);

        istioRelease<GatewayValues>(
            `${name}-release`,
            {
                chart: "gateway",
                version: args.version,
                repository: args.chartRepository,
                releaseName: EGRESS_SERVICE,
                namespace: args.namespace,
                values: {
                    ...gatewayDeployment(args, { app: EGRESS_SERVICE, ...EGRESS_SELECTOR }),
                    service: {
                        type: "ClusterIP",
                        ports: args.ports.map((port) => ({
                            name: `tls-${port}`,
                            port,
                            protocol: "TCP",
                            targetPort: port,
                        })),
                    },
                },
                extraValues: args.extraValues,
            },
            this.childOptions,
        );
        this.registerOutputs({});
    }
}
