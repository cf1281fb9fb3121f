import type { DestinationRuleSpec, GatewaySpec, HTTPRoute, TLSRoute, VirtualServiceSpec } from "../../istio/api";
import { EGRESS_HOST, EGRESS_SELECTOR } from "../../istio/gateways";
import { speaksHttp, type ResolvedExternalService } from "./externalService";
import { limits } from "./fromSidecars";

/**
 * Requests go from sidecars to the egress gateway, with mutual TLS in between, and from there to the outside; what is TLS
 * already passes as it is. Hence for each service a Gateway, a DestinationRule towards it, and routes with two hops.
 * https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway-tls-origination/
 */
export function egressListeners({ hosts, ports }: ResolvedExternalService): GatewaySpec {
    return {
        selector: EGRESS_SELECTOR,
        servers: ports.map((each) => ({
            port: { number: each.port, name: `port-${each.port}`, protocol: speaksHttp(each) ? "HTTPS" : "TLS" },
            hosts,
            tls: { mode: speaksHttp(each) ? "ISTIO_MUTUAL" : "PASSTHROUGH" },
        })),
    };
}

/** How sidecars speak to the gateway on behalf of one service. */
export function towardsGateway({ name, hosts: [sni], ports }: ResolvedExternalService): DestinationRuleSpec {
    const portLevelSettings = ports
        .filter(speaksHttp)
        .map(({ port }) => ({ port: { number: port }, tls: { mode: "ISTIO_MUTUAL" as const, sni } }));
    const trafficPolicy = portLevelSettings.length > 0 ? { trafficPolicy: { portLevelSettings } } : {};
    return { host: EGRESS_HOST, subsets: [{ name, ...trafficPolicy }] };
}

/** @param gateway Name of the service's Gateway, in the same namespace. */
export function twoHops(service: ResolvedExternalService, host: string, gateway: string): VirtualServiceSpec {
    const http = service.ports.filter(speaksHttp).flatMap(({ port }): HTTPRoute[] => [
        {
            match: [{ gateways: ["mesh"], port }],
            route: [{ destination: { host: EGRESS_HOST, subset: service.name, port: { number: port } } }],
        },
        {
            match: [{ gateways: [gateway], port }],
            route: [{ destination: { host, port: { number: port } } }],
            ...limits(service),
        },
    ]);
    const tls = service.ports
        .filter((port) => !speaksHttp(port))
        .flatMap(({ port }): TLSRoute[] => [
            {
                match: [{ gateways: ["mesh"], port, sniHosts: [host] }],
                route: [{ destination: { host: EGRESS_HOST, subset: service.name, port: { number: port } } }],
            },
            {
                match: [{ gateways: [gateway], port, sniHosts: [host] }],
                route: [{ destination: { host, port: { number: port } } }],
            },
        ]);
    return {
        hosts: [host],
        gateways: ["mesh", gateway],
        ...(http.length > 0 && { http }),
        ...(tls.length > 0 && { tls }),
    };
}
