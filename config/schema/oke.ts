import { z } from "zod";

/** A version as OKE writes it. */
export const kubernetesVersion = z
    .string()
    .superRefine((value, context) => {
        if (!KUBERNETES_VERSION.test(value)) {
            const near = `v${value.trim().replace(/^v/i, "")}`;
            const instead = KUBERNETES_VERSION.test(near) ? near : undefined;
            const message = "a version with its leading v, such as v1.34.2";
            context.addIssue({ code: "custom", message, params: { instead } });
        }
    })
    .meta({ examples: ["v1.34.2"] });

const KUBERNETES_VERSION = /^v\d+\.\d+\.\d+$/;

/** Nodes more or less while cycling. A share beyond the whole pool is none. */
export const nodeShare = z.string().superRefine((value, context) => {
    const refuse = (message: string, instead?: string) =>
        context.addIssue({ code: "custom", message, params: { instead } });
    if (!/^\d{1,4}%?$/.test(value)) {
        refuse("a number or a percentage");
    } else if (value.endsWith("%") && Number.parseInt(value) > 100) {
        refuse("100% at most", "100%");
    }
});

/** https://docs.oracle.com/en-us/iaas/Content/General/Concepts/regions.htm */
export const availabilityDomain = z
    .string()
    .regex(/^\w+:[A-Z0-9-]+-AD-[1-3]$/, "an availability domain such as Uocm:US-ASHBURN-AD-1")
    .meta({ examples: ["<availability domain>"] });

/** Every availability domain has these three. */
export const faultDomain = z.enum(["FAULT-DOMAIN-1", "FAULT-DOMAIN-2", "FAULT-DOMAIN-3"]);

/** One line of an `authorized_keys` file, without options. */
export const sshPublicKey = z
    .string()
    .regex(
        /^(ssh-(rsa|ed25519)|ecdsa-sha2-nistp(256|384|521)) AAAA[A-Za-z0-9+/]+={0,3}( [^\r\n]*)?$/,
        "an OpenSSH public key on one line, such as ssh-ed25519 AAAA...",
    )
    .meta({ examples: ["<ssh-ed25519 AAAA...>"] });
