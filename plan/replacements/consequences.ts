import { at, type Resource } from "../model";
import { isRelease, shortType } from "../query";
import type { Cause, Replacement } from "./replacements";

/** What is lost with an OCI resource. */
const LOST: Record<string, string> = {
    Cluster:
        "everything in the cluster is deleted with it, volumes included; kubeconfig and the gateway's address change",
    NodePool: "its nodes are deleted; their pods start on other nodes or stay pending",
    Vcn: "everything in the network is deleted with it",
    Subnet: "everything in it is deleted first",
    PublicIp: "its address goes back to OCI, and others may get it: DNS records and allow lists that name it are wrong",
    Rrset: "clients do not find its name without the record",
    ApmDomain: "its traces and metrics are lost, and tracers need its new key",
    Log: "the lines it holds are lost",
    Bastion: "its open sessions end",
};

/** Warnings to read before `pulumi up`, one line each. */
export function consequencesOf(replacements: Replacement[], removed: Resource[], before: Resource[]): string[] {
    const protectedBefore = new Set(before.filter(({ protect }) => protect).map(({ urn }) => urn));
    const warn = (resource: Resource, what: string, because: Cause[] = []) => {
        const lost = consequence(resource, because);
        const refused = protectedBefore.has(resource.urn)
            ? "; it is protected: `pulumi up` fails until an earlier `pulumi up` has removed the protection"
            : "";
        return lost === undefined ? [] : [`${nameOf(resource)} is ${what}: ${lost}${refused}.`];
    };
    return [
        ...replacements.flatMap(({ resource, deletedFirst, because }) => {
            const what = deletedFirst ? "deleted, then created again" : "created again, then the old one is deleted";
            return warn(resource, what, because);
        }),
        ...removed.flatMap((resource) => warn(resource, "deleted")),
    ];
}

function consequence(resource: Resource, because: Cause[]): string | undefined {
    const { type, inputs } = resource;
    if (isRelease(resource) && at(inputs, "values", "service", "type") === "LoadBalancer") {
        const kept = because.length > 0 && at(inputs, "values", "service", "loadBalancerIP") !== undefined;
        const changes = because.some(({ property }) => property === "values.service.loadBalancerIP");
        return `its load balancer is deleted with it, and the address ${kept && !changes ? "stays" : "changes"}`;
    }
    return type.startsWith("oci:") ? LOST[shortType(type)] : undefined;
}

/** `Cluster oke-cluster` */
export function nameOf({ type, name }: Pick<Resource, "type" | "name">): string {
    return `${shortType(type)} ${name}`;
}
