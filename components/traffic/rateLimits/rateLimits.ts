import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { EnvoyFilter, type EnvoyConfigObjectMatch, type EnvoyFilterSpec } from "../../istio/api";
import { GATEWAY_SELECTOR, GATEWAY_SERVICE } from "../../istio/gateways";
import type { MeshService } from "../../mesh/meshService";
import type { ServiceTraffic } from "../serviceTraffic";
import { ENVOY_OF_ISTIO, idleFilter, limitingFilter, limitingRoute, type Limited } from "./envoyRateLimit";
import type { RateLimit } from "./rateLimit";
import { requestMatcher } from "./requestMatcher";

/** Arguments of `RateLimits`. */
export interface RateLimitsArgs {
    /** Services with limits, and how they are treated. */
    services: {
        /** The service, whose sidecars count. */
        service: MeshService;
        /** Its treatment: `rateLimit` there and in its rules. */
        traffic: ServiceTraffic;
    }[];
    /** Limits for all requests at the ingress gateway. @default none */
    gateway?: {
        /** Namespace of the gateway. */
        namespace: pulumi.Input<string>;
        /** Each counts for itself. */
        limits: RateLimit[];
    };
}

/**
 * Token buckets in proxies: in the sidecars of the services they are for, and in the gateway's proxies. Each proxy counts for
 * itself. An EnvoyFilter each, as Istio has no kind for it.
 * https://istio.io/latest/docs/tasks/policy-enforcement/rate-limit/#local-rate-limit
 *
 * @example
 * ```ts
 * const limit = { requests: 100, per: "1m", each: "client-address" } as const;
 * new RateLimits(
 *     "limits",
 *     { services: [{ service: cart, traffic: { rateLimit: [limit] } }] },
 *     { provider, dependsOn: controlPlane },
 * );
 * ```
 */
export class RateLimits extends Component {
    constructor(name: string, { services, gateway }: RateLimitsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("traffic:RateLimits", name, opts);

        for (const { service, traffic } of services) {
            const metadata = metadataOf(`${service.name}-rate-limit`, service.namespace);
            const spec = serviceFilter(service, limitsOf(traffic));
            new EnvoyFilter(`${name}-${service.name}`, { metadata, spec }, this.childOptions);
        }
        if (gateway) {
            const metadata = metadataOf(`${GATEWAY_SERVICE}-rate-limit`, gateway.namespace);
            const limits = gateway.limits.map((limit) => ({ limit }));
            new EnvoyFilter(`${name}-gateway`, { metadata, spec: gatewayFilter(limits) }, this.childOptions);
        }
        this.registerOutputs({});
    }
}

/** `istioctl analyze` warns of every EnvoyFilter that it depends on Envoy; here the Envoys that it is for are pinned. */
function metadataOf(name: string, namespace: pulumi.Input<string>) {
    return { name, namespace, annotations: { "galley.istio.io/analyze-suppress": "IST0133" } };
}

/** After EnvoyFilters of others, so that what they add to the chain is there. */
const PRIORITY = 10;

/** The limits of a service: its own, for all requests, and those of its rules besides. */
export function limitsOf({ rateLimit = [], match = [] }: ServiceTraffic): Limited[] {
    return [
        ...rateLimit.map((limit) => ({ limit })),
        ...match.flatMap((rule, index) =>
            (rule.rateLimit ?? []).map((limit) => ({ limit, requests: requestMatcher(rule, match.slice(0, index)) })),
        ),
    ];
}

/** In all inbound filter chains a filter of its own name, which limits at the Service's port alone. */
function serviceFilter({ name, port, selector }: MeshService, limits: Limited[]): EnvoyFilterSpec {
    const filter = `oke-mesh.rate_limit.${name}`;
    const vhost = { name: `inbound|http|${port}`, route: { action: "ANY" } } as const;
    return {
        priority: PRIORITY,
        workloadSelector: { labels: selector },
        configPatches: [
            insertion("SIDECAR_INBOUND", idleFilter(filter)),
            {
                applyTo: "HTTP_ROUTE",
                match: { context: "SIDECAR_INBOUND", proxy: PROXY, routeConfiguration: { vhost } },
                patch: { operation: "MERGE", value: limitingRoute(filter, limits) },
            },
        ],
    };
}

function gatewayFilter(limits: Limited[]): EnvoyFilterSpec {
    return {
        priority: PRIORITY,
        workloadSelector: { labels: GATEWAY_SELECTOR },
        configPatches: [insertion("GATEWAY", limitingFilter("oke-mesh.rate_limit.gateway", limits))],
    };
}

/** Other proxies, of other Envoys, are left alone. */
const PROXY = { proxyVersion: `^(${Object.keys(ENVOY_OF_ISTIO).join("|").replaceAll(".", "\\.")})\\..*` };

/** Last: after tokens are checked, policies have decided and preflights are answered. */
function insertion(context: EnvoyConfigObjectMatch["context"], value: Record<string, unknown>) {
    const subFilter = { name: "envoy.filters.http.router" };
    const filterChain = { filter: { name: "envoy.filters.network.http_connection_manager", subFilter } };
    return {
        applyTo: "HTTP_FILTER" as const,
        match: { context, proxy: PROXY, listener: { filterChain } },
        patch: { operation: "INSERT_BEFORE" as const, value: value },
    };
}
