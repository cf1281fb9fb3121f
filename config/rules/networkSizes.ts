import * as ipaddr from "ipaddr.js";
import { securityRules } from "../../components/oci/securityRules";
import { setCommand, type Problem } from "../problems";
import { LOAD_BALANCER_DEFAULTS } from "../schema/gateway";
import type { NodePoolSettings } from "../schema/cluster";
import { prefixLength, usableAddresses, usedRanges } from "./network";
import { mostNodes } from "./nodePools";
import { onMesh, type Rule } from "./rule";

const subnetSize: Rule = (settings) =>
    Object.entries(usedRanges(settings).subnets)
        .filter(([, range]) => prefixLength(range) > 30)
        .map(([key, range]) => ({
            key,
            message: `is ${range}; OCI's smallest subnet is a /30`,
            fix: [setCommand(key, "<a range of /30 or more>")],
        }));

/** Addresses that a load balancer takes: one for each of its two halves. */
const LOAD_BALANCER_ADDRESSES = 2;

const loadBalancerFits: Rule = (settings) => {
    const key = "network.subnets.loadBalancers";
    const range = usedRanges(settings).subnets[key];
    // Below /30 it is no subnet at all.
    if (range === undefined || prefixLength(range) > 30 || usableAddresses(range) >= LOAD_BALANCER_ADDRESSES) {
        return [];
    }
    const usable = usableAddresses(range);
    const message = `is ${range} with ${usable} address, but a load balancer takes ${LOAD_BALANCER_ADDRESSES}`;
    return [{ key, message, fix: [setCommand(key, "<a range of /29 or more>")] }];
};

/** Nodes of a pool while it is cycled. */
function nodesAtMost(pool: NodePoolSettings): number {
    const surge = pool.cycling?.maximumSurge ?? "0";
    const count = Number.parseInt(surge);
    const nodes = mostNodes(pool);
    return nodes + (surge.endsWith("%") ? Math.ceil((nodes * count) / 100) : count);
}

const poolsFitSubnets: Rule = ({ cluster, network }) => {
    if (cluster?.source !== "new" || network?.source !== "new") {
        return [];
    }
    const nodes = sum(cluster.nodePools.map(nodesAtMost));
    const pods = sum(cluster.nodePools.map((pool) => nodesAtMost(pool) * pool.maxPodsPerNode));
    const surge = nodes > sum(cluster.nodePools.map(mostNodes)) ? " while they are cycled" : "";
    const needs = { workers: nodes, ...(cluster.cni === "OCI_VCN_IP_NATIVE" ? { pods } : {}) };
    return Object.entries(needs).flatMap(([role, count]): Problem[] => {
        const range = network.subnets[role as keyof typeof needs];
        const usable = Math.max(0, usableAddresses(range));
        const message = `is ${range} with ${usable} addresses, but the node pools need ${count}${surge}`;
        const key = `network.subnets.${role}`;
        return count > usable ? [{ key, message, fix: [setCommand(key, "<a larger range>")] }] : [];
    });
};

/** Flannel on OKE gives each node a range of this size for its pods. */
const FLANNEL_NODE_BITS = 25;

const flannelPodsFit: Rule = ({ cluster }) => {
    if (cluster?.source !== "new" || cluster.cni !== "FLANNEL_OVERLAY") {
        return [];
    }
    const nodes = sum(cluster.nodePools.map(nodesAtMost));
    const room = Math.floor(2 ** (FLANNEL_NODE_BITS - prefixLength(cluster.podsCidr)));
    const key = "cluster.podsCidr";
    const message = `is ${cluster.podsCidr}, enough for ${room} nodes with a /${FLANNEL_NODE_BITS} each, but the node pools need ${nodes}`;
    return nodes > room ? [{ key, message, fix: [setCommand(key, "<a larger range>")] }] : [];
};

/** From what an API server takes to what Istio, Bookinfo and the add-ons need. */
const SERVICES_BITS = { largest: 12, smallest: 26 };

const servicesSize: Rule = ({ cluster }) => {
    const bits = cluster?.source === "new" ? prefixLength(cluster.servicesCidr) : SERVICES_BITS.largest;
    const key = "cluster.servicesCidr";
    const { largest, smallest } = SERVICES_BITS;
    const message = `is a /${bits}, must be a /${largest} to /${smallest}`;
    const fix = [setCommand(key, `<a range of /${largest} to /${smallest}>`)];
    return bits >= largest && bits <= smallest ? [] : [{ key, message, fix }];
};

/**
 * Ranges that OCI keeps for itself or that lead nowhere.
 * https://docs.oracle.com/en-us/iaas/Content/Network/Concepts/overview.htm#Private
 */
const RESERVED = ["linkLocal", "multicast", "reserved", "loopback", "unspecified", "broadcast"];

const usableRanges: Rule = (settings) => {
    const { vcn, cluster } = usedRanges(settings);
    // Subnets lie in the VCN.
    const ranges = { ...(vcn === undefined ? {} : { "network.cidr": vcn }), ...cluster };
    return Object.entries(ranges)
        .filter(([, range]) => RESERVED.includes(ipaddr.IPv4.parseCIDR(range)[0].range()))
        .map(([key, range]) => ({
            key,
            message: `is ${range}, which is reserved; use one of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16`,
            fix: [setCommand(key, "<a private range>")],
        }));
};

/** https://docs.oracle.com/en-us/iaas/Content/Network/Concepts/networksecuritygroups.htm#limits */
const RULES_IN_GROUP = 120;

/** The lists of networks from which rules are made, and the roles whose groups they go to. */
const LISTS = {
    "cluster.endpoint.allowedCidrs": ["apiEndpoint"],
    "gateway.loadBalancer.allowedCidrs": ["loadBalancers", "workers"],
};

const rulesFitGroups = onMesh((mesh, { network, cluster, gateway }) => {
    if (network?.source !== "new" || cluster?.source !== "new") {
        return [];
    }
    const { loadBalancer = LOAD_BALANCER_DEFAULTS } = gateway;
    const rules = securityRules({
        cni: cluster.cni,
        vcnCidr: network.cidr,
        endpointAllowedCidrs: cluster.endpoint.allowedCidrs,
        bastionCidr: network.bastion && network.subnets.bastion,
        listeners: {
            ports: mesh.gateway.ports.map(({ port }) => port),
            allowedCidrs: loadBalancer.allowedCidrs,
            preserveSource: gateway.clientAddresses?.source === "preserve-source",
        },
        workerInternetAccess: network.workerInternetAccess,
    });
    return Object.entries(LISTS).flatMap(([key, roles]): Problem[] => {
        const count = Math.max(...roles.map((role) => rules.filter((rule) => rule.role === role).length));
        const message = `makes ${count} rules in one network security group, OCI allows ${RULES_IN_GROUP}; use larger networks`;
        return count > RULES_IN_GROUP ? [{ key, message, fix: [setCommand(`${key}[0]`, "<a larger network>")] }] : [];
    });
});

export const networkSizeRules = [
    subnetSize,
    loadBalancerFits,
    poolsFitSubnets,
    flannelPodsFit,
    servicesSize,
    usableRanges,
    rulesFitGroups,
];

function sum(numbers: number[]): number {
    return numbers.reduce((total, number) => total + number, 0);
}
