import { METHODS } from "node:http";
import { z } from "zod";
import { isAddressOrNetwork } from "./hosts";

/** Istio matches whole values, prefixes (`/api/*`), suffixes (`*.example.com`) and anything (`*`). */
const wildcard = "with an asterisk at the start or at the end only, or nowhere";

export const pattern = z.string().regex(/^(\*|\*?[^\s*]+|[^\s*]+\*)$/, `a text without spaces, ${wildcard}`);

export const namespacePattern = z
    .string()
    .regex(/^(\*|\*?[a-z0-9-]+|[a-z0-9-]+\*)$/, `a namespace, ${wildcard}`)
    .meta({ examples: ["<namespace>"] });

/** `cluster.local/ns/bookinfo/sa/bookinfo-productpage`: no `spiffe://` in front, which would match no caller. */
export const principal = z
    .string()
    .regex(
        /^(\*|[^\s*/]+\/ns\/[^\s*/]+\/sa\/[^\s*/]+|\*[^\s*]*\/[^\s*]+|[^\s*:/]+\/ns\/[^\s*]*\*)$/,
        "an identity such as cluster.local/ns/bookinfo/sa/bookinfo-productpage, or a part of one and an asterisk",
    )
    .meta({ examples: ["<trust domain/ns/namespace/sa/service account>"] });

export const ipBlock = z
    .string()
    .refine(isAddressOrNetwork, "an address or a network such as 10.0.0.0/16")
    .meta({ examples: ["<network>"] });

/** Segments of a path beside templates: https://datatracker.ietf.org/doc/html/rfc3986#appendix-A */
const SEGMENT = /^[\w\-.~%!$&'()+,;:@=]+$/;

/** Whether Istio takes the templates of a path: `{*}` for a segment, `{**}` for the rest, and no other braces. */
function templatesFit(path: string): boolean {
    const segments = path.replace(/^\/+|\/+$/g, "").split("/");
    const isTemplate = (segment: string) => segment === "{*}" || segment === "{**}";
    const rest = segments.indexOf("{**}");
    return (
        (!segments.some(isTemplate) || segments.every((each) => isTemplate(each) || SEGMENT.test(each))) &&
        segments.every((each) => isTemplate(each) || !/[{}]/.test(each)) &&
        (rest === -1 || !segments.slice(rest + 1).some(isTemplate))
    );
}

/** A path always starts with a slash, so a pattern that starts with anything else matches nothing. */
export const policyPath = z
    .string()
    .superRefine((path, context) => {
        const refuse = (message: string) => context.addIssue({ code: "custom", message });
        const plain = path.replace(/\{\*{1,2}\}/g, "x");
        if (!/^(\*|\/[^\s*]*\*?|\*[^\s*]+)$/.test(plain)) {
            refuse(
                /^[/*]/.test(path)
                    ? `a path ${wildcard}, or with templates such as /users/{*}/cart`
                    : "a path that starts with /",
            );
        } else if (!templatesFit(path)) {
            refuse("a path with {*} for a segment or {**} at its end, and no other braces");
        }
    })
    .meta({ examples: ["<path>"] });

/** Attributes whose values Istio parses, by what each has to be. */
const VALUES: [attribute: RegExp, fits: (value: string) => boolean, what: string][] = [
    [/^(source\.ip|remote\.ip|destination\.ip)$/, isAddressOrNetwork, "an address or a network such as 10.0.0.0/16"],
    [
        /^destination\.port$/,
        (value) => /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65535,
        "a port from 1 to 65535",
    ],
    [
        /^(source|request\.auth)\.principal$/,
        (value) => !value.startsWith("spiffe://"),
        "an identity without spiffe:// in front",
    ],
];

const conditionValue = z
    .string()
    .min(1)
    .meta({ examples: ["<value>"] });

export const condition = z
    .strictObject({
        key: z
            .string()
            .regex(
                /^(request\.headers\[[\w!#$%&'*+.^`|~:-]+\]|request\.auth\.claims(\[[^[\]\s]+\])+|request\.auth\.(principal|audiences|presenter)|source\.(ip|namespace|principal)|remote\.ip|destination\.(ip|port)|connection\.sni|experimental\.envoy\.filters\.[^\s[\]]+\[[^\]]+\])$/,
                "an attribute such as request.headers[x-tenant] or request.auth.claims[groups]",
            )
            .meta({ examples: ["<attribute>"] })
            .describe("Attribute: https://istio.io/latest/docs/reference/config/security/conditions/"),
        values: z.array(conditionValue).min(1).optional().describe("Values, one of which must match."),
        notValues: z.array(conditionValue).min(1).optional().describe("Values, none of which may match."),
    })
    .refine(({ values, notValues }) => values ?? notValues, "values or notValues")
    .superRefine(({ key, ...lists }, context) => {
        const [, fits, what] = VALUES.find(([attribute]) => attribute.test(key)) ?? [];
        for (const [name, values = []] of Object.entries(lists)) {
            values.forEach((value, index) => {
                if (fits && !fits(value)) {
                    const instead = value.startsWith("spiffe://") ? value.slice("spiffe://".length) : undefined;
                    context.addIssue({
                        code: "custom",
                        path: [name, index],
                        message: `${what}, for ${key}`,
                        params: { instead },
                    });
                }
            });
        }
    });

export const policyMethod = z
    .string()
    .regex(/^[A-Z]+$/, { message: "an HTTP method in capitals", abort: true })
    .refine((name) => METHODS.includes(name), "an HTTP method in capitals")
    .meta({ examples: ["<METHOD>"] });
