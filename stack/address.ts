import * as pulumi from "@pulumi/pulumi";
import type { IngressGateway } from "../components/istio/ingressGateway";
import { DnsRecords } from "../components/oci/dnsRecords";
import { findReservedIp, newReservedIp } from "../components/oci/reservedIp";
import type { StackSettings } from "../config/load";
import { recordedHosts, type Mesh } from "../mesh/mesh";
import { onOci, type ClusterFoundation } from "./cluster";
import { reported } from "./gateway";

/** The address that the gateway keeps, made or found as the settings say; undefined if it goes with the load balancer. */
export function reserveAddress(settings: StackSettings, { oci }: ClusterFoundation): pulumi.Output<string> | undefined {
    const { reservedIp } = settings;
    if (reservedIp?.source !== "new") {
        return reservedIp && findReservedIp(reservedIp.id, oci);
    }
    const { compartmentId, protect } = reservedIp;
    const { displayName, ...tags } = onOci(settings);
    return newReservedIp("gateway-ip", { compartmentId, protect, displayName: `${displayName}-gateway`, ...tags }, oci);
}

/** DNS records of the gateway's hosts. */
export function recordHosts(
    { gateway: { dns } }: StackSettings,
    mesh: Mesh,
    { oci }: ClusterFoundation,
    gateway: IngressGateway,
    reservedIp: pulumi.Output<string> | undefined,
): void {
    if (dns === undefined) {
        return;
    }
    const { zone, viewId, ttl } = dns;
    new DnsRecords(
        "gateway-records",
        {
            // Known no earlier than the release, so that a load balancer that is replaced takes its records along: a record
            // that stays behind leads to whoever gets the address next.
            zone: reservedIp ? zone : pulumi.all([zone, gateway.release.id]).apply(([name]) => name),
            viewId,
            ttl,
            hosts: recordedHosts(mesh),
            address: reservedIp ?? reported(gateway.address),
        },
        { ...oci, dependsOn: gateway },
    );
}
