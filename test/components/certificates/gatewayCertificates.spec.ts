import { strict as assert } from "node:assert";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import * as tls from "node:tls";
import * as pulumi from "@pulumi/pulumi";
import {
    GatewayCertificates,
    type GatewayCertificatesArgs,
} from "../../../components/certificates/gatewayCertificates";
import { newAuthority, newCertificate, newKey, sign, type Pair } from "../../support/certificates";

const HOST = "bookinfo.example.com";

/** What the provider of `@pulumi/tls` would make of its inputs. A request is passed on as it is. */
const tlsProvider: Record<string, (inputs: Record<string, unknown>) => Promise<Record<string, unknown>>> = {
    "tls:index/privateKey:PrivateKey": async () => ({ privateKeyPem: await newKey() }),
    "tls:index/certRequest:CertRequest": (inputs) => Promise.resolve({ certRequestPem: JSON.stringify(inputs) }),
    "tls:index/selfSignedCert:SelfSignedCert": async (inputs) => {
        const { privateKeyPem, subject, allowedUses, isCaCertificate, validityPeriodHours } = inputs as {
            privateKeyPem: string;
            subject: { commonName: string };
            allowedUses: string[];
            isCaCertificate: boolean;
            validityPeriodHours: number;
        };
        const request = { commonName: subject.commonName, uses: allowedUses, isCa: isCaCertificate };
        return { certPem: await sign(privateKeyPem, { ...request, validityHours: validityPeriodHours }) };
    },
    "tls:index/locallySignedCert:LocallySignedCert": async (inputs) => {
        const { certRequestPem, caCertPem, caPrivateKeyPem, allowedUses, validityPeriodHours } = inputs as {
            certRequestPem: string;
            caCertPem: string;
            caPrivateKeyPem: string;
            allowedUses: string[];
            validityPeriodHours: number;
        };
        const { privateKeyPem, subject, dnsNames } = JSON.parse(certRequestPem) as {
            privateKeyPem: string;
            subject: { commonName: string };
            dnsNames: string[];
        };
        const request = { commonName: subject.commonName, dnsNames, uses: allowedUses };
        const ca = { certificate: caCertPem, key: caPrivateKeyPem };
        return {
            certPem: await sign(privateKeyPem, { ...request, validityHours: validityPeriodHours }, ca),
            validityEndTime: "2027-02-22T00:00:00Z",
        };
    },
};

interface Registered {
    name: string;
    type: string;
    inputs: Record<string, unknown>;
}

const SECRET_MARK = "4dabf18193072939515e22adb298388d";

/** Registers the certificates with that provider at hand, and returns what was registered, secrets opened. */
async function provide(args: Omit<GatewayCertificatesArgs, "namespace">) {
    const registered: Registered[] = [];
    const plainKeys: string[] = [];
    await pulumi.runtime.setMocks({
        newResource: async ({ name, type, inputs }) => {
            const given = inputs as Record<string, unknown>;
            if (type === "kubernetes:core/v1:Secret" && !JSON.stringify(given.stringData).includes(SECRET_MARK)) {
                plainKeys.push(name);
            }
            const opened = open(given) as Record<string, unknown>;
            registered.push({ name, type, inputs: opened });
            return { id: `${name}-id`, state: { ...opened, ...(await tlsProvider[type]?.(opened)) } };
        },
        call: () => ({}),
    });
    const made = new GatewayCertificates("certificates", { namespace: "istio-system", ...args }, {});
    await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
    const value = (output: pulumi.Output<string> | undefined) =>
        new Promise<string>((resolve) => (output ? output.apply(resolve) : resolve("")));
    const secrets = registered.filter(({ type }) => type === "kubernetes:core/v1:Secret");
    return {
        registered,
        plainKeys,
        secret: (name: string) => {
            const found = secrets.find(({ inputs }) => (inputs.metadata as { name: string }).name === name);
            assert.ok(found, `there is no Secret ${name}`);
            return found.inputs as {
                type: string;
                metadata: { annotations?: Record<string, string> };
                stringData: Record<string, string>;
            };
        },
        ca: await value(made.ca),
        client: { certificate: await value(made.client?.certificate), key: await value(made.client?.key) },
        clientKeyIsSecret: made.client ? await pulumi.isSecret(made.client.key) : undefined,
    };
}

