import * as core from "@pulumi/oci/core";
import type * as pulumi from "@pulumi/pulumi";
import type { Cni } from "./okeNetwork";
import { wrongArgument } from "../wrongArgument";

/** The role whose network security group a rule is in. */
export type Role = "apiEndpoint" | "workers" | "pods" | "loadBalancers";

/** The other end of a rule. */
export type Peer = { nsg: Role } | { cidr: string } | { oracleServices: true };

/** Traffic that a rule allows. TCP without `ports` is every port; `pathMtu` is ICMP type 3 code 4, "fragmentation needed". */
export type Traffic = { protocol: "tcp"; ports?: { min: number; max: number } } | { protocol: "pathMtu" | "all" };

/** One stateful rule of one network security group. */
export interface Rule {
    role: Role;
    direction: "ingress" | "egress";
    peer: Peer;
    traffic: Traffic;
    description: string;
    /** Identifies the rule by its content, and names the resource: a change elsewhere in the table affects no other rule. */
    key: string;
}

/** What a load balancer is open for. */
export interface Listeners {
    /** TCP ports; empty without a load balancer. */
    ports: number[];
    /** Networks that may reach them. */
    allowedCidrs: string[];
    /** Packets keep their source, so nodes admit these networks too. @default false */
    preserveSource?: boolean;
}

export interface SecurityRulesArgs {
    /** Pod networking of the cluster. With flannel, pods speak with the addresses of their nodes and have no group. */
    cni: Cni;
    /** Addresses of the VCN. */
    vcnCidr: string;
    /** Networks that may reach the Kubernetes API, in addition to nodes, pods and bastion. */
    endpointAllowedCidrs: string[];
    /** Subnet of the OCI Bastion, which does not support network security groups. @default no bastion */
    bastionCidr?: string;
    /** Ports of the gateway's load balancer, and the networks that may reach them. */
    listeners: Listeners;
    /** Nodes and pods may open connections to the internet. */
    workerInternetAccess: boolean;
}

const all: Traffic = { protocol: "all" };
const pathMtu: Traffic = { protocol: "pathMtu" };
const tcp = (min?: number, max = min): Traffic =>
    min === undefined || max === undefined ? { protocol: "tcp" } : { protocol: "tcp", ports: { min, max } };

const ORACLE_SERVICES: Peer = { oracleServices: true };
const INTERNET: Peer = { cidr: "0.0.0.0/0" };

/** HTTPS pulls images; the guide's walk through egress also calls a plain HTTP service outside. */
const INTERNET_PORTS = [443, 80];

/**
 * The rules OCI documents for OKE, as pairs wherever both ends are ours: an egress rule here and its ingress rule there.
 * https://docs.oracle.com/en-us/iaas/Content/ContEng/Concepts/contengnetworkconfig.htm
 * https://docs.oracle.com/en-us/iaas/Content/ContEng/Concepts/contengnetworkconfigexample.htm
 * docs/network.md lists them, with each difference from the documented ones.
 */
export function securityRules(args: SecurityRulesArgs): Rule[] {
    const native = args.cni === "OCI_VCN_IP_NATIVE";
    const compute: Role[] = native ? ["workers", "pods"] : ["workers"];
    const rules = [
        ...compute.flatMap((role) => [
            ...flow(role, "apiEndpoint", tcp(6443), "Kubernetes API"),
            ...flow(role, "apiEndpoint", tcp(12250), "OKE control plane"),
            ...flow(role, role, all, "among themselves"),
            rule(role, "egress", ORACLE_SERVICES, tcp(), "Oracle services: images, telemetry, OKE"),
        ]),
        ...(native ? nativePodRules() : flow("apiEndpoint", "workers", tcp(), "kubelet, webhooks and aggregated APIs")),
        rule("apiEndpoint", "egress", ORACLE_SERVICES, tcp(), "Oracle services: OKE control plane"),
        ...pathMtuRules(args.vcnCidr, native),

        // Documented for every protocol; the gateway's listeners are TCP, so nothing else could come this way.
        // Load balancers reach pods through the nodes' NodePorts with VCN-native pods too, so pods need no rule for them.
        ...flow("loadBalancers", "workers", tcp(30000, 32767), "NodePorts of LoadBalancer Services"),
        ...(args.listeners.preserveSource && args.listeners.ports.length > 0 ? args.listeners.allowedCidrs : []).map(
            (cidr) =>
                rule("workers", "ingress", { cidr }, tcp(30000, 32767), "NodePorts, for clients whose address is kept"),
        ),
        ...flow("loadBalancers", "workers", tcp(10256), "kube-proxy, the load balancer's health check"),
        ...args.listeners.allowedCidrs.flatMap((cidr) =>
            args.listeners.ports.map((port) =>
                rule("loadBalancers", "ingress", { cidr }, tcp(port), "gateway listener"),
            ),
        ),

        ...args.endpointAllowedCidrs.map((cidr) =>
            rule("apiEndpoint", "ingress", { cidr }, tcp(6443), "Kubernetes API for a listed network"),
        ),
        ...(args.bastionCidr === undefined ? [] : bastionRules(args.bastionCidr)),
        ...(args.workerInternetAccess ? compute : []).flatMap((role) =>
            INTERNET_PORTS.map((port) => rule(role, "egress", INTERNET, tcp(port), "internet through the NAT gateway")),
        ),
    ];
    // The same network may be listed twice, or be the bastion's: still one rule.
    return [...new Map(rules.map((each) => [each.key, each])).values()];
}

