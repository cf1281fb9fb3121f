import type * as pulumi from "@pulumi/pulumi";
import { gatewayUrl } from "../components/istio/gatewayUrl";
import type { IngressGateway, IngressGatewayArgs } from "../components/istio/ingressGateway";
import type { ProxyBootstrap } from "../components/istio/tracing/bootstrap";
import type { OkeNetwork } from "../components/oci/okeNetwork";
import type { Settings } from "../config/schema";
import { servesHttps, tlsOf } from "../config/gatewayTls";
import { LOAD_BALANCER_DEFAULTS } from "../config/schema/gateway";
import { ociTags } from "./tags";

/** The ports that are open: of the load balancer, of the gateway's Service and of Istio Gateways alike. */
export function openPorts(settings: Settings): { name: string; port: number }[] {
    const { ports } = settings.gateway;
    return [
        { name: "http2", port: ports.http },
        ...(servesHttps(settings) ? [{ name: "https", port: ports.https }] : []),
    ];
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
    proxyBootstrap: ProxyBootstrap | undefined,
): IngressGatewayArgs {
    const { gateway, istio, security } = settings;
    return {
        ...gateway,
        version: istio.version,
        chartRepository: istio.chartRepository,
        imagePullSecrets: istio.imagePullSecrets,
        networkPolicies: security.networkPolicies.enabled,
        namespace,
        proxyBootstrap,
        ports: openPorts(settings),
        ociLoadBalancer: network && {
            ...(gateway.loadBalancer ?? LOAD_BALANCER_DEFAULTS),
            ...ociTags(settings),
            subnetId: network.subnetIds.loadBalancers,
            nsgIds: network.nsgIds.loadBalancers,
        },
    };
}

type Url = ReturnType<typeof gatewayUrl>;

/** Where Bookinfo's page is; absent without Bookinfo, or where no address is known. */
export function productpageUrl(settings: Settings, { address }: IngressGateway): Url {
    const { bookinfo, gateway } = settings;
    return bookinfo.enabled ? urlAt(settings, gateway.hosts, "/productpage", address) : undefined;
}

/** Where the user's own services are, by name; undefined if none is open. */
export function serviceUrls(settings: Settings, { address }: IngressGateway): Record<string, Url> | undefined {
    const open = Object.entries(settings.services).flatMap(([name, { expose }]): [string, Url][] => {
        const [first] = expose?.paths ?? [];
        const path = first && ("exact" in first ? first.exact : first.prefix);
        return expose && path !== undefined ? [[name, urlAt(settings, expose.hosts, path, address)]] : [];
    });
    return open.length > 0 ? Object.fromEntries(open) : undefined;
}

function urlAt({ gateway }: Settings, hosts: string[], page: string, address: IngressGateway["address"]): Url {
    const isEncrypted = (host: string) => tlsOf(gateway, host) !== undefined;
    return gatewayUrl({ ports: gateway.ports, hosts, isEncrypted }, page, address);
}
