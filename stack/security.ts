import { entryOf } from "../components/entry";
import type * as pulumi from "@pulumi/pulumi";
import { isExposed, type PathMatch } from "../components/mesh/meshService";
import { guidePolicies } from "../components/security/guidePolicies";
import { peerPolicies, type MtlsArgs } from "../components/security/peerAuthentication";
import type { Policy } from "../components/security/policy";
import type { TokensArgs } from "../components/security/requestAuthentication";
import { SecurityPolicies, type SecurityPoliciesArgs } from "../components/security/securityPolicies";
import { zeroTrustPolicies } from "../components/security/zeroTrust";
import { gatewayRoutes, rewrittenPaths } from "../components/traffic/gatewayRoutes";
import { preflightsOf, type Preflights } from "../components/traffic/preflights";
import type { Settings } from "../config/schema";
import type { SecuritySettings } from "../config/schema/security";
import { behind, serviceNamed, type Mesh } from "../mesh/mesh";
import { customPolicy } from "./customPolicies";

/** The policies that the settings ask for, if they ask for any. */
export function secureMesh(settings: Settings, mesh: Mesh, onSidecars: pulumi.ComponentResourceOptions): void {
    const args = securityPoliciesArgs(settings, mesh);
    const { mtls, policies, tokens, network } = args;
    if (peerPolicies(mtls).length + policies.length + tokens.length > 0 || network) {
        new SecurityPolicies("security", args, onSidecars);
    }
}

/** The policies that the settings ask for. */
export function securityPoliciesArgs(settings: Settings, mesh: Mesh) {
    const { security } = settings;
    const { trustDomain } = settings.istio.meshConfig;
    return {
        mtls: mtlsArgs(security, mesh),
        policies: [
            ...policiesOfMode(settings, mesh),
            ...security.authorization.policies.map((policy) => customPolicy(policy, mesh, trustDomain)),
        ],
        network: security.networkPolicies.enabled
            ? { ...security.networkPolicies, namespaces: mesh.namespaces }
            : undefined,
        tokens: security.requestAuthentication.map((tokens) => tokensArgs(tokens, settings, mesh)),
    } satisfies SecurityPoliciesArgs;
}

function policiesOfMode({ bookinfo, istio, security }: Settings, mesh: Mesh): Policy[] {
    const { mode, viewers } = security.authorization;
    const { trustDomain } = istio.meshConfig;
    switch (mode) {
        case "off":
            return [];
        case "guide":
            return guidePolicies(bookinfo.namespace, trustDomain, viewers);
        case "zero-trust":
            return zeroTrustPolicies({ ...mesh, rewritten: rewrittenByService(mesh), trustDomain });
    }
}

/** Sidecars see the paths as the gateway's routes leave them. */
function rewrittenByService({ services, traffic }: Mesh): Record<string, PathMatch[]> {
    return Object.fromEntries(
        services
            .filter(isExposed)
            .map((service) => [service.name, rewrittenPaths({ service, traffic: entryOf(traffic, service.name) })]),
    );
}

function mtlsArgs({ mtls }: SecuritySettings, mesh: Mesh): MtlsArgs {
    return {
        mode: mtls.mode,
        namespaces: Object.fromEntries(Object.entries(mtls.namespaces).map(([name, { mode }]) => [name, mode])),
        workloads: Object.entries(mtls.services).map(([name, { mode, ports }]) => {
            const { namespace, selector } = serviceNamed(mesh, name);
            const byPort = Object.fromEntries(ports.map((each) => [each.port, each.mode]));
            return { name, namespace, selector, mode, ports: byPort };
        }),
    };
}

function tokensArgs(
    { name, service, ports, issuers, require }: SecuritySettings["requestAuthentication"][number],
    { gateway }: Settings,
    mesh: Mesh,
): TokensArgs {
    const { namespace, selector } = service === undefined ? mesh.gateway : serviceNamed(mesh, service);
    const preflights = service === undefined ? preflightsAt(mesh, gateway.kind) : undefined;
    const places = service === undefined ? mesh.gateway.ports.map(({ port }) => port) : ports;
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
function preflightsAt(mesh: Mesh, kind: Settings["gateway"]["kind"]): TokensArgs["preflights"] {
    const byPaths = new Map<string, Preflights>();
    const others: string[] = [];
    for (const open of mesh.hosts) {
        const found = kind === "istio" ? preflightsOf([open.host], gatewayRoutes(behind(mesh, open))) : undefined;
        const key = JSON.stringify([found?.paths, found?.forwarded]);
        if (found) {
            byPaths.set(key, { ...found, hosts: [...(byPaths.get(key)?.hosts ?? []), open.host] });
        } else {
            others.push(open.host);
        }
    }
    return { answered: [...byPaths.values()], others };
}
