import * as core from "@pulumi/oci/core";
import type { VcnPlace } from "./vcnPlace";

export interface SubnetArgs {
    /** Purpose of the subnet: part of its names. */
    role: string;
    /** Its addresses, a range inside the VCN's. */
    cidr: string;
    /** Name in the VCN's DNS, at most 15 letters and digits. Cannot be changed. */
    dnsLabel: string;
    /** Whether network interfaces may have public addresses. Changing it replaces the subnet. */
    public: boolean;
    routeTable: core.RouteTable;
    /** Egress rules of its security list, for resources without network security groups. @default none */
    egress?: core.SecurityListArgs["egressSecurityRules"];
    /** Refuse to delete the subnet. @default false */
    protect?: boolean;
}

/** A regional subnet with a security list of its own. */
export function createSubnet({ name, displayName, inputs, opts }: VcnPlace, args: SubnetArgs): core.Subnet {
    const securityList = new core.SecurityList(
        `${name}-${args.role}-security-list`,
        {
            ...inputs,
            displayName: `${displayName}-${args.role}`,
            ingressSecurityRules: [],
            egressSecurityRules: args.egress ?? [],
        },
        {
            ...opts,
            // Network security groups have the rules. For a Service of type LoadBalancer without annotations, though,
            // OKE's cloud controller writes rules into the lists of the subnets, by default into the VCN's list that all
            // share. Each subnet has its own for that, and rules that the controller writes there are not removed.
            // https://github.com/oracle-terraform-modules/terraform-oci-oke/pull/565
            // https://github.com/oracle-terraform-modules/terraform-oci-oke/pull/783
            ignoreChanges: args.egress ? [] : ["ingressSecurityRules", "egressSecurityRules"],
        },
    );
    return new core.Subnet(
        `${name}-${args.role}-subnet`,
        {
            ...inputs,
            displayName: `${displayName}-${args.role}`,
            cidrBlock: args.cidr,
            dnsLabel: args.dnsLabel,
            prohibitPublicIpOnVnic: !args.public,
            routeTableId: args.routeTable.id,
            securityListIds: [securityList.id],
        },
        // Two subnets cannot share addresses or a DNS label, so the old one is deleted first.
        { ...opts, protect: args.protect, deleteBeforeReplace: true },
    );
}

/** The letters and digits of a name that a DNS label may have: at most 15, a letter first. */
export function dnsLabel(name: string): string {
    const label = name.toLowerCase().replace(/[^a-z0-9]/g, "");
    return (/^[a-z]/.test(label) ? label : `vcn${label}`).slice(0, 15);
}
