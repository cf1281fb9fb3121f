import { z } from "zod";
import type { ClientName } from "../../components/workloads/clientWorkloads";
import { dnsLabel, imagePullSecrets, labelName, labelValue, objectName, pathMatch, port } from "./common";
import { hostName } from "./hosts";

const workloads = {
    curl: z.boolean().default(false).describe("curl, to send requests from inside the mesh (the guide's sleep)."),
    httpbin: z.boolean().default(false).describe("httpbin, which answers with what reached it."),
    fortio: z.boolean().default(false).describe("fortio, which sends load."),
} satisfies Record<ClientName, z.ZodType>;

export const clientsSchema = z
    .strictObject({
        ...workloads,
        legacy: z
            .boolean()
            .default(false)
            .describe("curl and httpbin once more, in the namespace `legacy` without sidecars."),
        namespace: dnsLabel
            .optional()
            .describe("Their namespace. Left out: Bookinfo's, or `clients`, which is made, where Bookinfo is off."),
        imagePullSecrets: imagePullSecrets.describe("Image pull Secrets, which must exist in the namespaces."),
    })
    .prefault({})
    .describe("The workloads that the guide sends requests from.");

export const namespacesSchema = z
    .record(
        dnsLabel,
        z.strictObject({
            source: z
                .enum(["existing", "new"])
                .default("existing")
                .describe("Label one that exists, or make one. Pods get sidecars from their next start on."),
        }),
    )
    .default({})
    .describe("Namespaces of your applications in the mesh, by name. Bookinfo's and the clients' are there already.");

export const servicesSchema = z
    .record(
        dnsLabel,
        z.strictObject({
            namespace: dnsLabel.describe("Its namespace, one of `namespaces`."),
            host: dnsLabel.optional().describe("Name of the Kubernetes Service. Left out: the name here."),
            port: port.describe("Port of the Kubernetes Service."),
            protocol: z
                .enum(["http", "grpc", "tcp"])
                .default("http")
                .describe(
                    "What is spoken there; name or `appProtocol` of the Service's port must say the same to Istio.",
                ),
            versions: z
                .record(dnsLabel, z.record(labelName, labelValue))
                .default({})
                .describe("Labels of the pods of each version, by the name routes call it: `v1: { version: v1 }`."),
            selector: z
                .record(labelName, labelValue)
                .refine((labels) => Object.keys(labels).length > 0, "a mapping with at least one label")
                .optional()
                .describe("Labels that all of its pods carry. Left out: `app: <name of the Service>`."),
            serviceAccount: objectName.default("default").describe("Kubernetes ServiceAccount of its pods."),
            expose: z
                .strictObject({
                    hosts: z.array(hostName).min(1).describe("Host names the gateway answers to for it."),
                    paths: z
                        .array(pathMatch)
                        .min(1)
                        .default([{ prefix: "/" }])
                        .describe("Paths that are open: `exact: /path` or `prefix: /path`. Everything else is 404."),
                })
                .optional()
                .describe("Open it at the ingress gateway. Left out: reachable inside the mesh only."),
        }),
    )
    .default({})
    .describe("Your own Kubernetes Services, by the name that `traffic` and `security` call them.");

export type ServiceSettings = z.infer<typeof servicesSchema>[string];
