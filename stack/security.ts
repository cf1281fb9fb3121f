import { entryOf } from "../components/entry";
import type * as pulumi from "@pulumi/pulumi";
import type { MeshService, PathMatch } from "../components/mesh/meshService";
import { guidePolicies } from "../components/security/guidePolicies";
import { peerPolicies, type MtlsArgs } from "../components/security/peerAuthentication";
import type { Policy } from "../components/security/policy";
import type { TokensArgs } from "../components/security/requestAuthentication";
import { SecurityPolicies, type SecurityPoliciesArgs } from "../components/security/securityPolicies";
import { zeroTrustPolicies } from "../components/security/zeroTrust";
import { rewrittenPaths } from "../components/traffic/httpRoutes";
import { preflightsOf } from "../components/traffic/preflights";
import { BOOKINFO_CALLS } from "../components/workloads/bookinfoServices";
import { openHosts } from "../config/gatewayTls";
import { effectiveTraffic } from "../config/scenarios";
import type { Settings } from "../config/schema";
import type { SecuritySettings } from "../config/schema/security";
import { customPolicy } from "./customPolicies";
import { openPorts } from "./gateway";
import { GATEWAY, serviceNamed } from "./identities";
import { meshNamespaces, meshServices } from "../config/meshServices";

/** The policies that the settings ask for, if they ask for any. */
export function secureMesh(settings: Settings, onSidecars: pulumi.ComponentResourceOptions): void {
    const args = securityPoliciesArgs(settings);
    const { mtls, policies, tokens, network } = args;
    if (peerPolicies(mtls).length + policies.length + tokens.length > 0 || network) {
        new SecurityPolicies("security", args, onSidecars);
    }
}

/** The policies that the settings ask for. */
export function securityPoliciesArgs(settings: Settings): SecurityPoliciesArgs {
    const { security } = settings;
    const services = meshServices(settings);
    const { trustDomain } = settings.istio.meshConfig;
    return {
        mtls: mtlsArgs(security, services),
        policies: [
            ...policiesOfMode(settings, services),
            ...security.authorization.policies.map((policy) => customPolicy(policy, services, trustDomain)),
        ],
        network: security.networkPolicies.enabled
            ? { ...security.networkPolicies, namespaces: meshNamespaces(settings) }
            : undefined,
        tokens: security.requestAuthentication.map((tokens) => tokensArgs(tokens, services, settings)),
    };
}

/** Whom each service calls. What the settings say of a service replaces what is known of it. */
export function declaredCalls({ bookinfo, security }: Settings): Record<string, string[]> {
    return { ...(bookinfo.enabled ? BOOKINFO_CALLS : {}), ...security.authorization.calls };
}

function policiesOfMode(settings: Settings, services: MeshService[]): Policy[] {
    const { bookinfo, istio, security } = settings;
    const { mode, viewers } = security.authorization;
    const { trustDomain } = istio.meshConfig;
    switch (mode) {
        case "off":
            return [];
        case "guide":
            return guidePolicies(bookinfo.namespace, trustDomain, viewers);
        case "zero-trust":
            return zeroTrustPolicies({
                namespaces: meshNamespaces(settings),
                services,
                calls: declaredCalls(settings),
                rewritten: rewrittenByService(settings, services),
                gateway: GATEWAY,
                trustDomain,
            });
    }
}

/** Sidecars see the paths as the gateway's routes leave them. */
function rewrittenByService({ traffic }: Settings, services: MeshService[]): Record<string, PathMatch[]> {
    const treated = effectiveTraffic(traffic);
    return Object.fromEntries(
        services.map((service) => [service.name, rewrittenPaths(service, entryOf(treated, service.name))]),
    );
}

function mtlsArgs({ mtls }: SecuritySettings, services: MeshService[]): MtlsArgs {
    return {
        mode: mtls.mode,
        namespaces: Object.fromEntries(Object.entries(mtls.namespaces).map(([name, { mode }]) => [name, mode])),
        workloads: Object.entries(mtls.services).map(([name, { mode, ports }]) => {
            const { namespace, selector } = serviceNamed(services, name);
            const byPort = Object.fromEntries(ports.map((each) => [each.port, each.mode]));
            return { name, namespace, selector, mode, ports: byPort };
        }),
    };
}

function tokensArgs(
    { name, service, ports, issuers, require }: SecuritySettings["requestAuthentication"][number],
    services: MeshService[],
    settings: Settings,
): TokensArgs {
    const { namespace, selector } = service === undefined ? GATEWAY : serviceNamed(services, service);
    const preflights = service === undefined ? preflightsAt(services, settings) : undefined;
    const places = service === undefined ? openPorts(settings).map(({ port }) => port) : ports;
    return {
        name,
        target: { namespace, selector, ports: places },
        issuers: issuers.map(({ jwks, jwksUri = "", ...issuer }) => ({
            ...issuer,
            // The settings' rules see to it that there is one of the two.
            keys: jwks === undefined ? { jwksUri } : { jwks },
        })),
        require,
        preflights,
    };
}

/** The preflights that the gateway answers: with Istio's kinds alone its routes know of CORS. */
function preflightsAt(services: MeshService[], settings: Settings): TokensArgs["preflights"] {
    const traffic = effectiveTraffic(settings.traffic);
    const answered =
        settings.gateway.kind === "istio" ? services.map((each) => preflightsOf(each, traffic[each.name])) : [];
    const known = answered.filter((each) => each !== undefined);
    const hosts = known.flatMap((each) => each.hosts);
    return { answered: known, others: openHosts(settings).flatMap(({ host }) => (hosts.includes(host) ? [] : [host])) };
}
