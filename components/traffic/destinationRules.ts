import type { ConsistentHashLB, DestinationRuleSpec, LoadBalancerSettings, TrafficPolicy } from "../istio/api";
import type { MeshService } from "../mesh/meshService";
import type { ConsistentHash, LoadBalancing, ServiceTraffic } from "./serviceTraffic";

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

function policyOf({ connectionPool, outlierDetection, loadBalancer, tls }: ServiceTraffic): TrafficPolicy {
    return {
        ...(connectionPool && { connectionPool }),
        ...(outlierDetection && { outlierDetection }),
        ...(loadBalancer && { loadBalancer: loadBalancing(loadBalancer) }),
        ...(tls && { tls }),
    };
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
