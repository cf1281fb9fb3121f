import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { withDefaults } from "../defaults";
import type { Resources } from "../resources";
import { istioRelease } from "./chart";
import { EGRESS_GATEWAY_DEFAULTS, gatewayDeployment, type GatewayDeploymentArgs } from "./gatewayDeployment";
import type { GatewayValues } from "./values";
import { EGRESS_SELECTOR, EGRESS_SERVICE } from "./gateways";

/** Arguments of an `EgressGateway`. */
export interface EgressGatewayArgs extends GatewayDeploymentArgs {
    /** Ports at which sidecars speak to it, such as 443. */
    ports: number[];
    /** Requests and limits of the proxy. @default 50m CPU and 128Mi of memory requested, at most 2 CPUs and 1Gi */
    resources?: Resources;
}

/**
 * The proxies through which chosen traffic leaves the mesh: one place with one set of addresses, to watch and to let
 * through a firewall. By itself it does not prevent bypassing: a NetworkPolicy or the nodes' network does.
 * https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway/
 *
 * @example
 * ```ts
 * new EgressGateway("egress", { namespace: controlPlane.namespace, ports: [443] }, { provider, dependsOn: controlPlane });
 * ```
 */
export class EgressGateway extends Component {
    constructor(name: string, given: EgressGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
        super("istio:EgressGateway", name, opts);

        const args = withDefaults(given, EGRESS_GATEWAY_DEFAULTS);
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
