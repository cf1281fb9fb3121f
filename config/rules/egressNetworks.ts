import { dotted, setCommand, type Problem } from "../problems";
import type { Settings } from "../schema";
import { contains } from "../../components/oci/networkRanges";
import { overlaps } from "./network";
import type { Rule } from "./rule";

/** Networks of the cluster, as far as the settings say them. */
export function clusterNetworks({ cluster, network }: Partial<Settings>): { name: string; cidr: string }[] {
    if (cluster?.source !== "new") {
        return [];
    }
    const services = [{ name: "cluster.servicesCidr", cidr: cluster.servicesCidr }];
    if (cluster.cni === "FLANNEL_OVERLAY") {
        return [...services, { name: "cluster.podsCidr", cidr: cluster.podsCidr }];
    }
    return network?.source === "new"
        ? [...services, { name: "network.subnets.pods", cidr: network.subnets.pods }]
        : services;
}

/** Every network that goes past sidecars, with its key. */
export function bypassed({ egress }: Partial<Settings>): { key: string; cidr: string }[] {
    const { cidrs = [], workloads = {} } = egress?.bypass ?? {};
    return [
        ...cidrs.map((cidr, index) => ({ key: `egress.bypass.cidrs[${index}]`, cidr })),
        ...Object.entries(workloads).flatMap(([name, networks]) =>
            networks.map((cidr, index) => ({ key: dotted(["egress", "bypass", "workloads", name, index]), cidr })),
        ),
    ];
}

/** What goes past the sidecars is neither encrypted nor governed, so pods and Services must not be among it. */
const bypassLeavesMesh: Rule = (settings) =>
    bypassed(settings).flatMap(({ key, cidr }): Problem[] => {
        const fix = [setCommand(key, "<network outside the cluster>")];
        if (cidr === "0.0.0.0/0") {
            const message = "is 0.0.0.0/0, which is every address, so all traffic would bypass the sidecars";
            return [{ key, message, fix }];
        }
        const inside = clusterNetworks(settings).find((network) => overlaps(cidr, network.cidr));
        const message = `is ${cidr}, which has addresses of ${inside?.name} ${inside?.cidr}: they would bypass the sidecars, without mutual TLS and policies`;
        return inside ? [{ key, message, fix }] : [];
    });

/** The other way round: what is left out here goes past the sidecars. */
const restHoldsMesh: Rule = (settings) => {
    const kept = settings.egress?.bypass.allExcept ?? [];
    const missing = (kept.length > 0 ? clusterNetworks(settings) : []).filter(
        ({ cidr }) => !kept.some((network) => contains(network, cidr)),
    );
    return missing.map(({ name, cidr }) => ({
        key: "egress.bypass.allExcept",
        message: `does not include ${name} ${cidr}: it would bypass the sidecars, without mutual TLS and policies`,
        fix: [setCommand(`egress.bypass.allExcept[${kept.length}]`, cidr)],
    }));
};

/** Kubernetes takes an exception only from a network that is larger. */
const metadataIsException: Rule = ({ security }) =>
    (security?.networkPolicies.egressCidrs ?? []).flatMap((cidr, index): Problem[] => {
        const key = `security.networkPolicies.egressCidrs[${index}]`;
        const message = "is the nodes' metadata service, which returns their credentials and is never allowed";
        return cidr === "169.254.169.254/32" ? [{ key, message, fix: [setCommand(key, "<network>")] }] : [];
    });

export const egressNetworkRules: Rule[] = [bypassLeavesMesh, restHoldsMesh, metadataIsException];
