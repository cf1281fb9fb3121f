import * as ipaddr from "ipaddr.js";
import { z } from "zod";
import { IMAGE_HUB } from "../../components/istio/versions";
import { thousandths } from "./quantity";

/** An OCID of one resource type, as OCI prints it: `ocid1.<type>.<realm>.[region].<unique id>`. */
export function ocid(type: string) {
    const pattern = new RegExp(`^ocid1\\.(${type})\\.[a-z0-9]+\\.[a-z0-9-]*\\.[a-z0-9._-]+$`);
    const types = type.split("|");
    const starts = types.map((name) => `ocid1.${name}.`).join(" or ");
    return z
        .string()
        .superRefine((value, context) => {
            if (!pattern.test(value)) {
                const message = `an OCID that starts with ${starts}`;
                context.addIssue({ code: "custom", message, params: { instead: trimmedTo(pattern, value) } });
            }
        })
        .meta({ examples: [`<ocid1.${types[0]}...>`] });
}

/** The text without the blanks around it, if that is all that is wrong with it. */
function trimmedTo(pattern: RegExp, value: string): string | undefined {
    const trimmed = value.trim();
    return pattern.test(trimmed) ? trimmed : undefined;
}

/** An IPv4 network in CIDR notation, written with its network address: `10.0.0.0/16`, not `10.0.0.1/16`. */
export const cidr = z
    .string()
    .meta({ examples: ["10.0.0.0/16"] })
    .superRefine((value, context) => {
        const refuse = (message: string, instead?: string) =>
            context.addIssue({ code: "custom", message, params: { instead } });
        // With a zero at the end it is a network whose size is missing.
        if (ipaddr.IPv4.isValidFourPartDecimal(value) && !value.endsWith(".0")) {
            refuse(`an IPv4 network; ${value}/32 is this address alone`, `${value}/32`);
            return;
        }
        if (!ipaddr.IPv4.isValidCIDR(value)) {
            const trimmed = value.trim();
            refuse("an IPv4 network such as 10.0.0.0/16", ipaddr.IPv4.isValidCIDR(trimmed) ? trimmed : undefined);
            return;
        }
        const [address, bits] = ipaddr.IPv4.parseCIDR(value);
        const network = ipaddr.IPv4.networkAddressFromCIDR(value).toString();
        if (address.toString() !== network) {
            refuse(`the network's own address: ${network}/${bits}`, `${network}/${bits}`);
        }
    });

/** A network whose addresses may reach something. */
export const allowedCidr = cidr.meta({ examples: ["<your address>/32"] });

/** A name Kubernetes accepts for a namespace, label value or object (RFC 1123 label). */
export const dnsLabel = z
    .string()
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "a DNS label: lower-case letters, digits and dashes")
    .meta({ examples: ["<name>"] });

/** A name Kubernetes accepts for most objects, Secrets and ServiceAccounts among them (RFC 1123 subdomain). */
export const objectName = z
    .string()
    .max(253)
    .regex(
        /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
        "an object's name: lower-case letters, digits, dashes and dots",
    )
    .meta({ examples: ["<name>"] });

export const port = z.int().min(1).max(65535);

/** CPU as Kubernetes writes it: whole and fractional CPUs, or thousandths of one. */
const cpu = z
    .string()
    .refine(
        (text) => /^(\d+m|\d+(\.\d+)?)$/.test(text) && thousandths(text) !== undefined,
        "a quantity of CPU such as 500m or 2, no finer than 1m",
    )
    .meta({ examples: ["<500m>"] });

/** Memory as Kubernetes writes it, always with its unit: a bare number would be bytes. */
const memory = z
    .string()
    .regex(/^\d+(\.\d+)?(k|M|G|T|Ki|Mi|Gi|Ti)$/, "a quantity of memory such as 512Mi or 2Gi")
    .meta({ examples: ["<512Mi>"] });

const amounts = z.strictObject({
    cpu: cpu.optional().describe("CPUs or millicpus: `2`, `500m`."),
    memory: memory.optional().describe("Memory with a unit: `512Mi`, `2Gi`."),
});

/** Requests and limits of one container. */
export const resources = z.strictObject({
    requests: amounts.optional().describe("What the scheduler reserves."),
    limits: amounts.optional().describe("The most that the container may use."),
});

/** How many replicas of a Deployment run. A range wider than one number turns on a HorizontalPodAutoscaler. */
export function replicas(defaults: { min: number; max: number }) {
    return z.strictObject({
        min: z
            .int()
            .min(1)
            .max(100)
            .default(defaults.min)
            .describe(
                "Minimum number of replicas. With 2 or more there is also a PodDisruptionBudget, and replicas are spread over nodes and availability domains.",
            ),
        max: z
            .int()
            .min(1)
            .max(100)
            .default(defaults.max)
            .describe(
                "Maximum number of replicas. Above `min` a HorizontalPodAutoscaler is created, which needs a metrics server in the cluster.",
            ),
    });
}

/** Name of a label or annotation: an optional DNS name and a slash, then letters, digits, dashes, dots, underscores. */
export const labelName = z
    .string()
    .regex(
        /^((?=[^/]{1,253}\/)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/,
        "a label's name such as team or example.com/team",
    )
    .meta({ examples: ["<label>"] });

/** Name of an OCI defined tag with its namespace. */
export const definedTagName = z
    .string()
    .regex(/^[^.\s']{1,100}\.[^.\s']{1,100}$/, "a key such as Operations.CostCenter");

/** Value of a Kubernetes label. */
export const labelValue = z
    .string()
    .regex(/^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/, "a label's value: letters, digits, dashes, dots, underscores")
    .meta({ examples: ["<value>"] });

/** A registry path that image names are appended to. CRI-O from 1.34 on refuses images whose name has no registry. */
export const imageHub = z
    .string()
    .regex(
        /^(localhost(:\d+)?|[a-z0-9-]+:\d+|[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?)(\/[a-z0-9._-]+)*$/,
        "a registry path that begins with its registry, without scheme or tag, such as docker.io/istio",
    )
    .default(IMAGE_HUB);

/** Digest of an image, which names one content for ever. */
export const digest = z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, "a digest: sha256: and 64 hexadecimal digits")
    .meta({ examples: ["<sha256:...>"] });

/** Names of image pull Secrets that exist in the namespace of the pods. */
export const imagePullSecrets = z.array(objectName).default([]);

/** Values handed to a Helm release as they are: the escape hatch for what the settings do not cover. */
export function extraValues(chart: string) {
    return z
        .record(z.string(), z.unknown())
        .default({})
        .describe(
            `Values of the ${chart} chart that no setting covers. They are merged last and not validated. Prefer a setting.`,
        );
}
