import { ANNOTATIONS } from "../annotations";
import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { withDefaults } from "../defaults";
import { Certificate } from "./certManager";
import { certificateAuthority, issuedCertificate, VALIDITY, type KeyPair, type Validity } from "./generated";

/** Where a certificate comes from. */
export type CertificateSource = ExistingSecret | GeneratedCertificate | CertificateFiles | IssuedByCertManager;

/** Somebody else keeps the Secret. */
export interface ExistingSecret {
    /** Tells it from the others. */
    source: "existing";
}

/** Made here, with a CA of its own, for development: keys are in the stack's state. */
export interface GeneratedCertificate extends Partial<Validity> {
    /** Tells it from the others. */
    source: "generated";
}

/** A certificate of the user's. */
export interface CertificateFiles {
    /** Tells it from the others. */
    source: "files";
    /** The certificate with its chain, PEM. */
    certificate: pulumi.Input<string>;
    /** Its private key, PEM. Kept as a secret. */
    key: pulumi.Input<string>;
    /** Day on which it expires, for people who look at the Secret. @default not noted */
    ends?: string;
}

/** cert-manager requests it from an issuer, and renews it. */
export interface IssuedByCertManager {
    /** Tells it from the others. */
    source: "cert-manager";
    /** The issuer, which must exist. */
    issuer: {
        /** Its name. */
        name: string;
        /** Its kind; an `Issuer` is one in the gateway's namespace. @default "ClusterIssuer" */
        kind?: "ClusterIssuer" | "Issuer";
    };
}

/** A certificate of the gateway. */
export interface GatewayCertificate {
    /** Name of the Secret. */
    credentialName: string;
    /** Hosts it is for. */
    hosts: string[];
    /** Clients have to show a certificate as well. @default false */
    mutual?: boolean;
    /** Where it comes from. */
    from: CertificateSource;
}

/** Arguments of `GatewayCertificates`. */
export interface GatewayCertificatesArgs {
    /** Namespace of the gateway's pods: they read Secrets of no other. */
    namespace: pulumi.Input<string>;
    /** Each Secret once. */
    certificates: GatewayCertificate[];
    /** CAs of client certificates, PEM. @default the generated CA, or `ca.crt` of a Secret that exists */
    clientCa?: pulumi.Input<string>;
}

/**
 * The Secrets with which the ingress gateway serves HTTPS. Proxies take up a changed one within seconds, without a restart.
 * Guide: "Securing Gateways with TLS".
 *
 * @example
 * ```ts
 * new GatewayCertificates(
 *     "certificates",
 *     {
 *         namespace: controlPlane.namespace,
 *         certificates: [
 *             {
 *                 credentialName: "shop-tls",
 *                 hosts: ["shop.example.com"],
 *                 from: { source: "cert-manager", issuer: { name: "letsencrypt" } },
 *             },
 *         ],
 *     },
 *     { provider, dependsOn: controlPlane },
 * );
 * ```
 */
export class GatewayCertificates extends Component {
    /** CA of generated certificates, PEM: what clients trust. @default none is generated */
    readonly ca?: pulumi.Output<string>;
    /** A certificate and key with which a client is let in where the CA is generated; secrets. @default none */
    readonly client?: Pick<KeyPair, "certificate" | "key">;

    private authority?: KeyPair;

    constructor(name: string, args: GatewayCertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("certificates:GatewayCertificates", name, opts);

        for (const each of args.certificates) {
            this.provide(name, each, args);
        }
        const ca = this.authority;
        const mutual = args.certificates.find(({ mutual, from }) => mutual && from.source === "generated");
        if (ca && args.clientCa === undefined && mutual?.from.source === "generated") {
            const client = {
                ca,
                dnsNames: [],
                commonName: "client",
                use: "client_auth" as const,
                ...withDefaults(mutual.from, VALIDITY),
            };
            this.client = issuedCertificate(`${name}-client`, client, this.childOptions);
        }
        this.ca = ca?.certificate;
        this.registerOutputs({ ca: this.ca });
    }

    private provide(
        name: string,
        { credentialName, hosts, mutual, from }: GatewayCertificate,
        { namespace, clientCa }: GatewayCertificatesArgs,
    ): void {
        const resourceName = `${name}-${credentialName}`;
        const accepts = (otherwise?: pulumi.Input<string>): Record<string, pulumi.Input<string>> => {
            const cas = clientCa ?? otherwise;
            return mutual && cas !== undefined ? { "ca.crt": cas } : {};
        };
        const secret = (objectName: string, data: Record<string, pulumi.Input<string>>, ends?: pulumi.Input<string>) =>
            new Secret(
                objectName === credentialName ? resourceName : `${resourceName}-cacert`,
                {
                    metadata: {
                        name: objectName,
                        namespace,
                        ...(ends !== undefined && { annotations: { [ANNOTATIONS.certificateExpiry]: ends } }),
                    },
                    type: "tls.crt" in data ? "kubernetes.io/tls" : "Opaque",
                    stringData: data,
                },
                this.childOptions,
            );
        switch (from.source) {
            case "generated": {
                const [commonName = credentialName] = hosts;
                // One for all of them.
                const ca = (this.authority ??= certificateAuthority(`${name}-ca`, this.childOptions));
                const issued = {
                    ...withDefaults(from, VALIDITY),
                    ca,
                    dnsNames: hosts,
                    commonName,
                    use: "server_auth" as const,
                };
                const { certificate, key, ends } = issuedCertificate(`${resourceName}-leaf`, issued, this.childOptions);
                secret(credentialName, { "tls.crt": certificate, "tls.key": key, ...accepts(ca.certificate) }, ends);
                return;
            }
            case "files":
                secret(
                    credentialName,
                    { "tls.crt": from.certificate, "tls.key": pulumi.secret(from.key), ...accepts() },
                    from.ends,
                );
                return;
            case "cert-manager":
                new Certificate(
                    resourceName,
                    {
                        metadata: { name: credentialName, namespace },
                        spec: {
                            secretName: credentialName,
                            dnsNames: hosts,
                            issuerRef: { name: from.issuer.name, kind: from.issuer.kind ?? "ClusterIssuer" },
                            privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
                            usages: ["digital signature", "server auth"],
                        },
                    },
                    this.childOptions,
                );
                break;
            case "existing":
        }
        // Istio reads client CAs from a separate Secret if the certificate's Secret is managed outside this stack.
        if (mutual && clientCa !== undefined) {
            secret(`${credentialName}-cacert`, { "ca.crt": clientCa });
        }
    }
}
