// @peculiar/x509 injects its parts through it.
import "reflect-metadata";
import { webcrypto, type webcrypto as Crypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto as unknown as globalThis.Crypto);

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

type Keys = Crypto.CryptoKeyPair;

/** A certificate and its private key, PEM. */
export interface Pair {
    certificate: string;
    key: string;
}

/** What a certificate says, in the words of `@pulumi/tls`. */
export interface Request {
    commonName: string;
    dnsNames?: string[];
    uses: string[];
    isCa?: boolean;
    validityHours: number;
    notBefore?: Date;
}

/** Key usages (RFC 5280) by the names of `@pulumi/tls`. */
const KEY_USAGES: Record<string, x509.KeyUsageFlags> = {
    digital_signature: x509.KeyUsageFlags.digitalSignature,
    key_encipherment: x509.KeyUsageFlags.keyEncipherment,
    cert_signing: x509.KeyUsageFlags.keyCertSign,
    crl_signing: x509.KeyUsageFlags.cRLSign,
};

const EXTENDED_USAGES: Record<string, string> = {
    server_auth: x509.ExtendedKeyUsage.serverAuth,
    client_auth: x509.ExtendedKeyUsage.clientAuth,
};

export async function newKey(): Promise<string> {
    const keys = await webcrypto.subtle.generateKey(ECDSA, true, ["sign", "verify"]);
    return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
}

/** Both halves of a private key. */
async function keysOf(pem: string): Promise<Keys> {
    const [der] = x509.PemConverter.decode(pem) as [ArrayBuffer];
    const privateKey = await webcrypto.subtle.importKey("pkcs8", der, ECDSA, true, ["sign"]);
    const { kty, crv, x, y } = await webcrypto.subtle.exportKey("jwk", privateKey);
    const publicKey = await webcrypto.subtle.importKey("jwk", { kty, crv, x, y }, ECDSA, true, ["verify"]);
    return { privateKey, publicKey };
}

/** A certificate for `key`, signed by `issuer` or by itself. */
export async function sign(key: string, request: Request, issuer?: Pair): Promise<string> {
    const keys = await keysOf(key);
    const issuing = issuer ? await keysOf(issuer.key) : keys;
    const flags = request.uses.reduce((sum, use) => sum | (KEY_USAGES[use] ?? 0), 0);
    const extended = request.uses.map((use) => EXTENDED_USAGES[use]).filter((use) => use !== undefined);
    const names = (request.dnsNames ?? []).map((value) => ({ type: "dns" as const, value }));
    const notBefore = request.notBefore ?? new Date(Date.now() - 1000);
    const name = `CN=${request.commonName}`;
    const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(8)))
            .toString("hex")
            .replace(/^./, "1"),
        subject: name,
        issuer: issuer ? new x509.X509Certificate(issuer.certificate).subject : name,
        notBefore,
        notAfter: new Date(notBefore.getTime() + request.validityHours * 3_600_000),
        publicKey: keys.publicKey as never,
        signingKey: issuing.privateKey,
        signingAlgorithm: ECDSA,
        extensions: [
            ...(request.isCa ? [new x509.BasicConstraintsExtension(true, undefined, true)] : []),
            new x509.KeyUsagesExtension(flags, true),
            ...(extended.length > 0 ? [new x509.ExtendedKeyUsageExtension(extended)] : []),
            ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
        ],
    });
    return certificate.toString("pem");
}

/** A CA that is good for a day. */
export async function newAuthority(commonName = "test CA"): Promise<Pair> {
    const key = await newKey();
    const uses = ["cert_signing", "crl_signing"];
    return { key, certificate: await sign(key, { commonName, uses, isCa: true, validityHours: 24 }) };
}

/** A certificate of that CA with a key of its own, good for a month. */
export async function newCertificate(authority: Pair, request: Partial<Request> = {}): Promise<Pair> {
    const key = await newKey();
    const whole = {
        commonName: "test",
        uses: ["digital_signature", "server_auth"],
        validityHours: 24 * 30,
        ...request,
    };
    return { key, certificate: await sign(key, whole, authority) };
}
