import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { setCommand, type Problem } from "../problems";

/** Paths of PEM files, by the setting that names each. */
interface Files {
    certificate?: string;
    key?: string;
    clientCa?: string;
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** What is wrong with certificates on this machine: unreadable, over, of another key, of other hosts. Never quotes a file. */
export function certificateFileProblems(section: string, files: Files, hosts: string[], now = new Date()): Problem[] {
    const { certificate, key } = files;
    const problem = (name: keyof Files, message: string): Problem => ({
        key: `${section}.${name}`,
        message: `is ${files[name]}, ${message}`,
        fix: [setCommand(`${section}.${name}`, "<path>")],
    });
    const problems: Problem[] = [];
    for (const name of ["certificate", "clientCa"] as const) {
        const [first] = certificatesIn(files[name]);
        if (files[name] === undefined) {
            continue;
        }
        if (!first) {
            problems.push(problem(name, "which cannot be read as a PEM certificate"));
        } else if (now > validTo(first)) {
            problems.push(problem(name, `which ended on ${day(validTo(first))}`));
        }
    }
    const privateKey = key === undefined ? undefined : readKey(key);
    if (key !== undefined && !privateKey) {
        problems.push(problem("key", "which cannot be read as a PEM private key without a password"));
    }
    const [leaf] = certificatesIn(certificate);
    if (leaf && privateKey && !leaf.checkPrivateKey(privateKey)) {
        problems.push(problem("key", `which is not the key of ${certificate}`));
    }
    const unnamed = leaf ? hosts.filter((host) => !names(leaf, host)) : [];
    if (unnamed.length > 0) {
        problems.push(problem("certificate", `which is not for ${unnamed.join(", ")}`));
    }
    return problems;
}

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

function readKey(path: string): KeyObject | undefined {
    try {
        return createPrivateKey(readFileSync(path));
    } catch {
        return undefined;
    }
}

/** For a wildcard host, the certificate has to have that very wildcard; any host is served with any certificate. */
function names(certificate: X509Certificate, host: string): boolean {
    if (host === "*") {
        return true;
    }
    return host.startsWith("*.")
        ? (certificate.subjectAltName ?? "").split(", ").includes(`DNS:${host}`)
        : certificate.checkHost(host) !== undefined;
}
