import { z } from "zod";
import { CONTROL_PLANE_DEFAULTS } from "../../components/istio/controlPlaneArgs";
import { MESH_CONFIG_DEFAULTS } from "../../components/istio/meshConfig";
import { BOOKINFO_TAG, CHART_REPOSITORY, ISTIO_VERSION } from "../../components/istio/versions";
import { CANARY_TAG, IN_PLACE } from "../../components/istio/revisions";
import { BOOKINFO_IMAGES, BOOKINFO_NAMESPACE } from "../../components/workloads/bookinfoServices";
import { digest, dnsLabel, extraValues, imageHub, imagePullSecrets, replicas, resources } from "./common";

const meshConfig = z.strictObject({
    trustDomain: z
        .string()
        .regex(
            /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/,
            "a DNS name such as cluster.local",
        )
        .default(MESH_CONFIG_DEFAULTS.trustDomain)
        .describe("Trust domain of workload identities: `<trustDomain>/ns/<namespace>/sa/<service account>`."),
    accessLogEncoding: z
        .enum(["JSON", "TEXT"])
        .default(MESH_CONFIG_DEFAULTS.accessLogEncoding)
        .describe("Format of the proxies' access log on standard output."),
    holdApplicationUntilProxyStarts: z
        .boolean()
        .default(MESH_CONFIG_DEFAULTS.holdApplicationUntilProxyStarts)
        .describe("Start the application after its sidecar. Native sidecars, Istio's default since 1.27, always do."),
    pathNormalization: z
        .enum(["NONE", "BASE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"])
        .default("BASE")
        .describe(
            "How proxies normalize paths before policies are evaluated. `BASE` is Istio's default. A service that treats `//admin` or `/%2Fadmin` as `/admin` needs one of the last two.",
        ),
    dnsCapture: z
        .boolean()
        .default(MESH_CONFIG_DEFAULTS.dnsCapture)
        .describe(
            "Let sidecars answer DNS queries, so that ServiceEntry hosts resolve without a DNS record. Needs the kernel module iptable_raw on the nodes.",
        ),
});

const release = z.string().regex(/^\d+\.\d+\.\d+$/, "a release such as 1.31.4");

/** Istio appends it to names of Services. */
const revisionName = dnsLabel
    .max(40)
    .refine((name) => ![IN_PLACE, CANARY_TAG].includes(name), `another name than ${IN_PLACE} and ${CANARY_TAG}`);

const digests = z.strictObject({
    pilot: digest.optional().describe("Digest of istiod's image."),
    proxyv2: digest.optional().describe("Digest of the proxies' image."),
    "install-cni": digest.optional().describe("Digest of istio-cni's image."),
});

