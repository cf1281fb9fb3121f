import type { X509Certificate } from "node:crypto";
import { certificatesIn, day, privateKeyIn, validTo } from "../pem";
import { setCommand, type Problem } from "../problems";

/** Paths of PEM files, by the setting that names each. */
interface Files {
    certificate?: string;
    key?: string;
    clientCa?: string;
}

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
    const privateKey = key === undefined ? undefined : privateKeyIn(key);
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

/** For a wildcard host, the certificate has to have that very wildcard; any host is served with any certificate. */
function names(certificate: X509Certificate, host: string): boolean {
    if (host === "*") {
        return true;
    }
    return host.startsWith("*.")
        ? (certificate.subjectAltName ?? "").split(", ").includes(`DNS:${host}`)
        : certificate.checkHost(host) !== undefined;
}
