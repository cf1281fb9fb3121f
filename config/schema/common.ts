import * as ipaddr from "ipaddr.js";
import { z } from "zod";
import { IMAGE_HUB } from "../../components/istio/versions";

/** An OCID of one resource type, as OCI prints it: `ocid1.<type>.<realm>.[region].<unique id>`. */
export function ocid(type: string) {
    const pattern = new RegExp(`^ocid1\\.(${type})\\.[a-z0-9]+\\.[a-z0-9-]*\\.[a-z0-9._-]+$`);
    const starts = type
        .split("|")
        .map((name) => `ocid1.${name}.`)
        .join(" or ");
    return z
        .string()
        .regex(pattern, `an OCID that starts with ${starts}`)
        .meta({ examples: [`<${starts.split(" ")[0]}...>`] });
}

/** An IPv4 network in CIDR notation, written with its network address: `10.0.0.0/16`, not `10.0.0.1/16`. */
export const cidr = z
    .string()
    .meta({ examples: ["10.0.0.0/16"] })
    .superRefine((value, context) => {
        if (!ipaddr.IPv4.isValidCIDR(value)) {
            context.addIssue({ code: "custom", message: "an IPv4 network such as 10.0.0.0/16" });
            return;
        }
        const [address, bits] = ipaddr.IPv4.parseCIDR(value);
        const network = ipaddr.IPv4.networkAddressFromCIDR(value).toString();
        if (address.toString() !== network) {
            context.addIssue({ code: "custom", message: `the network's own address: ${network}/${bits}` });
        }
    });

/** A name Kubernetes accepts for a namespace, label value or object (RFC 1123 label). */
export const dnsLabel = z
    .string()
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "a DNS label: lower-case letters, digits and dashes")
    .meta({ examples: ["my-name"] });

/** CPU or memory as Kubernetes writes it: `500m`, `2`, `512Mi`, `2Gi`. */
export const quantity = z
    .string()
    .regex(/^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/, "a Kubernetes quantity such as 500m or 2Gi")
    .meta({ examples: ["500m"] });

/** Requests and limits of one container. */
export const resources = z.strictObject({
    requests: z
        .strictObject({ cpu: quantity.optional(), memory: quantity.optional() })
        .optional()
        .describe("What the scheduler sets aside."),
    limits: z
        .strictObject({ cpu: quantity.optional(), memory: quantity.optional() })
        .optional()
        .describe("What the container may use at most."),
});

/** How many copies of a Deployment run. A range wider than one number turns on a HorizontalPodAutoscaler. */
export function replicas(defaults: { min: number; max: number }) {
    return z.strictObject({
        min: z
            .int()
            .min(1)
            .max(100)
            .default(defaults.min)
            .describe(
                "Copies that always run. From 2 on, a PodDisruptionBudget and a spread over nodes and availability domains come with it.",
            ),
        max: z
            .int()
            .min(1)
            .max(100)
            .default(defaults.max)
            .describe(
                "Copies under load. Above `min` a HorizontalPodAutoscaler is made, which needs a metrics server in the cluster.",
            ),
    });
}

/** A registry path that image names are appended to. */
export const imageHub = z
    .string()
    .regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/, "a registry path without scheme or tag, such as docker.io/istio")
    .default(IMAGE_HUB);

/** Names of image pull Secrets that exist in the namespace of the pods. */
export const imagePullSecrets = z.array(dnsLabel).default([]);

/** Values handed to a Helm release as they are: the escape hatch for what the settings do not cover. */
export function extraValues(chart: string) {
    return z
        .record(z.string(), z.unknown())
        .default({})
        .describe(
            `Escape hatch: values of the ${chart} chart that no setting covers, merged last and not checked. Prefer a setting.`,
        );
}