export const istioSchema = z
    .strictObject({
        version: z
            .string()
            .regex(/^(\d+\.\d+\.\d+|none)$/, "a release such as 1.31.4, or none")
            .default(ISTIO_VERSION)
            .describe(
                "Istio release of charts and images. A change upgrades istiod in place, and restarts the gateway and Bookinfo to upgrade their proxies. `none` removes this istiod, if there are `revisions`.",
            ),
        revisions: z
            .record(
                revisionName,
                z.strictObject({
                    version: release.describe("Istio release of its chart and images."),
                    digests: digests
                        .optional()
                        .describe("Digests of its images, used instead of the version as tag. Default: none."),
                }),
            )
            .default({})
            .describe(
                "Further istiods that run beside that of `version`, by revision, such as `1-31-5`: docs/upgrades.md. Each one serves only those that `defaultRevision` or `canary` assign to it.",
            ),
        defaultRevision: z
            .string()
            .default(IN_PLACE)
            .meta({ examples: [IN_PLACE] })
            .describe(
                "Revision of everything that `canary` does not name. `default` is the istiod of `version`. A change restarts what it moves.",
            ),
        canary: z
            .strictObject({
                revision: z
                    .string()
                    .meta({ examples: [IN_PLACE] })
                    .describe("Revision that the tag `canary` stands for: one of `revisions`, or `default`."),
                namespaces: z
                    .array(dnsLabel)
                    .default([])
                    .describe("Namespaces of this stack that the tag's istiod serves. Their pods restart."),
                gateways: z
                    .boolean()
                    .default(false)
                    .describe("Whether it serves the ingress and egress gateways as well. Their pods restart."),
            })
            .optional()
            .describe("What moves to another istiod ahead of the rest. Default: nothing."),
        chartRepository: z
            .string()
            .regex(
                /^(https?:\/\/\S+|oci:\/\/\S+|\.{1,2}[\\/].*|\/.*|[A-Za-z]:[\\/].*)$/,
                "an https:// repository, an oci:// registry path, or a folder (./charts or an absolute path)",
            )
            .default(CHART_REPOSITORY)
            .describe(
                "Helm repository, OCI registry path (`oci://ghcr.io/istio/release/charts`), or a folder with `<chart>-<version>.tgz` files.",
            ),
        hub: imageHub.describe("Registry path of Istio's images; a copy in OCIR avoids Docker Hub's pull limits."),
        imagePullSecrets: imagePullSecrets.describe(
            "Image pull Secrets, which must exist in istio-system and in the application namespaces.",
        ),
        variant: z
            .enum(["default", "distroless"])
            .default("default")
            .describe("Variant of Istio's images: with a shell and tools, or without (`distroless`)."),
        digests: digests
            .prefault({})
            .describe(
                "Digests of images, used instead of the version as tag. Change them together with `istio.version`.",
            ),
        cni: z
            .strictObject({
                enabled: z
                    .boolean()
                    .default(false)
                    .describe(
                        "Redirect traffic with a plugin on the nodes, so that pods do not need `NET_ADMIN`. Bookinfo's and the clients' namespaces then enforce the restricted Pod Security Standard.",
                    ),
            })
            .prefault({})
            .describe("istio-cni, a DaemonSet in kube-system."),
        replicas: replicas(CONTROL_PLANE_DEFAULTS.replicas)
            .prefault({})
            .describe("Replicas of each istiod, the control plane."),
        resources: resources
            .prefault(CONTROL_PLANE_DEFAULTS.resources)
            .describe("Requests and limits of istiod. The chart's defaults, 500m and 2Gi, are for larger meshes."),
        proxyResources: resources
            .prefault(CONTROL_PLANE_DEFAULTS.proxyResources)
            .describe("Requests and limits of each sidecar."),
        nativeNftables: z
            .boolean()
            .default(false)
            .describe(
                "Redirect traffic with nftables instead of iptables, for nodes without the legacy iptables modules.",
            ),
        shadowHostSuffix: z
            .boolean()
            .default(CONTROL_PLANE_DEFAULTS.shadowHostSuffix)
            .describe(
                "Append `-shadow` to the host of mirrored requests, as in the guide. Istio's default is false since 1.28.",
            ),
        circuitBreakerRemaining: z
            .boolean()
            .default(CONTROL_PLANE_DEFAULTS.circuitBreakerRemaining)
            .describe(
                "Count the remaining capacity of circuit breakers (`remaining_pending` and similar), as in the guide. Istio's default is false since 1.29.",
            ),
        meshConfig: meshConfig.prefault({}).describe("Mesh-wide proxy settings."),
        extraValues: z
            .strictObject({ base: extraValues("base"), cni: extraValues("cni"), istiod: extraValues("istiod") })
            .prefault({})
            .describe("Additional chart values of the releases."),
    })
    .prefault({})
    .describe("The Istio control plane.");

export const bookinfoSchema = z
    .strictObject({
        enabled: z.boolean().default(true).describe("Deploy Istio's sample application."),
        namespace: dnsLabel
            .default(BOOKINFO_NAMESPACE)
            .describe("Its namespace, created by this program with sidecar injection."),
        hub: imageHub.describe("Registry path of the examples-bookinfo images."),
        tag: z
            .string()
            .regex(/^[\w][\w.-]{0,127}$/, "an image tag")
            .default(BOOKINFO_TAG)
            .describe("Tag of the images."),
        digests: z
            .partialRecord(z.enum(BOOKINFO_IMAGES), digest)
            .default({})
            .describe("Digests of images by name (`productpage-v1`), instead of the tag."),
        imagePullSecrets: imagePullSecrets.describe("Image pull Secrets, which must exist in the namespace."),
        replicas: z
            .int()
            .min(1)
            .max(20)
            .default(1)
            .describe("Replicas of each of the six Deployments. With 2 or more there is also a PodDisruptionBudget."),
    })
    .prefault({})
    .describe("Bookinfo, the sample application of the guide.");
