import { withDefaults } from "../defaults";
import { entryOf } from "../entry";
import type { Rule } from "../istio/api";
import { GATEWAY_SERVICE_ACCOUNT } from "../istio/gateways";
import { MESH_CONFIG_DEFAULTS } from "../istio/meshConfig";
import { ISTIO_NAMESPACE } from "../istio/versions";
import type { Exposure, MeshService, OpenRequests, PathMatch } from "../mesh/meshService";
import { endingAtSlash } from "../traffic/paths";
import { knownServices } from "../wrongArgument";
import { principal } from "./identity";
import { allowNothing, type Policy } from "./policy";

/** Who calls whom. */
export interface ZeroTrustArgs {
    /** Namespaces in which nothing is allowed that is not said here. */
    namespaces: string[];
    /** Services in them. */
    services: MeshService[];
    /** The services that each service calls, by their names. @default none calls another */
    calls?: Record<string, string[]>;
    /** Paths that the gateway rewrites requests to, besides those it opens, by the services' names. @default none */
    rewritten?: Record<string, PathMatch[]>;
    /** Identity of the proxies that let traffic in. @default the ingress gateway of this package */
    gateway?: {
        /** Their namespace. */
        namespace: string;
        /** Their ServiceAccount. */
        serviceAccount: string;
    };
    /** Trust domain of the mesh. @default "cluster.local" */
    trustDomain?: string;
}

const DEFAULTS = {
    calls: {},
    rewritten: {},
    gateway: { namespace: ISTIO_NAMESPACE, serviceAccount: GATEWAY_SERVICE_ACCOUNT },
    trustDomain: MESH_CONFIG_DEFAULTS.trustDomain,
} satisfies Partial<ZeroTrustArgs>;

/**
 * Nothing is allowed except the declared calls, and from the gateway what a service opens to the outside. Callers are known
 * by their certificates, so callers without one, in plain text, are refused.
 *
 * Needs no exception for Kubernetes' probes and Prometheus: the kubelet calls the agent beside the proxy (15020), which calls
 * the application over the loopback, and merged metrics come the same way.
 * https://istio.io/latest/docs/ops/configuration/mesh/app-health-check/
 */
export function zeroTrustPolicies(given: ZeroTrustArgs): Policy[] {
    const args = withDefaults(given, DEFAULTS);
    knownServices("calls", Object.keys(args.calls), args.services);
    Object.entries(args.calls).forEach(([caller, called]) => knownServices(`calls.${caller}`, called, args.services));
    const allowed = args.services
        .map((service) => callersPolicy(service, args))
        .filter(({ spec }) => spec.rules?.length);
    return [...args.namespaces.map(allowNothing), ...allowed];
}

function callersPolicy(service: MeshService, args: Required<ZeroTrustArgs>): Policy {
    const { services, calls, gateway, trustDomain, rewritten } = args;
    const callers = services.filter(({ name }) => entryOf(calls, name)?.includes(service.name));
    const principals = [...new Set(callers.map((caller) => principal(trustDomain, caller)))].sort();
    const rules: Rule[] = [
        ...(principals.length > 0 ? [{ from: [{ source: { principals } }] }] : []),
        ...(service.exposure
            ? [fromGateway(service.exposure, entryOf(rewritten, service.name) ?? [], principal(trustDomain, gateway))]
            : []),
    ];
    return {
        name: `${service.name}-callers`,
        namespace: service.namespace,
        spec: { selector: { matchLabels: service.selector }, action: "ALLOW", rules },
    };
}

function fromGateway({ paths, operations }: Exposure, rewritten: PathMatch[], identity: string): Rule {
    const asked = [...(operations ?? operationsOf(paths)), ...(rewritten.length > 0 ? [{ paths: rewritten }] : [])];
    const to = asked.map((operation) => ({ operation: { ...operation, paths: operation.paths.map(pathPattern) } }));
    return { from: [{ source: { principals: [identity] } }], to };
}

/** What the gateway's routes lead to a service, but for headers: routes may change these on the way. */
function operationsOf(open: OpenRequests[]): { methods?: string[]; paths: PathMatch[] }[] {
    const byMethods = new Map<string, { methods?: string[]; paths: PathMatch[] }>();
    for (const { methods, ...path } of open) {
        const key = (methods ?? []).join();
        const { paths = [] } = byMethods.get(key) ?? {};
        byMethods.set(key, { ...(methods && { methods }), paths: [...paths, ...endingAtSlash(path)] });
    }
    return [...byMethods.values()];
}

function pathPattern(match: PathMatch): string {
    return "exact" in match ? match.exact : `${match.prefix}*`;
}
