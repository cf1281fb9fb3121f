import { entryOf } from "../entry";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { DestinationRule, VirtualService, type VirtualServiceSpec } from "../istio/api";
import type { MeshService } from "../mesh/meshService";
import { knownServices } from "../wrongArgument";
import { knownVersions } from "./knownVersions";
import { destinationRule } from "./destinationRules";
import { meshRoutes } from "./httpRoutes";
import { ACTION_NAMES, ROUTE_ACTIONS, tcpRoute } from "./routeActions";
import type { RouteActions, ServiceTraffic } from "./serviceTraffic";

/** Arguments of `TrafficPolicies`. */
export interface TrafficPoliciesArgs {
    /** Every service of the mesh. */
    services: MeshService[];
    /** How some of them are treated, by their names. @default as Istio treats them */
    traffic?: Record<string, ServiceTraffic>;
}

/**
 * How requests inside the mesh are routed: for each service one DestinationRule, if it has versions or limits, and one
 * VirtualService, if it has routes. Both are named after the service whatever they say, so that every change is in place.
 * Guide: "Managing Traffic".
 *
 * @example
 * ```ts
 * new TrafficPolicies(
 *     "traffic",
 *     { services: [cart], traffic: { cart: { route: { v1: 90, v2: 10 }, timeout: "3s" } } },
 *     { provider, dependsOn: controlPlane },
 * );
 * ```
 */
export class TrafficPolicies extends Component {
    /** The DestinationRules: what routes elsewhere that name versions wait for. */
    readonly destinationRules: pulumi.Resource[] = [];

    constructor(name: string, { services, traffic = {} }: TrafficPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("traffic:TrafficPolicies", name, opts);
        knownServices("traffic", Object.keys(traffic), services);

        for (const service of services) {
            const own = entryOf(traffic, service.name) ?? {};
            knownVersions(`traffic.${service.name}`, service, own);
            this.addService(`${name}-${service.name}`, service, own);
        }
        this.registerOutputs({});
    }

    private addService(name: string, service: MeshService, traffic: ServiceTraffic): void {
        const metadata = { name: service.host, namespace: service.namespace };
        const destinations = destinationRule(service, traffic);
        const versions = destinations && new DestinationRule(name, { metadata, spec: destinations }, this.childOptions);
        if (versions) {
            this.destinationRules.push(versions);
        }
        const routes = virtualService(service, traffic);
        if (routes) {
            // A route to a version that no DestinationRule names yet is answered with 503.
            const opts = versions ? this.after(versions) : this.childOptions;
            new VirtualService(name, { metadata, spec: routes }, opts);
        }
    }
}

/** The routes of a service; undefined where Kubernetes' own way is enough. */
export function virtualService(service: MeshService, traffic: ServiceTraffic): VirtualServiceSpec | undefined {
    const hosts = [service.host];
    if (!hasRoutes(traffic)) {
        return undefined;
    }
    return service.protocol === "tcp"
        ? { hosts, tcp: [tcpRoute(traffic, { host: service.host })] }
        : { hosts, http: meshRoutes(service, traffic) };
}

function hasRoutes({ match, ...traffic }: ServiceTraffic): boolean {
    // Rules that only limit requests are the service's own proxies' alone.
    const limits = match?.length !== 0 && match?.every((rule) => rule.rateLimit && !isRouted(rule));
    return isRouted(traffic) || (match !== undefined && !limits);
}

function isRouted(actions: RouteActions): boolean {
    return ACTION_NAMES.some((name) => ROUTE_ACTIONS[name].byRoutes && actions[name] !== undefined);
}
