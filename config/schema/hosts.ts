import { isIP, isIPv4 } from "node:net";
import { z } from "zod";

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Whether a text is a DNS name as Kubernetes and Istio have it: labels of up to 63 characters, the last not a number. */
function isDnsName(text: string): boolean {
    const labels = text.split(".");
    return (
        text.length <= 253 &&
        labels.every((label) => label.length <= 63 && LABEL.test(label)) &&
        !/^\d+$/.test(labels.at(-1) ?? "")
    );
}

/** An IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
    return isIP(text) !== 0 && !text.includes("%");
}

/** An address, or a network such as 10.0.0.0/16, as Istio's policies take them. */
export function isAddressOrNetwork(text: string): boolean {
    const [address = "", bits, ...rest] = text.split("/");
    const most = isIPv4(address) ? 32 : 128;
    return isAddress(address) && rest.length === 0 && (bits === undefined || isUpTo(bits, most));
}

function isUpTo(text: string, most: number): boolean {
    return /^(0|[1-9]\d*)$/.test(text) && Number(text) <= most;
}

/** A whole host name with a domain, without wildcard. */
export const plainHostName = z
    .string()
    .refine((text) => isDnsName(text) && text.includes("."), "a DNS name with its domain, without wildcard")
    .meta({ examples: ["grafana.example.com"] });

/** A host name that a gateway answers to. */
export const hostName = z
    .string()
    .refine(
        (text) => text === "*" || isDnsName(text.replace(/^\*\./, "")) || isIPv4(text),
        "a DNS name, `*.` and a DNS name, or `*`",
    )
    .meta({ examples: ["bookinfo.example.com"] });

/** A DNS zone by its name or its OCID. */
export const dnsZone = z
    .string()
    .superRefine((text, context) => {
        if (!isDnsZone(text)) {
            const near = text.trim().toLowerCase().replace(/\.$/, "");
            const message = "a zone's name such as example.com, or an OCID that starts with ocid1.dns-zone.";
            context.addIssue({ code: "custom", message, params: { instead: isDnsZone(near) ? near : undefined } });
        }
    })
    .meta({ examples: ["<zone>"] });

function isDnsZone(text: string): boolean {
    return text.startsWith("ocid1.")
        ? /^ocid1\.dns-zone\.[a-z0-9]+\.[a-z0-9-]*\.[a-z0-9._-]+$/.test(text)
        : isDnsName(text);
}

/** One host name, which may be without a domain. */
export const exactHost = z
    .string()
    .refine((text) => isDnsName(text) || isIPv4(text), "a whole host name, without asterisk and port")
    .meta({ examples: ["bookinfo.example.com"] });

/** External hosts, by name: Istio refuses addresses. */
export const externalHostName = z
    .string()
    .superRefine((text, context) => {
        const refuse = (message: string) => context.addIssue({ code: "custom", message });
        if (isAddress(text)) {
            refuse("a DNS name: an address has none that proxies could know it by");
        } else if (text !== "*" && !isDnsName(text.replace(/^\*\./, ""))) {
            refuse("a DNS name, or `*.` and a DNS name");
        } else if (text !== "*" && !text.includes(".")) {
            refuse("a DNS name with its domain, such as api.example.com");
        }
    })
    .meta({ examples: ["api.example.com"] });

/** An address on the web over TLS. */
export const httpsUrl = z
    .string()
    .refine((text) => /^https:\/\/\S+$/.test(text) && isUrl(text), "an https:// URL")
    .meta({ examples: ["<https://...>"] });

function isUrl(text: string): boolean {
    const { hostname, username, port } = parsed(text);
    return username === "" && port !== "0" && (isDnsName(hostname) || isAddress(hostname.replace(/[[\]]/g, "")));
}

function parsed(text: string): { hostname: string; username: string; port: string } {
    try {
        return new URL(text);
    } catch {
        return { hostname: "", username: "", port: "" };
    }
}
