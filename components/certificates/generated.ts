import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

/** A certificate and its private key, in PEM. */
export interface KeyPair {
    /** The certificate. */
    certificate: pulumi.Output<string>;
    /** The private key, a secret. */
    key: pulumi.Output<string>;
    /** When the certificate ends, RFC 3339. */
    ends: pulumi.Output<string>;
}

/** How long a certificate is valid, and how early `pulumi up` makes the next one. */
export interface Validity {
    /** Days the certificate is valid. @default 90 */
    validityDays: number;
    /** Days before it expires from which `pulumi up` renews it. @default 30 */
    renewBeforeDays: number;
}

/** Of certificates whose validity nobody says. */
export const VALIDITY: Validity = { validityDays: 90, renewBeforeDays: 30 };

const HOURS = 24;

/** Outlives what it signs; a new CA means that clients have to trust another one. */
const CA_VALIDITY: Validity = { validityDays: 3650, renewBeforeDays: 365 };

/** A certificate authority for trying things out: its key is in the stack's state. */
export function certificateAuthority(name: string, opts: pulumi.CustomResourceOptions): KeyPair {
    const key = privateKey(`${name}-key`, opts);
    const certificate = new tls.SelfSignedCert(
        name,
        {
            privateKeyPem: key,
            subject: { commonName: "oke-mesh CA", organization: "oke-mesh" },
            isCaCertificate: true,
            setSubjectKeyId: true,
            allowedUses: ["cert_signing", "crl_signing"],
            ...hours(CA_VALIDITY),
        },
        opts,
    );
    return { certificate: certificate.certPem, key, ends: certificate.validityEndTime };
}

/**
 * A certificate of that authority, for a server by its host names or for a client. Within `renewBeforeDays` of its end the
 * provider replaces it with the next `pulumi up`.
 */
export function issuedCertificate(
    name: string,
    args: { ca: KeyPair; dnsNames: string[]; commonName: string; use: "server_auth" | "client_auth" } & Validity,
    opts: pulumi.CustomResourceOptions,
): KeyPair {
    const key = privateKey(`${name}-key`, opts);
    const request = new tls.CertRequest(
        `${name}-request`,
        { privateKeyPem: key, dnsNames: args.dnsNames, subject: { commonName: args.commonName } },
        opts,
    );
    const certificate = new tls.LocallySignedCert(
        name,
        {
            certRequestPem: request.certRequestPem,
            caCertPem: args.ca.certificate,
            caPrivateKeyPem: args.ca.key,
            allowedUses: ["digital_signature", args.use],
            ...hours(args),
        },
        opts,
    );
    return { certificate: certificate.certPem, key, ends: certificate.validityEndTime };
}

function privateKey(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
    const key = new tls.PrivateKey(name, { algorithm: "ECDSA", ecdsaCurve: "P256" }, opts);
    return pulumi.secret(key.privateKeyPem);
}

function hours({ validityDays, renewBeforeDays }: Validity) {
    return { validityPeriodHours: validityDays * HOURS, earlyRenewalHours: renewBeforeDays * HOURS };
}
