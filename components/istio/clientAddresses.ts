import type { OciLoadBalancerArgs } from "./ociLoadBalancer";

/** How the addresses of clients reach the ingress gateway. */
export type ClientAddresses =
    | {
          /** In a PROXY header, with which the load balancer begins each connection. */
          source: "proxy-protocol";
      }
    | {
          /** As the source of packets, which nothing in front of the gateway changes. */
          source: "preserve-source";
      }
    | {
          /** In X-Forwarded-For, to which each of the trusted proxies in front of the gateway appends. */
          source: "forwarded-headers";
          /** How many they are. */
          trustedHops: number;
      };

/**
 * What the gateway's proxies are told about what stands in front of them. They read it at their start.
 * https://istio.io/latest/docs/ops/configuration/traffic-management/network-topologies/
 */
export function topologyAnnotation(clients: ClientAddresses | undefined): Record<string, string> {
    const topology =
        clients?.source === "proxy-protocol"
            ? { proxyProtocol: {} }
            : clients?.source === "forwarded-headers"
              ? { numTrustedProxies: clients.trustedHops }
              : undefined;
    return topology ? { "proxy.istio.io/config": JSON.stringify({ gatewayTopology: topology }) } : {};
}

const LB_PROXY_PROTOCOL = "service.beta.kubernetes.io/oci-load-balancer-connection-proxy-protocol-version";

/** What OKE's cloud controller is told, so that the load balancer passes addresses on. */
export function clientAddressAnnotations(
    type: NonNullable<OciLoadBalancerArgs["type"]>,
    clients: ClientAddresses | undefined,
): Record<string, string> {
    const network = "oci-network-load-balancer.oraclecloud.com";
    switch (clients?.source) {
        case "proxy-protocol":
            return {
                ...(type === "lb" ? { [LB_PROXY_PROTOCOL]: "2" } : { [`${network}/is-ppv2-enabled`]: "true" }),
                // Pods that call the gateway by the load balancer's address would else reach it without a header.
                "oci.oraclecloud.com/ingress-ip-mode": "proxy",
            };
        case "preserve-source":
            return { [`${network}/is-preserve-source`]: "true" };
        default:
            return {};
    }
}

/**
 * Parts of the Service whose removal the cloud controller ignores: a load balancer goes on sending PROXY headers, which a gateway that
 * expects none takes for requests. Only a new one stops. Setting the annotation is an update in place.
 * https://github.com/oracle/oci-cloud-controller-manager/blob/master/pkg/cloudprovider/providers/oci/load_balancer_util.go
 */
export function notRemovable(
    type: OciLoadBalancerArgs["type"] | undefined,
    clients: ClientAddresses | undefined,
): string[] {
    return type !== "lb" || clients?.source === "proxy-protocol" ? [] : [`annotations["${LB_PROXY_PROTOCOL}"]`];
}
