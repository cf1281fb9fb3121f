import * as pulumi from "@pulumi/pulumi";
import { gatewayUrl } from "../components/istio/gatewayUrl";
import type { IngressGateway, IngressGatewayArgs } from "../components/istio/ingressGateway";
import type { ProxyBootstrap } from "../components/istio/tracing/bootstrap";
import { textOf, type Exposure } from "../components/mesh/meshService";
import type { OkeNetwork } from "../components/oci/okeNetwork";
import type { Settings } from "../config/schema";
import type { Mesh } from "../mesh/mesh";
import { LOAD_BALANCER_DEFAULTS } from "../config/schema/gateway";
import { ociTags } from "./cluster";
import { gatewayRevision } from "./revisions";

/** Whether the gateway is there for the internet, and with it for monitors that call it from outside. */
export function isPublic({ gateway, network }: Settings): boolean {
    return network !== undefined && gateway.serviceType === "LoadBalancer" && !gateway.loadBalancer?.internal;
}

/** The ingress gateway as the settings describe it, with OCI's load balancer where there is a network for it. */
export function ingressGatewayArgs(
    settings: Settings,
    mesh: Mesh,
    network: OkeNetwork | undefined,
    namespace: pulumi.Input<string>,
    proxyBootstrap: ProxyBootstrap | undefined,
    reservedIp: pulumi.Output<string> | undefined,
): IngressGatewayArgs {
    const { gateway, istio, security } = settings;
    return {
        ...gateway,
        ...gatewayRevision(istio),
        chartRepository: istio.chartRepository,
        imagePullSecrets: istio.imagePullSecrets,
        networkPolicies: security.networkPolicies.enabled,
        namespace,
        proxyBootstrap,
        ports: mesh.gateway.ports,
        ociLoadBalancer: network && {
            ...(gateway.loadBalancer ?? LOAD_BALANCER_DEFAULTS),
            ...ociTags(settings),
            reservedIp,
            subnetId: network.subnetIds.loadBalancers,
            nsgIds: network.nsgIds.loadBalancers,
        },
    };
}

type Url = ReturnType<typeof gatewayUrl>;

/** Where Bookinfo's page is; absent without Bookinfo, or where no address is known. */
export function productpageUrl(settings: Settings, mesh: Mesh, gateway: IngressGateway): Url {
    const page = mesh.services.find(({ from, exposure }) => from === "bookinfo" && exposure);
    return page?.exposure && urlAt(settings, mesh, page.exposure, gateway);
}

/** Where the user's own services are, by name; undefined if none is open. */
export function serviceUrls(settings: Settings, mesh: Mesh, gateway: IngressGateway): Record<string, Url> | undefined {
    const open = mesh.services.flatMap(({ name, from, exposure }): [string, Url][] =>
        from === "services" && exposure ? [[name, urlAt(settings, mesh, exposure, gateway)]] : [],
    );
    return open.length > 0 ? Object.fromEntries(open) : undefined;
}

/** The first of the paths that are open to a browser. */
function urlAt({ gateway }: Settings, mesh: Mesh, { hosts, paths }: Exposure, { address }: IngressGateway): Url {
    const first = paths.find(({ methods, headers }) => !headers && (methods?.includes("GET") ?? true)) ?? paths[0];
    const page = first && textOf(first);
    const isEncrypted = (host: string) => mesh.hosts.some((open) => open.host === host && open.tls !== undefined);
    return page === undefined ? undefined : gatewayUrl({ ports: gateway.ports, hosts, isEncrypted }, page, address);
}

/** The address once the load balancer reports it, for what cannot do without. */
export function reported(address: pulumi.Input<string | undefined> | undefined): pulumi.Output<string> {
    return pulumi.output(address).apply((known) => {
        if (known === undefined) {
            throw new pulumi.RunError("The gateway's load balancer reports no address yet. Run `pulumi up` again.");
        }
        return known;
    });
}
