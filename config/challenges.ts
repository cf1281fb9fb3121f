import type { OpenHost } from "../mesh/hosts";
import type { Mesh, MeshSettings } from "../mesh/mesh";
import type { Settings } from "./schema";
import { LOAD_BALANCER_DEFAULTS } from "./schema/gateway";

/** Where an authority looks for the answer to an HTTP-01 challenge, at port 80. */
const CHALLENGE_PATH = "/.well-known/acme-challenge/";

/**
 * Why an ACME authority cannot prove a host by HTTP-01, that is by a request to its port 80; undefined if it can.
 * https://letsencrypt.org/docs/challenge-types/
 */
export function obstacleToHttp01({ host, owner }: OpenHost, { gateway, security }: MeshSettings): string | undefined {
    // Add-ons are opened with Istio's kinds, whatever opens the rest.
    if (gateway.kind !== "ingress" || owner.startsWith("addons.")) {
        return "port 80 redirects to HTTPS";
    }
    if (host.startsWith("*")) {
        return `${host} is a wildcard`;
    }
    if (isHidden(gateway)) {
        return "the internet does not reach port 80";
    }
    const wanted = security.requestAuthentication
        .filter(({ service }) => service === undefined)
        .flatMap(({ require }) => require)
        .some(
            ({ hosts = [host], paths = ["*"], notPaths = [], methods = ["GET"], notMethods = [] }) =>
                hosts.includes(host) &&
                paths.some(isChallenge) &&
                !notPaths.some(isChallenge) &&
                methods.includes("GET") &&
                !notMethods.includes("GET"),
        );
    return wanted ? `a token is required for ${CHALLENGE_PATH}` : undefined;
}

/** What the issuer of cert-manager does is not known here, unless the settings say it. */
export function challengesByDnsOnly(settings: Settings, mesh: Mesh): string | undefined {
    const issued = mesh.hosts.filter(
        ({ tls }) => tls?.certificate?.source === "cert-manager" && tls.certificate.challenge === undefined,
    );
    const found = issued.map((open) => obstacleToHttp01(open, settings));
    const first = found.findIndex((reason) => reason !== undefined);
    return first < 0
        ? undefined
        : `The issuer of ${issued[first]?.host} must solve DNS-01 challenges: HTTP-01 challenges fail, because ${found[first]} (docs/certificates.md). If it does, say so beside the issuer: \`challenge: dns-01\`.`;
}

/** Whether a policy's pattern, with asterisks or templates, fits the path of a challenge. */
function isChallenge(pattern: string): boolean {
    const regex = pattern
        .replace(/[.+?^$()|[\]\\]/g, "\\$&")
        .replace(/\{\*\}/g, "[^/]+")
        .replace(/\{\*\*\}|(?<!\])\*/g, ".*");
    return new RegExp(`^${regex}$`).test(`${CHALLENGE_PATH}token`);
}

/** Whether an authority on the internet finds the gateway closed. */
function isHidden(gateway: Settings["gateway"]): boolean {
    const { internal, allowedCidrs } = gateway.loadBalancer ?? LOAD_BALANCER_DEFAULTS;
    return internal || !allowedCidrs.includes("0.0.0.0/0") || gateway.serviceType !== "LoadBalancer";
}
