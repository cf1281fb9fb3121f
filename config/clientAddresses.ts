import type { Settings } from "./schema";

/** What clients' addresses depend on outside of this program. */
export function clientAddressWarnings({ gateway, network }: Settings): string[] {
    const balanced = network !== undefined && gateway.serviceType === "LoadBalancer";
    switch (gateway.clientAddresses?.source) {
        case undefined:
            return [];
        case "proxy-protocol":
            return balanced
                ? []
                : [
                      "gateway.clientAddresses.source proxy-protocol: no OCI load balancer of this stack sends PROXY headers, so whatever stands in front of the gateway must. Connections without one are closed.",
                  ];
        case "preserve-source":
            return balanced && network.source === "existing"
                ? [
                      "gateway.clientAddresses.source preserve-source: the rules of your network must admit the clients' networks at the nodes' ports 30000 to 32767 (docs/network.md).",
                  ]
                : [];
        case "forwarded-headers": {
            const { allowedCidrs = ["0.0.0.0/0"] } = gateway.loadBalancer ?? {};
            return balanced && network.source === "new" && !allowedCidrs.includes("0.0.0.0/0")
                ? []
                : [
                      "gateway.clientAddresses.source forwarded-headers: whoever reaches the gateway directly can claim any address. Let only your proxies reach it, such as with gateway.loadBalancer.allowedCidrs or the rules of your network.",
                  ];
        }
    }
}
