import { setCommand, type Problem } from "../problems";
import type { Settings } from "../schema";
import type { Rule } from "./rule";

/** A port of a host outside the cluster. */
interface Place {
    host: string;
    port: number;
    protocol: string;
    /** The setting of the port. */
    key: string;
}

/**
 * The hosts whose connections a sidecar knows by their port alone: TCP names no host. Such a port takes every connection that
 * is not to a Service's address, wherever it was going. With `dnsCapture` each host has an address of its own in the mesh.
 */
export function knownByPort({ egress, istio }: Pick<Settings, "egress" | "istio">): Place[] {
    return istio.meshConfig.dnsCapture ? [] : placesOf(egress).filter(({ protocol }) => protocol === "TCP");
}

function placesOf({ services }: Settings["egress"]): Place[] {
    return Object.entries(services).flatMap(([name, { hosts, ports }]) =>
        ports.flatMap(({ port, protocol }, index) =>
            hosts.map((host) => ({ host, port, protocol, key: `egress.services.${name}.ports[${index}].port` })),
        ),
    );
}

/** Which of two hosts gets the connections would be random. TLS is distinguished by the name in its handshake. */
const tcpHostsHaveOwnPorts: Rule = ({ egress, istio }) => {
    if (!egress || !istio || knownByPort({ egress, istio }).length === 0) {
        return [];
    }
    const clear = placesOf(egress).filter(({ protocol }) => protocol !== "HTTPS");
    return clear.flatMap((place, index): Problem[] => {
        const rival = clear
            .slice(0, index)
            .find(
                ({ port, host, protocol }) =>
                    port === place.port && host !== place.host && [protocol, place.protocol].includes("TCP"),
            );
        return rival
            ? [
                  {
                      key: place.key,
                      message: `is ${place.port} for ${place.host}, which ${rival.host} has already: TCP has no host name, so sidecars would send both to one of them`,
                      fix: [setCommand("istio.meshConfig.dnsCapture", true)],
                  },
              ]
            : [];
    });
};

export const tcpEgressRules = [tcpHostsHaveOwnPorts];
