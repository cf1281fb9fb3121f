import type { Release } from "@pulumi/kubernetes/helm/v3";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { customObject } from "../customObject";
import { helmRelease } from "../helmRelease";

/** The part of a Certificate that this program sets. https://cert-manager.io/docs/reference/api-docs/ */
export interface CertificateSpec {
    /** Name of the Secret that it keeps. */
    secretName: string;
    /** Host names that the certificate is for. */
    dnsNames: string[];
    /** The issuer. */
    issuerRef: {
        /** Its name. */
        name: string;
        /** Its kind. */
        kind: "ClusterIssuer" | "Issuer";
    };
    /** The private key. */
    privateKey: {
        /** Its algorithm. */
        algorithm: "ECDSA" | "RSA";
        /** Its size in bits. */
        size: number;
        /** Whether each renewal has a new key. */
        rotationPolicy: "Always" | "Never";
    };
    /** What it may be used for, such as `server auth`. */
    usages: string[];
}

/** A certificate that cert-manager keeps in a Secret, and renews. */
export class Certificate extends customObject<CertificateSpec>("cert-manager.io/v1", "Certificate") {}

/** cert-manager's chart, in its own repository. https://cert-manager.io/docs/installation/helm/ */
export const CERT_MANAGER = { repository: "https://charts.jetstack.io", chart: "cert-manager", version: "v1.21.1" };

interface CertManagerValues {
    /** Kinds go and come with the release unless kept: certificates should survive it. */
    crds: { enabled: boolean; keep: boolean };
}

/** Arguments of a `CertManager`. */
export interface CertManagerArgs {
    /** Helm repository, OCI registry path, or folder with the chart. @default cert-manager's own */
    chartRepository?: string;
}

/**
 * Installs cert-manager. Issuers are the user's: https://cert-manager.io/docs/configuration/
 *
 * @example
 * ```ts
 * const certManager = new CertManager("cert-manager", {}, { provider });
 * ```
 */
export class CertManager extends Component {
    /** What issuers and certificates wait for. */
    readonly release: Release;

    constructor(name: string, args: CertManagerArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("certificates:CertManager", name, opts);

        const metadata = { name: "cert-manager" };
        const namespace = new Namespace(`${name}-namespace`, { metadata }, this.childOptions);
        this.release = helmRelease<CertManagerValues>(
            `${name}-release`,
            {
                ...CERT_MANAGER,
                repository: args.chartRepository ?? CERT_MANAGER.repository,
                releaseName: "cert-manager",
                namespace: namespace.metadata.name,
                values: { crds: { enabled: true, keep: true } },
            },
            this.childOptions,
        );
        this.registerOutputs({});
    }
}
