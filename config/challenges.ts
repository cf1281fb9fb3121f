import type { Mesh } from "../mesh/mesh";
import type { Settings } from "./schema";
import { LOAD_BALANCER_DEFAULTS } from "./schema/gateway";

/**
 * Warns where an ACME issuer could not prove a host by HTTP-01, that is by a request to its port 80. What the issuer of
 * cert-manager does is not known here.
 * https://letsencrypt.org/docs/challenge-types/
 */
export function challengesByDnsOnly({ gateway }: Settings, mesh: Mesh): string | undefined {
    const hosts = mesh.hosts.filter(({ tls }) => tls?.certificate?.source === "cert-manager").map(({ host }) => host);
    const [first] = hosts;
    if (first === undefined) {
        return undefined;
    }
    const wildcard = hosts.find((host) => host.startsWith("*"));
    const reason =
        gateway.kind !== "ingress"
            ? "port 80 redirects to HTTPS"
            : wildcard !== undefined
              ? `${wildcard} is a wildcard`
              : isHidden(gateway)
                ? "the internet does not reach port 80"
                : undefined;
    return reason === undefined
        ? undefined
        : `The issuer of ${first} must solve DNS-01 challenges: HTTP-01 challenges fail, because ${reason} (docs/certificates.md).`;
}

/** Whether an authority on the internet finds the gateway closed. */
function isHidden(gateway: Settings["gateway"]): boolean {
    const { internal, allowedCidrs } = gateway.loadBalancer ?? LOAD_BALANCER_DEFAULTS;
    return internal || !allowedCidrs.includes("0.0.0.0/0") || gateway.serviceType !== "LoadBalancer";
}
