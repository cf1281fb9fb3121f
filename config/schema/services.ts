import { z } from "zod";
import type { ClientName } from "../../components/workloads/clientWorkloads";
import { dnsLabel, imagePullSecrets, labelName, labelValue, objectName, pathMatch, port } from "./common";
import { hostName } from "./hosts";

const workloads = {
    curl: z.boolean().default(false).describe("curl, to send requests from inside the mesh (the guide's sleep)."),
    httpbin: z.boolean().default(false).describe("httpbin, which returns the request that it received."),
    fortio: z.boolean().default(false).describe("fortio, which sends load."),
} satisfies Record<ClientName, z.ZodType>;

export const clientsSchema = z
    .strictObject({
        ...workloads,
        legacy: z
            .boolean()
            .default(false)
            .describe("A second curl and httpbin, in the namespace `legacy` without sidecars."),
        namespace: dnsLabel
            .optional()
            .describe("Their namespace. Default: Bookinfo's; if Bookinfo is off, a new namespace `clients`."),
        imagePullSecrets: imagePullSecrets.describe("Image pull Secrets, which must exist in the namespaces."),
    })
    .prefault({})
    .describe("The workloads from which the guide sends requests.");

export const namespacesSchema = z
    .record(
        dnsLabel,
        z.strictObject({
            source: z
                .enum(["existing", "new"])
                .default("existing")
                .describe("Label an existing namespace, or create one. Pods get sidecars when they next start."),
        }),
    )
    .default({})
    .describe(
        "Namespaces of your applications in the mesh, by name. Bookinfo's and the clients' are included automatically.",
    );

export const servicesSchema = z
    .record(
        dnsLabel,
        z.strictObject({
            namespace: dnsLabel.describe("Its namespace, one of `namespaces`."),
            host: dnsLabel.optional().describe("Name of the Kubernetes Service. Default: the key of this entry."),
            port: port.describe("Port of the Kubernetes Service."),
            protocol: z
                .enum(["http", "grpc", "tcp"])
                .default("http")
                .describe("Protocol of the port. The name or `appProtocol` of the Service's port must agree with it."),
            versions: z
                .record(dnsLabel, z.record(labelName, labelValue))
                .default({})
                .describe("Labels of the pods of each version, by the name that routes use: `v1: { version: v1 }`."),
            selector: z
                .record(labelName, labelValue)
                .refine((labels) => Object.keys(labels).length > 0, "a mapping with at least one label")
                .optional()
                .describe("Labels that all of its pods have. Default: `app: <name of the Service>`."),
            serviceAccount: objectName.default("default").describe("Kubernetes ServiceAccount of its pods."),
            expose: z
                .strictObject({
                    hosts: z.array(hostName).min(1).describe("Host names at which the gateway serves it."),
                    paths: z
                        .array(pathMatch)
                        .min(1)
                        .default([{ prefix: "/" }])
                        .describe("Exposed paths: `exact: /path` or `prefix: /path`. All others return 404."),
                })
                .optional()
                .describe("Expose it at the ingress gateway. Default: not exposed."),
        }),
    )
    .default({})
    .describe("Your own Kubernetes Services, by the name that `traffic` and `security` use.");

export type ServiceSettings = z.infer<typeof servicesSchema>[string];
