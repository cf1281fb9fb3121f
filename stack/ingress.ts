import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { CertManager } from "../components/certificates/certManager";
import {
    GatewayCertificates,
    type CertificateSource,
    type GatewayCertificate,
} from "../components/certificates/gatewayCertificates";
import { gatewayApiCrds } from "../components/gatewayApi/crds";
import { isExposed, type Exposure } from "../components/mesh/meshService";
import { GatewayApiIngress, hostListeners } from "../components/traffic/ingress/gatewayApiIngress";
import type { HostIngress, HostTls, IngressArgs } from "../components/traffic/ingress/ingress";
import { IstioIngress } from "../components/traffic/ingress/istioIngress";
import { istioIngressClass } from "../components/traffic/ingress/istioIngressClass";
import { KubernetesIngress } from "../components/traffic/ingress/kubernetesIngress";
import { certificatesIn, day, validTo } from "../config/pem";
import type { Settings } from "../config/schema";
import type { CertificateSettings } from "../config/schema/gatewayTls";
import { behind, type Mesh } from "../mesh/mesh";
import type { Workloads } from "./workloads";

/** The certificates that the settings ask for; undefined if everything is plain HTTP. */
export function provideCertificates(
    settings: Settings,
    mesh: Mesh,
    namespace: pulumi.Input<string>,
    opts: pulumi.ComponentResourceOptions,
): GatewayCertificates | undefined {
    const { tls } = settings.gateway;
    const certificates = certificatesOf(mesh);
    if (!tls || certificates.length === 0) {
        return undefined;
    }
    const manager = tls.installCertManager ? new CertManager("cert-manager", {}, opts) : undefined;
    const clientCa = tls.clientCa === undefined ? undefined : read(tls.clientCa);
    return new GatewayCertificates(
        "gateway-certificates",
        { namespace, certificates, clientCa },
        manager ? pulumi.mergeOptions(opts, { dependsOn: manager }) : opts,
    );
}

/** Hosts that share a certificate share its Secret. */
function certificatesOf(mesh: Mesh): GatewayCertificate[] {
    const bySecret = new Map<string, GatewayCertificate>();
    for (const { host, tls } of mesh.hosts) {
        if (tls?.certificate) {
            const { credentialName, mode } = tls.served;
            const { hosts = [], mutual = false } = bySecret.get(credentialName) ?? {};
            bySecret.set(credentialName, {
                credentialName,
                hosts: [...hosts, host],
                // Hosts of either mode may share a Secret that is managed outside this stack.
                mutual: mutual || mode === "MUTUAL",
                from: sourceOf(tls.certificate),
            });
        }
    }
    return [...bySecret.values()];
}

function sourceOf(certificate: CertificateSettings): CertificateSource {
    if (certificate.source !== "files") {
        return certificate;
    }
    const [leaf] = certificatesIn(certificate.certificate);
    return {
        source: "files",
        certificate: read(certificate.certificate),
        key: pulumi.secret(read(certificate.key)),
        ends: leaf ? day(validTo(leaf)) : "",
    };
}

/** The settings' rules have made sure that it can be read. */
function read(path: string): string {
    return readFileSync(path, "utf8");
}

/**
 * Opens every host that services are behind, with the kinds that `gateway.kind` names. Each waits for the pods that answer, or
 * the gateway would have no backend for a while.
 */
