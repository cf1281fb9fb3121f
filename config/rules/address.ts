import { recordedHosts } from "../../mesh/mesh";
import { removeCommand, setCommand, type Problem } from "../problems";
import { onMesh, type Rule } from "./rule";

const RESERVED = "gateway.loadBalancer.reservedIp";
const DNS = "gateway.dns";

/** https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/contengconfiguringloadbalancersnetworkloadbalancers-subtopic.htm */
const reservedIsPublic: Rule = ({ gateway }) => {
    const { internal, reservedIp } = gateway?.loadBalancer ?? {};
    const message = "is a public address, but gateway.loadBalancer.internal gives the load balancer a private one only";
    return internal && reservedIp ? [{ key: RESERVED, message, fix: [removeCommand(RESERVED)] }] : [];
};

/** Records need an address that OCI gives. */
const recordsHaveAddress: Rule = (settings) => {
    const { gateway } = settings;
    if (!gateway?.dns || !("network" in settings)) {
        return [];
    }
    const fix = [removeCommand(DNS)];
    if (gateway.serviceType !== "LoadBalancer") {
        const message = `has no address for its records: with gateway.serviceType ${gateway.serviceType} there is no load balancer`;
        return [{ key: DNS, message, fix }];
    }
    const message = "has no address for its records: without network there is no OCI load balancer";
    return settings.network === undefined ? [{ key: DNS, message, fix }] : [];
};

const viewOfNamedZone: Rule = ({ gateway }) => {
    const { zone = "", viewId } = gateway?.dns ?? {};
    const key = `${DNS}.viewId`;
    const message = `has no effect with an OCID in ${DNS}.zone: the zone says which view it is in`;
    return viewId !== undefined && zone.startsWith("ocid1.") ? [{ key, message, fix: [removeCommand(key)] }] : [];
};

const hostsInZone = onMesh((mesh, { gateway: { dns, hosts } }): Problem[] => {
    if (dns === undefined) {
        return [];
    }
    const names = recordedHosts(mesh);
    if (names.length === 0) {
        const fix = mesh.hosts.some(({ owner }) => owner === "gateway.hosts" && hosts.includes("*"))
            ? [setCommand("gateway.hosts[0]", "<host in the zone>")]
            : [removeCommand(DNS)];
        return [{ key: DNS, message: "has no host to make a record of: `*` and addresses are no names", fix }];
    }
    // The name of a zone that is given by its OCID is not known here: OCI refuses records outside of it.
    return dns.zone.startsWith("ocid1.")
        ? []
        : mesh.hosts
              .filter(({ host }) => names.includes(host) && !`.${host}`.endsWith(`.${dns.zone}`))
              .map(({ host, key }) => ({
                  key,
                  message: `is ${host}, which is not in ${DNS}.zone ${dns.zone}`,
                  fix: [setCommand(key, `<host in ${dns.zone}>`)],
              }));
});

export const addressRules = [reservedIsPublic, recordsHaveAddress, viewOfNamedZone, hostsInZone];
