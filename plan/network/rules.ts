import { at, sourcesOf, type Plan, type Resource } from "../model";
import { ofType } from "../query";
import { items, text } from "../words";

/** A rule of a network security group or a subnet's security list. */
export interface Rule {
    urn: string;
    /** URN of the group, or of the subnet whose list it is in. */
    owner: string;
    direction: "INGRESS" | "EGRESS";
    /** URN of a group, or a network. */
    peer: string;
    /** Whether the peer is Oracle's services. */
    isService: boolean;
    /** `all`, or protocol and ports, such as `TCP 6443`. */
    traffic: string;
}

/** Path MTU discovery, which every subnet allows: nothing that a reader would look for. */
const PATH_MTU = { type: 3, code: 4 };

/** The security rules of a plan, without those for path MTU discovery. */
export function rulesOf(plan: Plan): Rule[] {
    const ofGroups = ofType(plan, "NetworkSecurityGroupSecurityRule").map(({ urn, inputs }) => {
        const isEgress = inputs.direction === "EGRESS";
        return ruleOf(urn, urnIn(inputs.networkSecurityGroupId) ?? "", isEgress, inputs);
    });
    const ofLists = ofType(plan, "SecurityList").flatMap((list) => {
        const [subnet] = ofType(plan, "Subnet").filter(({ inputs }) => usesList(inputs, list));
        const rules = (isEgress: boolean) =>
            items<object>(list.inputs[isEgress ? "egressSecurityRules" : "ingressSecurityRules"]).map((rule) =>
                ruleOf(list.urn, subnet?.urn ?? "", isEgress, rule),
            );
        return [...rules(false), ...rules(true)];
    });
    return [...ofGroups, ...ofLists].filter(({ traffic }) => traffic !== "");
}

function usesList(subnet: object, { urn }: Resource): boolean {
    return items(at(subnet, "securityListIds")).some((list) => urnIn(list) === urn);
}

function ruleOf(urn: string, owner: string, isEgress: boolean, rule: object): Rule {
    const side = isEgress ? "destination" : "source";
    const peer = at(rule, side);
    return {
        urn,
        owner,
        direction: isEgress ? "EGRESS" : "INGRESS",
        peer: urnIn(peer) ?? text(peer ?? ""),
        isService: at(rule, `${side}Type`) === "SERVICE_CIDR_BLOCK",
        traffic: trafficOf(rule),
    };
}

function urnIn(value: unknown): string | undefined {
    return sourcesOf(value)[0];
}

const PROTOCOLS: Record<string, string> = { "1": "ICMP", "6": "TCP", "17": "UDP" };

function trafficOf(rule: object): string {
    const number = text(at(rule, "protocol") ?? "all");
    const protocol = PROTOCOLS[number] ?? number;
    const icmp = at(rule, "icmpOptions");
    if (at(icmp, "type") === PATH_MTU.type && at(icmp, "code") === PATH_MTU.code) {
        return "";
    }
    const options = at(rule, "tcpOptions") ?? at(rule, "udpOptions");
    // Rules of groups have the range one level deeper than those of lists.
    const range = at(options, "destinationPortRange") ?? options;
    const [min, max] = [at(range, "min"), at(range, "max")];
    return min === undefined ? protocol : `${protocol} ${text(min)}${min === max ? "" : `-${text(max)}`}`;
}
