import { at } from "../../model";
import { count, list, lower, prefixed, suffixed } from "../../words";
import type { Facts } from "./facts";

export const ociFacts: Facts = {
    Vcn: (inputs) => [list(at(inputs, "cidrBlocks"))],
    Subnet: (inputs) => [at(inputs, "cidrBlock"), at(inputs, "prohibitPublicIpOnVnic") ? "private" : "public"],
    RouteTable: (inputs) => [count(at(inputs, "routeRules"), "rule")],
    Cluster: (inputs) => [
        at(inputs, "kubernetesVersion"),
        lower(at(inputs, "type")),
        endpointFact(at(inputs, "endpointConfig", "isPublicIpEnabled")),
        at(inputs, "clusterPodNetworkOptions", 0, "cniType"),
    ],
    NodePool: (inputs) => [
        at(inputs, "nodeShape"),
        suffixed(at(inputs, "nodeShapeConfig", "ocpus"), " OCPU"),
        suffixed(at(inputs, "nodeShapeConfig", "memoryInGbs"), " GB"),
        suffixed(at(inputs, "nodeConfigDetails", "size"), " nodes"),
        at(inputs, "kubernetesVersion"),
        prefixed("image ", at(inputs, "nodeSourceDetails", "imageId")),
    ],
    PublicIp: (inputs) => [lower(at(inputs, "lifetime"))],
    Rrset: (inputs) => [at(inputs, "rtype"), suffixed(at(inputs, "items", 0, "ttl"), " s")],
    ApmDomain: (inputs) => [at(inputs, "isFreeTier") ? "always free" : undefined],
    Log: (inputs) => [lower(at(inputs, "logType")), suffixed(at(inputs, "retentionDuration"), " days")],
    Alarm: (inputs) => [lower(at(inputs, "severity")), at(inputs, "query")],
    NetworkSecurityGroupSecurityRule: (inputs) => [lower(at(inputs, "direction"))],
};

function endpointFact(isPublic: unknown): string | undefined {
    return typeof isPublic === "boolean" ? `${isPublic ? "public" : "private"} endpoint` : undefined;
}
