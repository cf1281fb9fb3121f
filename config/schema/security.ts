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
            .describe("For the whole mesh: also accept plain text, which is Istio's default, or refuse it."),
        namespaces: z
            .record(dnsLabel, z.strictObject({ mode: meshMode.describe("What this namespace accepts.") }))
            .default({})
            .describe("Modes of namespaces that differ, by name."),
        services: z
            .record(
                dnsLabel,
                z.strictObject({
                    mode: workloadMode
                        .optional()
                        .describe("What its pods accept; `DISABLE` is plain text only. Default: the namespace's mode."),
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
                "Modes of services that differ from their namespace, by their name in `services`, in Bookinfo or among the clients.",
            ),
    })
    .prefault({})
    .describe("Mutual TLS between workloads. Proxies of the mesh use it between each other in both modes.");

const networkPoliciesSchema = z
    .strictObject({
        enabled: z
            .boolean()
            .default(false)
            .describe(
                "Allow only the mesh to reach its pods, independently of Istio. Needs a network plugin that enforces NetworkPolicies; without one they have no effect.",
            ),
        egressCidrs: z
            .array(cidr)
            .default(["0.0.0.0/0"])
            .describe(
                "Networks outside the mesh that its pods may call. The nodes' metadata service, which returns their credentials, is never allowed.",
            ),
    })
    .prefault({})
    .describe(
        "Kubernetes NetworkPolicies for istio-system and the namespaces of Bookinfo, the clients and your services.",
    );

export const securitySchema = z
    .strictObject({
        mtls: mtlsSchema,
        authorization: authorizationSchema,
        requestAuthentication: requestAuthenticationSchema,
        networkPolicies: networkPoliciesSchema,
    })
    .prefault({})
    .describe("Allowed callers and encryption.");

export type SecuritySettings = z.infer<typeof securitySchema>;
