import { removeCommand, type Problem } from "../problems";
import type { Settings } from "../schema";
import type { Rule } from "./rule";

/** Lists of which OCI takes each entry once, by their keys. */
function listsOf({ network, cluster, gateway }: Partial<Settings>): Record<string, string[]> {
    const lists: Record<string, string[] | undefined> = {
        "gateway.loadBalancer.allowedCidrs": gateway?.loadBalancer?.allowedCidrs,
    };
    if (network?.source === "new") {
        lists["network.bastion.allowedCidrs"] = network.bastion?.allowedCidrs;
    }
    if (network?.source === "existing") {
        Object.entries(network.nsgs).forEach(([role, ids]) => (lists[`network.nsgs.${role}`] = ids));
    }
    if (cluster?.source === "new") {
        lists["cluster.endpoint.allowedCidrs"] = cluster.endpoint.allowedCidrs;
        lists["cluster.availabilityDomains"] = cluster.availabilityDomains;
        lists["cluster.imageSigningKeyIds"] = cluster.imageSigningKeyIds;
        cluster.nodePools.forEach(({ faultDomains }, pool) => {
            lists[`cluster.nodePools[${pool}].faultDomains`] = faultDomains;
        });
    }
    return Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, list ?? []]));
}

/** The last one comes first, because a command that removes an entry moves those behind it. */
const listedOnce: Rule = (settings) =>
    Object.entries(listsOf(settings)).flatMap(([list, entries]) =>
        entries
            .flatMap((entry, index): Problem[] => {
                const key = `${list}[${index}]`;
                const first = entries.indexOf(entry);
                const message = `is ${entry}, the same as ${list}[${first}]`;
                return first < index ? [{ key, message, fix: [removeCommand(key)] }] : [];
            })
            .reverse(),
    );

/** https://docs.oracle.com/en-us/iaas/Content/Bastion/Concepts/bastionoverview.htm */
const BASTION_NETWORKS = 20;

const bastionNetworks: Rule = ({ network }) => {
    const listed = (network?.source === "new" && network.bastion?.allowedCidrs.length) || 0;
    const key = "network.bastion.allowedCidrs";
    const message = `has ${listed} networks, OCI allows ${BASTION_NETWORKS}; use larger networks`;
    const fix = [removeCommand(`${key}[<one that another network holds>]`)];
    return listed > BASTION_NETWORKS ? [{ key, message, fix }] : [];
};

/** https://docs.oracle.com/en-us/iaas/Content/Tagging/Concepts/taggingoverview.htm#limits */
const TAGS = { freeform: 10, defined: 64 };

const tagsOnResource: Rule = ({ tags }) =>
    (["freeform", "defined"] as const).flatMap((kind): Problem[] => {
        const count = Object.keys(tags?.[kind] ?? {}).length;
        const message = `has ${count} tags, OCI allows ${TAGS[kind]} on one resource`;
        const fix = [removeCommand(`tags.${kind}.<one of them>`)];
        return count > TAGS[kind] ? [{ key: `tags.${kind}`, message, fix }] : [];
    });

export const listRules = [listedOnce, bastionNetworks, tagsOnResource];
