import merge from "deepmerge";
import type { ConsistentHashLB, DestinationRuleSpec, LoadBalancerSettings, TrafficPolicy } from "../istio/api";
import type { MeshService } from "../mesh/meshService";
import type { ConsistentHash, LoadBalancing, RouteActions, ServiceTraffic } from "./serviceTraffic";

/** The versions of a service and how clients treat it; undefined where there is nothing to say. */
export function destinationRule(service: MeshService, traffic: ServiceTraffic = {}): DestinationRuleSpec | undefined {
    const { host, versions } = service;
    const subsets = Object.entries(versions).map(([name, labels]) => ({ name, labels }));
    const trafficPolicy = policyOf(traffic);
    const hasPolicy = Object.keys(trafficPolicy).length > 0;
    return subsets.length > 0 || hasPolicy
        ? { host, ...(hasPolicy && { trafficPolicy }), ...(subsets.length > 0 && { subsets }) }
        : undefined;
}

/** How clients treat a service, whatever the request. */
type Policies = Required<Omit<ServiceTraffic, keyof RouteActions | "match">>;

/** Every such setting as its part of Istio's policy. A key without a row does not compile. */
const POLICIES: { [Name in keyof Policies]: (value: Policies[Name]) => TrafficPolicy } = {
    connectionPool: (connectionPool) => ({ connectionPool }),
    outlierDetection: (outlierDetection) => ({ outlierDetection }),
    loadBalancer: (loadBalancer) => ({ loadBalancer: loadBalancing(loadBalancer) }),
    tls: (tls) => ({ tls }),
};

function policyOf(traffic: ServiceTraffic): TrafficPolicy {
    const names = Object.keys(POLICIES) as (keyof Policies)[];
    return merge.all<TrafficPolicy>(names.map((name) => policy(name, traffic)));
}

function policy<Name extends keyof Policies>(name: Name, traffic: Partial<Policies>): TrafficPolicy {
    const value = traffic[name];
    return value === undefined ? {} : POLICIES[name](value);
}

function loadBalancing({ simple, consistentHash, locality }: LoadBalancing): LoadBalancerSettings {
    return {
        ...(consistentHash ? { consistentHash: hashBy(consistentHash) } : simple && { simple }),
        ...(locality && { localityLbSetting: { enabled: true, ...locality } }),
    };
}

/** A cookie without a lifetime would only be read; with `0s` proxies make one for the browser's session. */
function hashBy(hash: ConsistentHash): ConsistentHashLB {
    return "httpCookie" in hash ? { httpCookie: { ttl: "0s", ...hash.httpCookie } } : hash;
}
