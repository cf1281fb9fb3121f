import { STATUS_CODES } from "node:http";
import { RE2JS } from "re2js";
import { z } from "zod";
import type { RequestConditions, RouteActions, TextMatch } from "../../components/traffic/serviceTraffic";
import { dnsLabel, port } from "./common";
import { duration } from "./duration";
import { exactHost } from "./hosts";
import { nonEmpty } from "./nonEmpty";
import type { Pinned } from "./pinned";

/** Envoy's conditions for trying again: x-envoy-retry-on and x-envoy-retry-grpc-on. */
const RETRY_ON = [
    ...["5xx", "gateway-error", "reset", "reset-before-request", "connect-failure", "envoy-ratelimited"],
    ...["retriable-4xx", "refused-stream", "retriable-status-codes", "retriable-headers", "http3-post-connect-failure"],
    ...["cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"],
];

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"] as const;

const percent = z.number().min(0).max(100);

const smallestPercent = percent.refine((value) => value === 0 || value >= 0.0001, "0, or from 0.0001 to 100");

const text = z
    .string()
    .min(1)
    .max(1024)
    .meta({ examples: ["<text>"] });

/** Codes that Go, and with it Istio, has a name for: all of Node's but one. */
const isStatus = (code: string) => Object.hasOwn(STATUS_CODES, code) && code !== "509";

