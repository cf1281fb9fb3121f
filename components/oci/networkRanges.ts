import * as ipaddr from "ipaddr.js";
import { wrongArgument } from "../wrongArgument";

/** Address ranges of the subnets, in CIDR notation. */
export interface NetworkRanges {
    /** Of the Kubernetes API endpoint. @default "10.0.0.0/28" */
    apiEndpoint?: string;
    /** Of the nodes, one address each. @default "10.0.1.0/24" */
    workers?: string;
    /** Of load balancers. @default "10.0.2.0/24" */
    loadBalancers?: string;
    /** Of the OCI Bastion; made only with `bastion`. @default "10.0.3.0/24" */
    bastion?: string;
    /** Of pods, one address each; made only with VCN-native pods. @default "10.0.32.0/19" */
    pods?: string;
}

/** The subnets of Oracle's example for VCN-native pods. */
export const NETWORK_RANGES = {
    apiEndpoint: "10.0.0.0/28",
    workers: "10.0.1.0/24",
    loadBalancers: "10.0.2.0/24",
    bastion: "10.0.3.0/24",
    pods: "10.0.32.0/19",
} satisfies NetworkRanges;

/** Refuses ranges outside of the VCN's: OCI would, after minutes. Those that are not made are false or absent. */
export function rangesInside(cidr: string, subnets: Partial<Record<keyof NetworkRanges, string | false>>): void {
    for (const [role, range] of Object.entries(subnets)) {
        if (range && !contains(cidr, range)) {
            throw wrongArgument(`subnets.${role}`, `is ${range}, outside of cidr ${cidr}`);
        }
    }
}

/** Whether a range lies in another, or is it. */
export function contains(outer: string, innerRange: string): boolean {
    const [address, bits] = ipaddr.IPv4.parseCIDR(innerRange);
    const [network, networkBits] = ipaddr.IPv4.parseCIDR(outer);
    return bits >= networkBits && address.match(network, networkBits);
}