function nativePodRules(): Rule[] {
    return [
        ...flow("apiEndpoint", "workers", tcp(10250), "kubelet"),
        ...flow("apiEndpoint", "pods", all, "webhooks (istiod: 15017) and aggregated APIs"),
        ...flow("workers", "pods", all, "probes, NodePorts, host network to pods"),
        // OCI documents the receiving half only; the metrics server reads kubelets this way.
        ...flow("pods", "workers", all, "kubelets, host network, NodePorts"),
    ];
}

/**
 * Path MTU discovery. OCI documents 0.0.0.0/0 for the nodes; the VCN is enough, as connections to the internet settle
 * their segment size between the two ends, and it keeps the rules free of the whole internet.
 */
function pathMtuRules(vcnCidr: string, native: boolean): Rule[] {
    const reason = "path MTU discovery";
    return [
        rule("apiEndpoint", "ingress", { nsg: "workers" }, pathMtu, reason),
        rule("apiEndpoint", "egress", { nsg: "workers" }, pathMtu, reason),
        rule("apiEndpoint", "egress", ORACLE_SERVICES, pathMtu, reason),
        rule("workers", "ingress", { cidr: vcnCidr }, pathMtu, reason),
        rule("workers", "egress", { cidr: vcnCidr }, pathMtu, reason),
        ...(native ? [rule("pods", "egress", ORACLE_SERVICES, pathMtu, reason)] : []),
    ];
}

/** The halves at the API endpoint and the nodes; the bastion's own half is its subnet's security list. */
function bastionRules(cidr: string): Rule[] {
    return [
        rule("apiEndpoint", "ingress", { cidr }, tcp(6443), "Kubernetes API for bastion sessions"),
        rule("workers", "ingress", { cidr }, tcp(22), "SSH for bastion sessions"),
    ];
}

/** The two rules for traffic from one role to another. */
function flow(from: Role, to: Role, traffic: Traffic, description: string): Rule[] {
    return [
        rule(from, "egress", { nsg: to }, traffic, description),
        rule(to, "ingress", { nsg: from }, traffic, description),
    ];
}

function rule(role: Role, direction: Rule["direction"], peer: Peer, traffic: Traffic, description: string): Rule {
    const other = "nsg" in peer ? peer.nsg : "cidr" in peer ? peer.cidr.replace("/", "-") : "oracleServices";
    const ports = traffic.protocol === "tcp" && traffic.ports;
    const range = !ports ? "" : ports.min === ports.max ? `-${ports.min}` : `-${ports.min}-${ports.max}`;
    const key = `${role}-${direction}-${direction === "ingress" ? "from" : "to"}-${other}-${traffic.protocol}${range}`;
    return { role, direction, peer, traffic, description, key };
}

export interface RuleTargets {
    nsgIds: Partial<Record<Role, pulumi.Input<string>>>;
    /** CIDR label of the region's `All ... Services In Oracle Services Network`. */
    oracleServicesLabel: pulumi.Input<string>;
}

/** Creates the rules, each named `${name}-${key}`. */
export function createSecurityRules(
    name: string,
    rules: Rule[],
    targets: RuleTargets,
    opts: pulumi.CustomResourceOptions,
): core.NetworkSecurityGroupSecurityRule[] {
    return rules.map((each) => {
        const { direction, traffic, description } = each;
        return new core.NetworkSecurityGroupSecurityRule(
            `${name}-${each.key}`,
            {
                networkSecurityGroupId: nsgId(targets, each.role),
                ...(direction === "ingress"
                    ? { direction: "INGRESS", ...endOf(each.peer, targets, "source") }
                    : { direction: "EGRESS", ...endOf(each.peer, targets, "destination") }),
                protocol: { tcp: "6", pathMtu: "1", all: "all" }[traffic.protocol],
                tcpOptions:
                    traffic.protocol === "tcp" && traffic.ports ? { destinationPortRange: traffic.ports } : undefined,
                icmpOptions: traffic.protocol === "pathMtu" ? { type: 3, code: 4 } : undefined,
                description,
            },
            opts,
        );
    });
}

function endOf(peer: Peer, targets: RuleTargets, end: "source" | "destination") {
    const [value, type] =
        "nsg" in peer
            ? [nsgId(targets, peer.nsg), "NETWORK_SECURITY_GROUP"]
            : "cidr" in peer
              ? [peer.cidr, "CIDR_BLOCK"]
              : [targets.oracleServicesLabel, "SERVICE_CIDR_BLOCK"];
    return { [end]: value, [`${end}Type`]: type };
}

function nsgId({ nsgIds }: RuleTargets, role: Role): pulumi.Input<string> {
    const id = nsgIds[role];
    if (id === undefined) {
        throw wrongArgument(`nsgIds.${role}`, "is missing, and rules are about it");
    }
    return id;
}
