import * as dns from "@pulumi/oci/dns";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";

export const DEFAULT_TTL = 300;

/** Arguments of `DnsRecords`. */
export interface DnsRecordsArgs {
    /** Name or OCID of the zone, which exists. A change deletes the records first, and makes them anew. */
    zone: pulumi.Input<string>;
    /** OCID of the view of a private zone. Required if the zone is named by its name. @default the zone's own */
    viewId?: pulumi.Input<string>;
    /** Names in the zone, wildcards included. */
    hosts: string[];
    /** The address that all of them have. */
    address: pulumi.Input<string>;
    /** Seconds that resolvers may keep an answer. @default 300 */
    ttl?: number;
}

/**
 * A records of an OCI DNS zone. A name that has an A record already is refused (409), not taken over.
 * https://docs.oracle.com/en-us/iaas/Content/DNS/home.htm
 *
 * @example
 * ```ts
 * new DnsRecords("dns", { zone: "example.com", hosts: ["shop.example.com"], address: "203.0.113.7" });
 * ```
 */
export class DnsRecords extends Component {
    constructor(name: string, args: DnsRecordsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("oci:DnsRecords", name, opts);
        const { zone, viewId, ttl = DEFAULT_TTL, address } = args;
        for (const domain of args.hosts) {
            new dns.Rrset(
                `${name}-${domain}`,
                {
                    zoneNameOrId: zone,
                    viewId,
                    domain,
                    rtype: "A",
                    items: [{ domain, rtype: "A", rdata: address, ttl }],
                },
                // A name has one set of records of each type.
                { ...this.childOptions, deleteBeforeReplace: true },
            );
        }
        this.registerOutputs({});
    }
}
