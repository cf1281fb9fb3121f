import type * as pulumi from "@pulumi/pulumi";
import type { Exposure, MeshService } from "../../mesh/meshService";

/** Kinds of objects that open the gateway: Istio's own, Kubernetes' Ingress, or the Gateway API's. */
export type GatewayKind = "istio" | "ingress" | "gateway-api";

/** How the gateway encrypts what it serves of one host. */
export interface HostTls {
    /** `SIMPLE`: the gateway shows a certificate. `MUTUAL`: clients have to show one too. */
    mode: "SIMPLE" | "MUTUAL";
    /** Secret in the gateway's namespace with `tls.crt` and `tls.key`, and for `MUTUAL` `ca.crt`. */
    credentialName: string;
    /** Oldest version of TLS that is accepted. */
    minProtocolVersion: "TLSV1_2" | "TLSV1_3";
}

/** A service that the gateway opens to the outside. */
export interface ExposedService extends MeshService {
    exposure: Exposure;
}

/** What all ways in have in common. */
export interface IngressArgs {
    service: ExposedService;
    /** Ports that the ingress gateway's Service has. */
    ports: { http: number; https: number };
    /** By host; hosts without an entry are served as plain HTTP. HTTP is redirected for those with one. @default none */
    tls?: Record<string, HostTls>;
    /** Namespace of the ingress gateway and of the Secrets it reads. */
    gatewayNamespace: pulumi.Input<string>;
}

export function isExposed<Service extends MeshService>(service: Service): service is Service & ExposedService {
    return service.exposure !== undefined;
}

/** Hosts that are served alike, with how; those of plain HTTP have no `tls`. */
export function groupedByTls({ service, tls = {} }: Pick<IngressArgs, "service" | "tls">): {
    hosts: string[];
    tls?: HostTls;
}[] {
    const groups = new Map<string, { hosts: string[]; tls?: HostTls }>();
    for (const host of service.exposure.hosts) {
        const key = JSON.stringify(tls[host] ?? null);
        const group = groups.get(key) ?? { hosts: [], tls: tls[host] };
        group.hosts.push(host);
        groups.set(key, group);
    }
    return [...groups.values()];
}

/**
 * Names of the objects: an application's are those of Istio's samples, others follow their service's name, of which there is one.
 * Services of two namespaces may have one host, and the Gateway API's Gateways of both stand in the gateway's namespace.
 */
export function ingressNames({ name, exposure }: MeshService): { gateway: string; routes: string } {
    const { application } = exposure ?? {};
    return application === undefined
        ? { gateway: `${name}-gateway`, routes: `${name}-ingress` }
        : { gateway: `${application}-gateway`, routes: application };
}