const path = z
    .string()
    .max(1024)
    .regex(/^\/[^\s?#]*$/, "a path that starts with /, without query")
    .meta({ examples: ["<path>"] });

const headerName = z.string().regex(/^[a-z0-9!#$%&'*+.^_`|~-]+$/, "a header's name in lower case");

/** Envoy sets these itself; the host a request is for is not a header to be changed. */
const changeableHeader = z
    .string()
    .regex(/^(?!host$)[A-Za-z0-9!#$%&'*+.^_`|~-]+$/i, "a header's name, other than host");

/** Envoy reads `%...%` as a command; only plain text is allowed here. */
const headerValue = z
    .string()
    .max(4096)
    .regex(/^[^%\u0000-\u0008\u000a-\u001f\u007f]*$/, "text on one line, without % and control characters");

const regex = z
    .string()
    .min(1)
    .max(1024)
    .refine((pattern) => {
        try {
            RE2JS.compile(pattern);
            return true;
        } catch {
            return false;
        }
    }, "a regular expression as RE2 has it: without look-ahead and references")
    .meta({ examples: ["<regular expression>"] });

/** One of the ways to match a text. Zod cannot tell from a refinement that it is exactly one. */
function textMatch(of: z.ZodString) {
    return z
        .strictObject({
            exact: of.optional().describe("The whole of it."),
            prefix: of.optional().describe("Its beginning."),
            regex: regex.optional().describe("A regular expression (RE2) for the whole of it."),
        })
        .refine(
            (match) => Object.keys(match).length === 1,
            "exact, prefix or regex, one of them",
        ) as unknown as z.ZodType<TextMatch, TextMatch>;
}

const headerChanges = nonEmpty(
    z.strictObject({
        set: z.record(changeableHeader, headerValue).optional().describe("Values that replace what is there."),
        add: z.record(changeableHeader, headerValue).optional().describe("Values beside what is there."),
        remove: z.array(changeableHeader).min(1).optional().describe("Headers to take out."),
    }),
);

const redirect = z
    .strictObject({
        uri: path.optional().describe("Path to go to. Left out: the same."),
        authority: exactHost.optional().describe("Host to go to. Left out: the same."),
        scheme: z.enum(["http", "https"]).optional().describe("Scheme to go to. Left out: the same."),
        port: port.optional().describe("Port to go to. Left out: the scheme's."),
        redirectCode: z
            .union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)])
            .optional()
            .describe("Status of the answer. Left out: 301."),
    })
    .refine(
        ({ uri, authority, scheme, port: to }) => [uri, authority, scheme, to].some((part) => part !== undefined),
        "a mapping that says where to: uri, authority, scheme or port",
    );

export const retries = z
    .strictObject({
        attempts: z.int().min(0).max(100).describe("Tries after the first. 0 turns off Istio's own two."),
        perTryTimeout: duration
            .optional()
            .describe("How long each try may take. Left out: as long as the route's timeout."),
        retryOn: z
            .array(
                z
                    .string()
                    .refine(
                        (condition) => RETRY_ON.includes(condition) || isStatus(condition),
                        `${RETRY_ON.join(", ")}, or a status code in quotes`,
                    )
                    .meta({ examples: ["<condition>"] }),
            )
            .min(1)
            .optional()
            .describe(
                'What is tried again: Envoy\'s conditions such as `5xx`, `reset`, `unavailable`, or codes (`"503"`).',
            ),
    })
    .refine(
        ({ attempts, perTryTimeout, retryOn }) => attempts > 0 || (perTryTimeout ?? retryOn) === undefined,
        "without perTryTimeout and retryOn where attempts is 0",
    );

const fault = z.strictObject({
    delay: duration.optional().describe("Time that passes before the service is asked."),
    abort: z
        .int()
        .min(200)
        .max(599)
        .meta({ examples: [500] })
        .optional()
        .describe("HTTP status that answers instead of the service."),
    percent: smallestPercent.optional().describe("Share of the requests. Left out: 100."),
    user: text.optional().describe("Only requests of this user, by the header `end-user`. Left out: everybody's."),
});

const mirror = z.strictObject({
    to: dnsLabel.describe("Version that gets the copies."),
    percent: percent.optional().describe("Share of the requests. Left out: 100."),
});

const cors = z.strictObject({
    allowOrigins: z
        .array(textMatch(text))
        .min(1)
        .describe("Origins whose pages may ask: `exact: https://shop.example.com`."),
    allowMethods: z.array(z.enum(METHODS)).min(1).optional().describe("Methods they may use."),
    allowHeaders: z.array(changeableHeader).min(1).optional().describe("Headers they may send."),
    exposeHeaders: z.array(changeableHeader).min(1).optional().describe("Headers they may read."),
    maxAge: duration
        .refine((value) => !/ms|\./.test(value), "whole seconds such as 24h or 10m")
        .optional()
        .describe("How long browsers remember the answer, in whole seconds."),
    allowCredentials: z.boolean().optional().describe("Whether cookies and the like may be sent along."),
});

/** What happens to a request, at a service or in one of its rules. */
export const routeActions = {
    route: z
        .record(dnsLabel, z.int().min(0).max(100))
        .refine((shares) => Object.keys(shares).length > 0, "a mapping of versions to their shares")
        .optional()
        .describe("Share of each version in percent, together 100: `{ v1: 90, v2: 10 }`. Left out: any pod."),
    rewrite: path
        .optional()
        .describe("Path that is asked for instead; of a path that matched by prefix, the prefix alone is replaced."),
    redirect: redirect.optional().describe("Answer with another address instead of asking the service."),
    timeout: duration
        .optional()
        .describe("How long the caller waits for the whole answer, retries included. Left out: no limit."),
    retries: retries
        .optional()
        .describe("Trying again. Left out: Istio's own two tries after failures that are safe to repeat."),
    fault: fault.optional().describe("Errors made on purpose: a delay, an abort, or both."),
    mirror: mirror.optional().describe("Copies of requests for another version, whose answers nobody waits for."),
    cors: cors.optional().describe("What browsers may do with pages of other origins (Istio's CorsPolicy)."),
    requestHeaders: headerChanges.optional().describe("Changes of the request's headers on its way to the service."),
    responseHeaders: headerChanges.optional().describe("Changes of the answer's headers."),
} satisfies Pinned<RouteActions>;

const conditions = {
    user: text
        .optional()
        .describe("Who asks, by the header `end-user` that Bookinfo sends along for who is signed in."),
    headers: z
        .record(headerName, textMatch(text))
        .optional()
        .describe("Headers, all of them: `exact`, `prefix` or `regex`."),
    paths: z.array(textMatch(path)).min(1).optional().describe("Paths, any of them: `exact`, `prefix` or `regex`."),
    method: z.enum(METHODS).optional().describe("Method."),
} satisfies Pinned<RequestConditions>;

export const matchRule = z.strictObject({ ...conditions, ...routeActions });
