import { ANNOTATIONS } from "../annotations";
import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { Certificate } from "./certManager";
import { certificateAuthority, issuedCertificate, type KeyPair, type Validity } from "./generated";

/** Where a certificate comes from. */
export type CertificateSource =
    /** Somebody else keeps the Secret. */
    | { source: "existing" }
    /** Made here, with a CA of its own. */
    | ({ source: "generated" } & Validity)
    /** PEM texts; `ends` is the day it ends. */
    | { source: "files"; certificate: pulumi.Input<string>; key: pulumi.Input<string>; ends: string }
    /** cert-manager requests it from an issuer. */
    | { source: "cert-manager"; issuer: { name: string; kind: "ClusterIssuer" | "Issuer" } };

export interface GatewayCertificate {
    /** Name of the Secret. */
    credentialName: string;
    /** Hosts it is for. */
    hosts: string[];
    /** Clients have to show a certificate as well. */
    mutual: boolean;
    from: CertificateSource;
}

export interface GatewayCertificatesArgs {
    /** Namespace of the gateway's pods: they read Secrets of no other. */
    namespace: pulumi.Input<string>;
    certificates: GatewayCertificate[];
    /** CAs of client certificates, PEM. @default the generated CA, or `ca.crt` of a Secret that exists */
    clientCa?: pulumi.Input<string>;
}

/**
 * The Secrets with which the ingress gateway serves HTTPS. Proxies take up a changed one within seconds, without a restart.
 * Guide: "Securing Gateways with TLS".
 */
export class GatewayCertificates extends Component {
    /** CA of generated certificates, PEM: what clients trust. */
    readonly ca?: pulumi.Output<string>;
    /** A certificate and key with which a client is let in where the CA is generated; secrets. */
    readonly client?: Pick<KeyPair, "certificate" | "key">;

    private authority?: KeyPair;

    constructor(name: string, args: GatewayCertificatesArgs, opts: pulumi.ComponentResourceOptions) {
        super("certificates:GatewayCertificates", name, opts);

        for (const each of args.certificates) {
            this.provide(name, each, args);
        }
        const ca = this.authority;
        const mutual = args.certificates.find(({ mutual, from }) => mutual && from.source === "generated");
        if (ca && args.clientCa === undefined && mutual?.from.source === "generated") {
            const client = { ca, dnsNames: [], commonName: "client", use: "client_auth" as const, ...mutual.from };
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
                const issued = { ...from, ca, dnsNames: hosts, commonName, use: "server_auth" as const };
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
                            issuerRef: from.issuer,
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