export function openServices(
    settings: Settings,
    mesh: Mesh,
    answering: Workloads["answering"],
    gatewayNamespace: pulumi.Input<string>,
    opts: pulumi.ComponentResourceOptions,
): void {
    const { kind, ports, serviceType, gatewayApiManifest } = settings.gateway;
    const fronts = frontsOf(mesh, answering);
    if (fronts.length === 0) {
        return;
    }
    const argsOf = ({ application, hosts }: Front): IngressArgs => ({ application, hosts, ports, gatewayNamespace });
    switch (kind) {
        case "istio":
            for (const front of fronts.filter(({ hosts }) => hosts.length > 0)) {
                new IstioIngress(front.name, argsOf(front), optsOf(front, opts));
            }
            return;
        case "ingress": {
            const className = istioIngressClass("ingress-class", opts).metadata.name;
            const waitForAddress = serviceType === "LoadBalancer";
            for (const front of byNamespace(fronts)) {
                const args = { ...argsOf(front), className, waitForAddress };
                new KubernetesIngress(front.name, args, optsOf(front, opts));
            }
            return;
        }
        case "gateway-api": {
            const kinds =
                gatewayApiManifest === "none" ? [] : [gatewayApiCrds("gateway-api", gatewayApiManifest, opts)];
            const listeners = new Map(fronts.flatMap(hostListeners));
            let gateways: GatewayApiIngress["gateways"] = {};
            for (const front of fronts) {
                const routes = mesh.services
                    .filter(isExposed)
                    .filter(({ exposure }) => exposure.application === front.application?.name)
                    .map((service) => ({
                        service,
                        at: hostsOf(service.exposure).flatMap((host) => listeners.get(host) ?? []),
                        pods: answering(service),
                    }));
                const args = { ...argsOf(front), routes, gateways };
                const onKinds = pulumi.mergeOptions(optsOf(front, opts), { dependsOn: kinds });
                ({ gateways } = new GatewayApiIngress(front.name, args, onKinds));
            }
        }
    }
}

/** In an order that does not depend on the settings', but for Bookinfo's. */
function hostsOf({ hosts, application }: Exposure): string[] {
    return application === undefined ? [...hosts].sort() : hosts;
}

/** Hosts that are opened together: those of Bookinfo, and all others. */
interface Front extends Pick<IngressArgs, "application" | "hosts"> {
    name: string;
    /** What all of it waits for. */
    pods: pulumi.Resource[];
}

function optsOf({ pods }: Front, opts: pulumi.ComponentResourceOptions): pulumi.ComponentResourceOptions {
    return pulumi.mergeOptions(opts, { dependsOn: pods });
}

/** The fronts with what of each host is in the application's namespace, and what is elsewhere: an Ingress is in one. */
function byNamespace([first, second]: Front[]): Front[] {
    const namespace = first?.application?.namespace;
    if (!first || namespace === undefined || !second) {
        return first ? [first] : [];
    }
    const elsewhere = first.hosts
        .map((host) => ({ ...host, behind: host.behind.filter(({ service }) => service.namespace !== namespace) }))
        .filter((host) => host.behind.length > 0);
    return [first, { ...second, hosts: [...second.hosts, ...elsewhere] }];
}

function frontsOf(mesh: Mesh, answering: Workloads["answering"]): Front[] {
    const hosts = mesh.hosts
        .map((open) => ({
            host: open.host,
            tls: open.tls?.served,
            behind: behind(mesh, open).map((each) => ({ ...each, pods: answering(each.service) })),
        }))
        .filter((each) => each.behind.length > 0);
    const page = mesh.services.find(({ exposure }) => exposure?.application !== undefined);
    const name = page?.exposure?.application;
    const isOfPage = (each: HostIngress) => each.behind.some(({ service }) => service === page);
    const others = { name: "services-ingress", hosts: hosts.filter((each) => !isOfPage(each)), pods: [] };
    const isElsewhere = mesh.services.some((service) => service.exposure && service !== page);
    if (!page || name === undefined) {
        return isElsewhere ? [others] : [];
    }
    const application = { name, namespace: page.namespace };
    const own = { name: `${name}-ingress`, application, hosts: hosts.filter(isOfPage), pods: answering(page) };
    return isElsewhere ? [own, others] : [own];
}

/** How each host is encrypted; those of plain HTTP are left out. */
export function tlsByHost({ hosts }: Mesh): Record<string, HostTls> {
    return Object.fromEntries(hosts.flatMap(({ host, tls }) => (tls ? [[host, tls.served]] : [])));
}
