import { newAuthority, newCertificate, type Pair } from "../../support/certificates";
import { kubectl } from "./command";
import { overrides } from "./cluster";

export const HOST = "bookinfo.example.com";
export const SECOND = "second.example.com";

const SECRETS: Record<string, string> = { [HOST]: "verified-tls", [SECOND]: "second-tls" };

const certificateOf = (host: string) => ({ source: "existing", secretName: SECRETS[host] });

/** Several features at once: the checks of each must hold beside those of the others. */
export const verifiedSettings = () =>
    overrides({
        clients: { curl: true, httpbin: true, legacy: true },
        gateway: {
            hosts: [HOST, SECOND],
            tls: {
                mode: "simple",
                certificate: certificateOf(HOST),
                hosts: { [SECOND]: { certificate: certificateOf(SECOND) } },
            },
        },
        traffic: { scenario: "reviews-split", services: { details: { route: { v1: 100 }, timeout: "3s" } } },
        security: {
            mtls: { mode: "STRICT" },
            authorization: { mode: "zero-trust", calls: { curl: ["reviews"] } },
        },
    });

/** Certificates of the hosts, of an authority of their own, in the Secrets that the settings name. */
export class Certificates {
    private constructor(private readonly authority: Pair) {}

    static async new(): Promise<Certificates> {
        return new Certificates(await newAuthority());
    }

    /** Serves at a host what is for it, or for another, for a month from now or from another day. */
    async serve(host: string, { of = host, notBefore }: { of?: string; notBefore?: Date } = {}): Promise<void> {
        const pair = await newCertificate(this.authority, {
            ...{ commonName: of, dnsNames: [of], notBefore },
            uses: ["digital_signature", "server_auth"],
        });
        const secret = {
            ...{ apiVersion: "v1", kind: "Secret", type: "kubernetes.io/tls" },
            metadata: { name: SECRETS[host], namespace: "istio-system" },
            stringData: { "tls.crt": pair.certificate, "tls.key": pair.key },
        };
        await apply(secret);
    }

    serveAll = () => Promise.all([this.serve(HOST), this.serve(SECOND)]);

    static remove = (hosts = [HOST, SECOND]) =>
        kubectl([
            "delete",
            "secret",
            ...hosts.map((host) => SECRETS[host]!),
            "-n",
            "istio-system",
            "--ignore-not-found",
        ]);
}

/** Applies an object over whatever is there. */
export const apply = (given: object) =>
    kubectl(
        ["apply", "--server-side", "--field-manager", "oke-mesh-test", "--force-conflicts", "-f", "-"],
        JSON.stringify(given),
    );
