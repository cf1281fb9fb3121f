import { z } from "zod";
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
                "Its name; type kubernetes.io/tls, with `ca.crt` as well for mode mutual unless `clientCa` is given.",
            ),
        }),
        z.strictObject({
            source: z.literal("generated").describe("Made here with a CA of its own, for development."),
            validityDays: days(90, "Days the certificate is valid."),
            renewBeforeDays: days(30, "Days before its end from which on `pulumi up` renews it."),
        }),
        z.strictObject({
            source: z.literal("files").describe("PEM files on the machine that runs Pulumi."),
            certificate: file("tls.crt", "Path of the certificate, with its chain."),
            key: file("tls.key", "Path of its private key."),
        }),
        z.strictObject({
            source: z.literal("cert-manager").describe("cert-manager asks an issuer for it and renews it."),
            issuer: z
                .strictObject({
                    name: objectName.describe("Name of the issuer, which must exist."),
                    kind: z
                        .enum(["ClusterIssuer", "Issuer"])
                        .default("ClusterIssuer")
                        .describe("`Issuer`: one in istio-system."),
                })
                .describe("Who signs it."),
        }),
    ])
    .describe("Where the certificate comes from.");

const mode = z.enum(["off", "simple", "mutual"]);

export const gatewayTlsSchema = z
    .strictObject({
        mode: mode
            .default("simple")
            .describe("`simple`: HTTPS, with HTTP redirected to it; `mutual`: clients need a certificate too; `off`."),
        certificate: certificate.optional(),
        clientCa: file(
            "ca.crt",
            "Path of a PEM file with the CAs of client certificates, for mode mutual. Left out: the generated CA, or `ca.crt` of an existing Secret.",
        ).optional(),
        minimumVersion: z
            .enum(["TLSV1_2", "TLSV1_3"])
            .default("TLSV1_2")
            .describe("Oldest version of TLS that is accepted."),
        hosts: z
            .record(
                z.string().min(1),
                z.strictObject({
                    mode: mode.optional().describe("Left out: `gateway.tls.mode`."),
                    certificate: certificate.optional(),
                }),
            )
            .default({})
            .describe("What single hosts have otherwise, by the host's name."),
        installCertManager: z
            .boolean()
            .default(false)
            .describe("Also install cert-manager from its Helm chart, for certificates of source cert-manager."),
    })
    .describe("HTTPS at the gateway. Left out: plain HTTP.");

export type CertificateSettings = z.infer<typeof certificate>;
