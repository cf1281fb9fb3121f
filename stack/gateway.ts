import type * as pulumi from "@pulumi/pulumi";
import type { IngressGatewayArgs } from "../components/istio/ingressGateway";
import type { OkeNetwork } from "../components/oci/okeNetwork";
import type { Settings } from "../config/schema";
import { LOAD_BALANCER_DEFAULTS, type GatewaySettings } from "../config/schema/gateway";
import { ociTags } from "./tags";

/** The ports that are open: of the load balancer, of the gateway's Service and of Istio Gateways alike. */
export function openPorts({ ports, tls }: GatewaySettings): { name: string; port: number }[] {
    return [{ name: "http2", port: ports.http }, ...(tls ? [{ name: "https", port: ports.https }] : [])];
}

/** Whether the gateway is there for the internet, and with it for monitors that call it from outside. */
export function isPublic({ gateway, network }: Settings): boolean {
    return network !== undefined && gateway.serviceType === "LoadBalancer" && !gateway.loadBalancer?.internal;
}

/** The ingress gateway as the settings describe it, with OCI's load balancer where there is a network for it. */
export function ingressGatewayArgs(
    settings: Settings,
    network: OkeNetwork | undefined,
    namespace: pulumi.Input<string>,
): IngressGatewayArgs {
    const { gateway, istio, security } = settings;
    return {
        ...gateway,
        version: istio.version,
        chartRepository: istio.chartRepository,
        imagePullSecrets: istio.imagePullSecrets,
        networkPolicies: security.networkPolicies.enabled,
        namespace,
        ports: openPorts(gateway),
        ociLoadBalancer: network && {
            ...(gateway.loadBalancer ?? LOAD_BALANCER_DEFAULTS),
            ...ociTags(settings),
            subnetId: network.subnetIds.loadBalancers,
            nsgIds: network.nsgIds.loadBalancers,
        },
    };
}
