import { z } from "zod";
import type { OpenRequests } from "../../components/mesh/meshService";
import type { ClientName } from "../../components/workloads/clientWorkloads";
import { dnsLabel, imagePullSecrets, labelName, labelValue, objectName, port } from "./common";
import { hostName } from "./hosts";
import { headerName } from "./headers";
import { METHODS, path } from "./routing";

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

/** One of the ways to name paths. Zod cannot tell from a refinement that it is exactly one. */
const openRequests = z
    .strictObject({
        exact: path.optional().describe("This path only."),
        prefix: path.optional().describe("This path and all paths below it: `/cart` is `/cart` and `/cart/1`."),
        methods: z
            .array(z.enum(METHODS))
            .min(1)
            .refine((methods) => new Set(methods).size === methods.length, "methods, each of them once")
            .optional()
            .describe("Only requests with one of these methods (not with `gateway.kind: ingress`). Default: any."),
        headers: z
            .record(
                headerName.refine((name) => name !== "host", "a header's name in lower case, other than host"),
                z.strictObject({ exact: z.string().min(1).max(1024).describe("The whole value.") }),
            )
            .refine((headers) => Object.keys(headers).length > 0, "a mapping with at least one header")
            .optional()
            .describe(
                "Only requests with all of these headers: `{ x-version: { exact: v2 } }` (not with `gateway.kind: ingress`). Default: any.",
            ),
    })
    .refine(
        ({ exact, prefix }) => (exact === undefined) !== (prefix === undefined),
        "exact or prefix, one of them",
    ) as unknown as z.ZodType<OpenRequests, OpenRequests>;

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
                    hosts: z
                        .array(hostName)
                        .min(1)
                        .describe(
                            "Host names at which the gateway serves it. Several services may have the same host: the most specific path gets the request.",
                        ),
                    paths: z
                        .array(openRequests)
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
