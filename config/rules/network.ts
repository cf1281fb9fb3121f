import * as ipaddr from "ipaddr.js";
import { contains } from "../../components/oci/networkRanges";
import { removeCommand, setCommand, type Problem } from "../problems";
import type { Settings } from "../schema";
import type { Rule } from "./rule";

/** Addresses OCI keeps for itself in each subnet: the first two and the last. */
const RESERVED_ADDRESSES = 3;

const networkFitsCluster: Rule = (settings) => {
    const { network, cluster } = settings;
    // A network that is invalid by itself is a problem already; only a missing one is this rule's.
    if (!cluster || !("network" in settings)) {
        return [];
    }
    if (!network) {
        const message = `is missing; a cluster of source ${cluster.source} needs to know its network`;
        const fix = [setCommand("network.source", cluster.source)];
        return cluster.source === "kubeconfig" ? [] : [{ key: "network", message, fix }];
    }
    if (network.source === "new" && cluster.source === "kubeconfig") {
        const message = "is new, but cluster.source is kubeconfig: that cluster is not in this network";
        return [{ key: "network.source", message, fix: [removeCommand("network")] }];
    }
    if (network.source === "new" && cluster.source === "existing") {
        const message = `is new, but cluster.source is ${cluster.source}: that cluster already has a network`;
        return [{ key: "network.source", message, fix: [setCommand("network.source", "existing")] }];
    }
    if (network.source === "new" || cluster.source !== "new") {
        return [];
    }
    const roles = [
        "apiEndpoint",
        "workers",
        ...(cluster.cni === "OCI_VCN_IP_NATIVE" ? ["pods" as const] : []),
    ] as const;
    return roles
        .filter((role) => network.subnets[role] === undefined)
        .map((role) => ({
            key: `network.subnets.${role}`,
            message: "is missing; a new cluster needs it",
            fix: [setCommand(`network.subnets.${role}`, "<ocid1.subnet...>")],
        }));
};

/** Every range that must not meet another one, by the setting it comes from. */
export function usedRanges({ network, cluster }: Partial<Settings>): {
    vcn?: string;
    subnets: Record<string, string>;
    cluster: Record<string, string>;
} {
    const ranges: Record<string, string> = {};
    if (cluster?.source === "new") {
        ranges["cluster.servicesCidr"] = cluster.servicesCidr;
        if (cluster.cni === "FLANNEL_OVERLAY") {
            ranges["cluster.podsCidr"] = cluster.podsCidr;
        }
    }
    if (network?.source !== "new") {
        return { subnets: {}, cluster: ranges };
    }
    const { pods, bastion, ...always } = network.subnets;
    const subnets: Record<string, string> = {
        ...always,
        ...(network.bastion ? { bastion } : {}),
        ...(cluster?.source === "new" && cluster.cni === "OCI_VCN_IP_NATIVE" ? { pods } : {}),
    };
    const keyed = Object.entries(subnets).map(([role, range]) => [`network.subnets.${role}`, range] as const);
    return { vcn: network.cidr, subnets: Object.fromEntries(keyed), cluster: ranges };
}

const vcnSize: Rule = ({ network }) => {
    const bits = network?.source === "new" ? prefixLength(network.cidr) : 16;
    const fix = [setCommand("network.cidr", "<a range of /16 to /30>")];
    return bits >= 16 && bits <= 30
        ? []
        : [{ key: "network.cidr", message: `is a /${bits}, OCI allows /16 to /30`, fix }];
};

const subnetsInsideVcn: Rule = (settings) => {
    const { vcn, subnets } = usedRanges(settings);
    return Object.entries(subnets)
        .filter(([, range]) => vcn !== undefined && !contains(vcn, range))
        .map(([key, range]) => ({
            key,
            message: `is ${range}, outside network.cidr ${vcn}`,
            fix: [setCommand(key, `<a range inside ${vcn}>`)],
        }));
};

const noOverlaps: Rule = (settings) => {
    const { vcn, subnets, cluster } = usedRanges(settings);
    const cidrs = Object.entries(cluster);
    const pairs = [
        ...everyPair(Object.entries(subnets)),
        ...everyPair(cidrs),
        ...(vcn ? cidrs.map((range) => [range, ["network.cidr", vcn]] as const) : []),
    ];
    return pairs
        .filter(([[, one], [, other]]) => overlaps(one, other))
        .map(([[key, range], [otherKey, otherRange]]): Problem => ({
            key,
            message: `is ${range}, which overlaps ${otherKey} ${otherRange}`,
            fix: [setCommand(key, "<a range of its own>")],
        }));
};

export const networkRules = [networkFitsCluster, vcnSize, subnetsInsideVcn, noOverlaps];

/** Addresses of a range that instances can have. */
export function usableAddresses(range: string): number {
    return 2 ** (32 - prefixLength(range)) - RESERVED_ADDRESSES;
}

export function prefixLength(range: string): number {
    return ipaddr.IPv4.parseCIDR(range)[1];
}

/** Whether two ranges have addresses in common: of two networks, one lies in the other then. */
export function overlaps(one: string, other: string): boolean {
    return contains(one, other) || contains(other, one);
}

function everyPair<T>(items: T[]): (readonly [T, T])[] {
    return items.flatMap((one, index) => items.slice(0, index).map((other) => [one, other] as const));
}
