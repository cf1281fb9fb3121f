import { z } from "zod";
import { VALIDITY } from "../../components/certificates/generated";
import { objectName } from "./common";

const file = (example: string, meaning: string) =>
    z
        .string()
        .min(1)
        .meta({ examples: [example] })
        .describe(meaning);

const days = (example: number, meaning: string) => z.int().min(1).max(3650).default(example).describe(meaning);

const certificate = z
    .discriminatedUnion("source", [
        z.strictObject({
            source: z.literal("existing").describe("A Secret in istio-system that is managed outside this stack."),
            secretName: objectName.describe(
                "Name of the Secret, of type kubernetes.io/tls. For mode mutual it also needs `ca.crt`, unless `clientCa` is set.",
            ),
        }),
        z.strictObject({
            source: z.literal("generated").describe("Issued by a CA of this stack, for development."),
            validityDays: days(VALIDITY.validityDays, "Days the certificate is valid."),
            renewBeforeDays: days(VALIDITY.renewBeforeDays, "Days before it expires from which `pulumi up` renews it."),
        }),
        z.strictObject({
            source: z.literal("files").describe("PEM files on the machine that runs Pulumi."),
            certificate: file("tls.crt", "Path of the certificate, with its chain."),
            key: file("tls.key", "Path of its private key."),
        }),
        z.strictObject({
            source: z.literal("cert-manager").describe("cert-manager requests it from an issuer and renews it."),
            issuer: z
                .strictObject({
                    name: objectName.describe("Name of the issuer, which must exist."),
                    kind: z
                        .enum(["ClusterIssuer", "Issuer"])
                        .default("ClusterIssuer")
                        .describe("`Issuer`: one in istio-system."),
                })
                .describe("The issuer of the certificate."),
            challenge: z
                .enum(["dns-01", "http-01"])
                .optional()
                .describe(
                    "Challenges that the issuer solves, if it is an ACME issuer. `http-01` is refused where it cannot work. Default: not known; the plan warns where only `dns-01` can work.",
                ),
        }),
    ])
    .describe("Source of the certificate.");

const mode = z.enum(["off", "simple", "mutual"]);

export const gatewayTlsSchema = z
    .strictObject({
        mode: mode
            .default("simple")
            .describe(
                "`simple`: HTTPS, with HTTP redirected to it; `mutual`: clients also need a certificate; `off`: plain HTTP.",
            ),
        certificate: certificate.optional(),
        clientCa: file(
            "ca.crt",
            "Path of a PEM file with the CAs of client certificates, for mode mutual. Default: the generated CA, or `ca.crt` of an existing Secret.",
        ).optional(),
        minimumVersion: z.enum(["TLSV1_2", "TLSV1_3"]).default("TLSV1_2").describe("Minimum TLS version."),
        hosts: z
            .record(
                z.string().min(1),
                z.strictObject({
                    mode: mode.optional().describe("Default: `gateway.tls.mode`."),
                    certificate: certificate.optional(),
                }),
            )
            .default({})
            .describe("Settings of single hosts that differ, by host name."),
        installCertManager: z
            .boolean()
            .default(false)
            .describe("Also install cert-manager from its Helm chart, for certificates of source cert-manager."),
    })
    .describe("HTTPS at the gateway. Default: plain HTTP.");

export type CertificateSettings = z.infer<typeof certificate>;
