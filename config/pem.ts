import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The certificates of a PEM file; none if it cannot be read. */
export function certificatesIn(path: string | undefined): X509Certificate[] {
    try {
        const text = path === undefined ? "" : readFileSync(path, "utf8");
        return [...text.matchAll(PEM_CERTIFICATE)].map(([pem]) => new X509Certificate(pem));
    } catch {
        return [];
    }
}

export function validTo(certificate: X509Certificate): Date {
    return new Date(certificate.validTo);
}

/** A date without its time, such as 2027-02-28. */
export function day(date: Date): string {
    return date.toISOString().slice(0, 10);
}

/** The private key of a PEM file; undefined if it cannot be read, or not without a password. */
export function privateKeyIn(path: string): KeyObject | undefined {
    try {
        return createPrivateKey(readFileSync(path));
    } catch {
        return undefined;
    }
}