function open(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(open);
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    const map = value as Record<string, unknown>;
    return SECRET_MARK in map
        ? open(map.value)
        : Object.fromEntries(Object.entries(map).map(([key, inner]) => [key, open(inner)]));
}

const generated = { source: "generated" as const, validityDays: 90, renewBeforeDays: 30 };

const forBookinfo = (mutual: boolean) => ({
    certificates: [{ credentialName: "gateway-tls", hosts: [HOST, "*.example.org"], mutual, from: generated }],
});

/** Whether a client gets through a handshake with a server that has this Secret, as the gateway would. */
async function handshake(secret: Record<string, string>, mutual: boolean, client: Partial<Pair>, trusted: string) {
    const server = tls.createServer({
        cert: secret["tls.crt"],
        key: secret["tls.key"],
        ca: secret["ca.crt"],
        requestCert: mutual,
        rejectUnauthorized: mutual,
        maxVersion: "TLSv1.2", // a refusal ends the handshake itself, and not the first read after it
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { certificate: cert, key } = client;
    const socket = tls.connect({ port, host: "127.0.0.1", servername: HOST, ca: trusted, cert, key });
    try {
        return await new Promise<string>((resolve) => {
            socket.on("secureConnect", () => resolve(socket.authorized ? "accepted" : "not trusted"));
            socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
        });
    } finally {
        socket.destroy();
        server.close();
    }
}

describe("generated certificates", () => {
    let made: Awaited<ReturnType<typeof provide>>;
    let leaf: X509Certificate;
    let ca: X509Certificate;

    before(async () => {
        made = await provide(forBookinfo(true));
        leaf = new X509Certificate(made.secret("gateway-tls").stringData["tls.crt"]!);
        ca = new X509Certificate(made.ca);
    });

    it("chain to their CA, which may sign and nothing else", () => {
        assert.ok(leaf.verify(ca.publicKey));
        assert.ok(leaf.checkIssued(ca));
        assert.equal(ca.ca, true);
        assert.equal(leaf.ca, false);
    });

    // The guide's certificate has a common name alone, which clients have not looked at for years.
    it("name their hosts as subject alternative names", () => {
        assert.equal(leaf.subjectAltName, `DNS:${HOST}, DNS:*.example.org`);
        assert.equal(leaf.checkHost(HOST), HOST);
        assert.equal(leaf.checkHost("shop.example.org"), "*.example.org");
        assert.equal(leaf.checkHost("other.example.com"), undefined);
    });

    it("are for servers, and the client's for clients", () => {
        assert.deepEqual(leaf.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
        assert.deepEqual(new X509Certificate(made.client.certificate).keyUsage, ["1.3.6.1.5.5.7.3.2"]);
    });

    it("belong to their keys", () => {
        assert.ok(leaf.checkPrivateKey(createPrivateKey(made.secret("gateway-tls").stringData["tls.key"]!)));
        assert.ok(new X509Certificate(made.client.certificate).checkPrivateKey(createPrivateKey(made.client.key)));
    });

    it("are valid as long as they are told, and renewed before", () => {
        const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / 86_400_000;
        assert.equal(Math.round(days), 90);
        const { inputs } = made.registered.find(({ name }) => name === "certificates-gateway-tls-leaf")!;
        assert.equal(inputs.earlyRenewalHours, 30 * 24);
        assert.equal(
            made.secret("gateway-tls").metadata.annotations?.["oke-mesh/certificate-ends"],
            "2027-02-22T00:00:00Z",
        );
    });

    it("stand in a Secret as Istio reads it for mutual TLS, private keys as secrets only", () => {
        const { type, stringData } = made.secret("gateway-tls");
        assert.equal(type, "kubernetes.io/tls");
        assert.deepEqual(Object.keys(stringData).sort(), ["ca.crt", "tls.crt", "tls.key"]);
        assert.deepEqual(made.plainKeys, []);
        assert.equal(made.clientKeyIsSecret, true);
    });

    it("let in who trusts the CA, and with mutual TLS only who has a certificate of it", async () => {
        const { stringData } = made.secret("gateway-tls");
        const stranger = await newCertificate(await newAuthority(), { uses: ["digital_signature", "client_auth"] });
        assert.equal(await handshake(stringData, false, {}, made.ca), "accepted");
        assert.equal(await handshake(stringData, true, made.client, made.ca), "accepted");
        assert.match(await handshake(stringData, true, {}, made.ca), /HANDSHAKE_FAILURE|ECONNRESET/);
        assert.match(await handshake(stringData, true, stranger, made.ca), /ALERT|ECONNRESET/);
        const other = await newAuthority();
        assert.match(await handshake(stringData, false, {}, other.certificate), /SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/);
    });

    it("come without clients' CA and certificate where clients need none", async () => {
        const simple = await provide(forBookinfo(false));
        assert.deepEqual(Object.keys(simple.secret("gateway-tls").stringData), ["tls.crt", "tls.key"]);
        assert.equal(simple.client.certificate, "");
    });

    it("share one CA", async () => {
        const [first] = forBookinfo(false).certificates;
        const second = { ...first!, credentialName: "gateway-tls-b", hosts: ["b.example.com"] };
        const both = await provide({ certificates: [first!, second] });
        const authorities = both.registered.filter(({ type }) => type.endsWith(":SelfSignedCert"));
        assert.equal(authorities.length, 1);
        for (const name of ["gateway-tls", "gateway-tls-b"]) {
            const certificate = new X509Certificate(both.secret(name).stringData["tls.crt"]!);
            assert.ok(certificate.verify(new X509Certificate(both.ca).publicKey));
        }
    });
});

describe("certificates from elsewhere", () => {
    const base = { credentialName: "web", hosts: [HOST] };

    it("of files become a Secret that says when it ends", async () => {
        const { certificate, key } = await newCertificate(await newAuthority(), { dnsNames: [HOST] });
        const from = { source: "files" as const, certificate, key, ends: "2027-01-31" };
        const made = await provide({ certificates: [{ ...base, mutual: true, from }], clientCa: "CA" });
        assert.deepEqual(made.secret("web").stringData, { "tls.crt": certificate, "tls.key": key, "ca.crt": "CA" });
        assert.equal(made.secret("web").metadata.annotations?.["oke-mesh/certificate-ends"], "2027-01-31");
        assert.deepEqual(made.plainKeys, []);
    });

    it("of cert-manager are asked of the issuer, for the Secret that the gateway reads", async () => {
        const from = {
            source: "cert-manager" as const,
            issuer: { name: "letsencrypt", kind: "ClusterIssuer" as const },
        };
        const { registered } = await provide({ certificates: [{ ...base, mutual: false, from }] });
        const { inputs } = registered.find(({ type }) => type === "kubernetes:cert-manager.io/v1:Certificate")!;
        assert.deepEqual(inputs, {
            apiVersion: "cert-manager.io/v1",
            kind: "Certificate",
            metadata: { name: "web", namespace: "istio-system" },
            spec: {
                secretName: "web",
                dnsNames: [HOST],
                issuerRef: { name: "letsencrypt", kind: "ClusterIssuer" },
                privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
                usages: ["digital signature", "server auth"],
            },
        });
    });

    it("that exist stay as they are; clients' CAs go beside them", async () => {
        const existing = { ...base, mutual: true, from: { source: "existing" as const } };
        const made = await provide({ certificates: [existing], clientCa: "CA" });
        assert.deepEqual(made.secret("web-cacert").stringData, { "ca.crt": "CA" });
        const secrets = made.registered.filter(({ type }) => type.endsWith(":Secret"));
        assert.equal(secrets.length, 1);
        const alone = await provide({ certificates: [existing] });
        assert.deepEqual(
            alone.registered.filter(({ type }) => type.endsWith(":Secret")),
            [],
        );
    });
});
