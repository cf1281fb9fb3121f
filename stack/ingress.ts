import { entryOf } from "../components/entry";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { CertManager } from "../components/certificates/certManager";
import {
    GatewayCertificates,
    type CertificateSource,
    type GatewayCertificate,
} from "../components/certificates/gatewayCertificates";
import { gatewayApiCrds } from "../components/gatewayApi/crds";
import type { MeshService } from "../components/mesh/meshService";
import { GatewayApiIngress } from "../components/traffic/ingress/gatewayApiIngress";
import { gatewayRoutes } from "../components/traffic/httpRoutes";
import { isExposed, type ExposedService, type HostTls, type IngressArgs } from "../components/traffic/ingress/ingress";
import { IstioIngress } from "../components/traffic/ingress/istioIngress";
import { istioIngressClass } from "../components/traffic/ingress/istioIngressClass";
import { KubernetesIngress } from "../components/traffic/ingress/kubernetesIngress";
import { certificatesIn, day, validTo } from "../config/pem";
import type { Settings } from "../config/schema";
import type { CertificateSettings } from "../config/schema/gatewayTls";
import type { Mesh } from "../mesh/mesh";
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
 * Opens every service that is exposed, with the kinds that `gateway.kind` names. Each waits for the pods that answer, or the
 * gateway would have no backend for a while.
 */
export function openServices(
    settings: Settings,
    mesh: Mesh,
    answering: Workloads["answering"],
    gatewayNamespace: pulumi.Input<string>,
    opts: pulumi.ComponentResourceOptions,
): void {
    const { kind, ports, serviceType, gatewayApiManifest } = settings.gateway;
    const exposed = mesh.services.filter(isExposed);
    const tls = tlsByHost(mesh);
    if (exposed.length === 0) {
        return;
    }
    const argsOf = (service: ExposedService): IngressArgs => ({ service, ports, gatewayNamespace, tls });
    const answered = (service: MeshService) => pulumi.mergeOptions(opts, { dependsOn: answering(service) });
    const nameOf = ({ name, exposure }: ExposedService) => `${exposure.application ?? name}-ingress`;
    switch (kind) {
        case "istio":
            for (const service of exposed) {
                const http = gatewayRoutes(service, entryOf(mesh.traffic, service.name));
                new IstioIngress(nameOf(service), { ...argsOf(service), http }, answered(service));
            }
            return;
        case "ingress": {
            const className = istioIngressClass("ingress-class", opts).metadata.name;
            const waitForAddress = serviceType === "LoadBalancer";
            for (const service of exposed) {
                const args = { ...argsOf(service), className, waitForAddress };
                new KubernetesIngress(nameOf(service), args, answered(service));
            }
            return;
        }
        case "gateway-api": {
            const kinds =
                gatewayApiManifest === "none" ? [] : [gatewayApiCrds("gateway-api", gatewayApiManifest, opts)];
            for (const service of exposed) {
                const onKinds = pulumi.mergeOptions(answered(service), { dependsOn: kinds });
                new GatewayApiIngress(nameOf(service), argsOf(service), onKinds);
            }
        }
    }
}

/** How each host is encrypted; those of plain HTTP are left out. */
export function tlsByHost({ hosts }: Mesh): Record<string, HostTls> {
    return Object.fromEntries(hosts.flatMap(({ host, tls }) => (tls ? [[host, tls.served]] : [])));
}
