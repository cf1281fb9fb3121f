import { z } from "zod";
import { authorizationSchema } from "./authorization";
import { cidr, dnsLabel, port } from "./common";
import { requestAuthenticationSchema } from "./requestAuthentication";

const meshMode = z.enum(["PERMISSIVE", "STRICT"]);
const workloadMode = z.enum(["PERMISSIVE", "STRICT", "DISABLE"]);

const mtlsSchema = z
    .strictObject({
        mode: meshMode
            .default("PERMISSIVE")
            .describe(
                "For the whole mesh: accept plain text beside mutual TLS, which is Istio's own default, or refuse it.",
            ),
        namespaces: z
            .record(dnsLabel, z.strictObject({ mode: meshMode.describe("What this namespace accepts.") }))
            .default({})
            .describe("Namespaces of the mesh that differ from it, by name."),
        services: z
            .record(
                dnsLabel,
                z.strictObject({
                    mode: workloadMode
                        .optional()
                        .describe("What its pods accept; `DISABLE` is plain text only. Left out: as their namespace."),
                    ports: z
                        .array(
                            z.strictObject({
                                port: port.describe("Port of the container, not of the Service."),
                                mode: workloadMode.describe("What this port accepts."),
                            }),
                        )
                        .default([])
                        .describe("Ports that differ from the rest of the pod."),
                }),
            )
            .default({})
            .describe(
                "Services that differ from their namespace, by the name that `services`, Bookinfo or the clients give them.",
            ),
    })
    .prefault({})
    .describe("Mutual TLS between workloads. Proxies of the mesh use it among each other in either mode.");

const networkPoliciesSchema = z
    .strictObject({
        enabled: z
            .boolean()
            .default(false)
            .describe(
                "Let only the mesh reach its pods, below Istio. Needs a network plugin that enforces NetworkPolicies; without one they do nothing.",
            ),
        egressCidrs: z
            .array(cidr)
            .default(["0.0.0.0/0"])
            .describe(
                "Networks outside the mesh that its pods may call. The nodes' metadata service, which hands out their credentials, never is among them.",
            ),
    })
    .prefault({})
    .describe("Kubernetes NetworkPolicies for istio-system and for Bookinfo's, the clients' and your namespaces.");

export const securitySchema = z
    .strictObject({
        mtls: mtlsSchema,
        authorization: authorizationSchema,
        requestAuthentication: requestAuthenticationSchema,
        networkPolicies: networkPoliciesSchema,
    })
    .prefault({})
    .describe("Who may call whom, and how that is encrypted.");

export type SecuritySettings = z.infer<typeof securitySchema>;
