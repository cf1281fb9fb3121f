import { STATUS_CODES } from "node:http";
import { RE2JS } from "re2js";
import { z } from "zod";
import type { RequestConditions, RouteActions, TextMatch } from "../../components/traffic/serviceTraffic";
import { dnsLabel, port } from "./common";
import { duration } from "./duration";
import { headerName } from "./headers";
import { exactHost } from "./hosts";
import { nonEmpty } from "./nonEmpty";
import type { Pinned } from "./pinned";
import { rateLimit } from "./rateLimit";
import { claimName } from "./requestAuthentication";

/** Envoy's conditions for trying again: x-envoy-retry-on and x-envoy-retry-grpc-on. */
const RETRY_ON = [
    ...["5xx", "gateway-error", "reset", "reset-before-request", "connect-failure", "envoy-ratelimited"],
    ...["retriable-4xx", "refused-stream", "retriable-status-codes", "retriable-headers", "http3-post-connect-failure"],
    ...["cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"],
];

export const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"] as const;

const percent = z.number().min(0).max(100);

const smallestPercent = percent.refine((value) => value === 0 || value >= 0.0001, "0, or from 0.0001 to 100");

const text = z
    .string()
    .min(1)
    .max(1024)
    .meta({ examples: ["<text>"] });

/** Codes that Go, and with it Istio, has a name for: all of Node's but one. */
const isStatus = (code: string) => Object.hasOwn(STATUS_CODES, code) && code !== "509";

export const path = z
    .string()
    .max(1024)
    .regex(/^\/[^\s?#]*$/, "a path that starts with /, without query")
    .meta({ examples: ["<path>"] });

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
            exact: of.optional().describe("The whole value."),
            prefix: of.optional().describe("A prefix of the value."),
            regex: regex.optional().describe("A regular expression (RE2) for the whole value."),
        })
        .refine(
            (match) => Object.keys(match).length === 1,
            "exact, prefix or regex, one of them",
        ) as unknown as z.ZodType<TextMatch, TextMatch>;
}

const headerChanges = nonEmpty(
    z.strictObject({
        set: z.record(changeableHeader, headerValue).optional().describe("Values that replace existing ones."),
        add: z.record(changeableHeader, headerValue).optional().describe("Values added to existing ones."),
        remove: z.array(changeableHeader).min(1).optional().describe("Headers to remove."),
    }),
);

const redirect = z
    .strictObject({
        uri: path.optional().describe("Path of the redirect. Default: the same."),
        authority: exactHost.optional().describe("Host of the redirect. Default: the same."),
        scheme: z.enum(["http", "https"]).optional().describe("Scheme of the redirect. Default: the same."),
        port: port.optional().describe("Port of the redirect. Default: the scheme's."),
        redirectCode: z
            .union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)])
            .optional()
            .describe("Status of the redirect. Default: 301."),
    })
    .refine(
        ({ uri, authority, scheme, port: to }) => [uri, authority, scheme, to].some((part) => part !== undefined),
        "a mapping that says where to: uri, authority, scheme or port",
    );

export const retries = z
    .strictObject({
        attempts: z.int().min(0).max(100).describe("Attempts after the first. 0 turns off Istio's two retries."),
        perTryTimeout: duration.optional().describe("Timeout of each attempt. Default: the route's timeout."),
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
                'What is retried: Envoy\'s conditions such as `5xx`, `reset`, `unavailable`, or codes (`"503"`).',
            ),
    })
    .refine(
        ({ attempts, perTryTimeout, retryOn }) => attempts > 0 || (perTryTimeout ?? retryOn) === undefined,
        "without perTryTimeout and retryOn where attempts is 0",
    );

const fault = z.strictObject({
    delay: duration.optional().describe("Delay before the service is called."),
    abort: z
        .int()
        .min(200)
        .max(599)
        .meta({ examples: [500] })
        .optional()
        .describe("HTTP status returned instead of the service's response."),
    percent: smallestPercent.optional().describe("Share of the requests. Default: 100."),
    user: text.optional().describe("Only requests of this user, by the header `end-user`. Default: all requests."),
});

const mirror = z.strictObject({
    to: dnsLabel.describe("Version that receives the copies."),
    percent: percent.optional().describe("Share of the requests. Default: 100."),
});

const cors = z.strictObject({
    allowOrigins: z.array(textMatch(text)).min(1).describe("Allowed origins: `exact: https://shop.example.com`."),
    allowMethods: z.array(z.enum(METHODS)).min(1).optional().describe("Allowed methods."),
    allowHeaders: z.array(changeableHeader).min(1).optional().describe("Allowed request headers."),
    exposeHeaders: z.array(changeableHeader).min(1).optional().describe("Response headers that pages may read."),
    maxAge: duration
        .refine((value) => !/ms|\./.test(value), "whole seconds such as 24h or 10m")
        .optional()
        .describe("How long browsers cache the result, in whole seconds."),
    allowCredentials: z.boolean().optional().describe("Whether requests may include credentials such as cookies."),
});

/** What happens to a request, at a service or in one of its rules. */
export const routeActions = {
    route: z
        .record(dnsLabel, z.int().min(0).max(100))
        .refine((shares) => Object.keys(shares).length > 0, "a mapping of versions to their shares")
        .optional()
        .describe("Share of each version in percent, 100 in total: `{ v1: 90, v2: 10 }`. Default: any pod."),
    rewrite: path
        .optional()
        .describe("Path that the service receives instead. If a prefix matched, only the prefix is replaced."),
    redirect: redirect.optional().describe("Redirect the client to another address instead of calling the service."),
    timeout: duration.optional().describe("Timeout of the whole response, retries included. Default: no limit."),
    retries: retries
        .optional()
        .describe("Retries. Default: Istio's two retries, after failures that are safe to repeat."),
    fault: fault.optional().describe("Fault injection: a delay, an abort, or both."),
    mirror: mirror
        .optional()
        .describe("Mirroring: copies of requests to another version, whose responses are discarded."),
    cors: cors.optional().describe("Cross-origin requests that browsers may send (Istio's CorsPolicy)."),
    requestHeaders: headerChanges.optional().describe("Changes to the request's headers."),
    responseHeaders: headerChanges.optional().describe("Changes to the response's headers."),
    rateLimit: rateLimit
        .optional()
        .describe(
            "Rate limits in the service's sidecars, each of which counts for itself. A rule's count beside the service's.",
        ),
} satisfies Pinned<RouteActions>;

const conditions = {
    user: text.optional().describe("User, by the header `end-user`, in which Bookinfo sends the signed-in user."),
    headers: z
        .record(headerName, textMatch(text))
        .optional()
        .describe("Headers, all of which must match: `exact`, `prefix` or `regex`."),
    paths: z
        .array(textMatch(path))
        .min(1)
        .optional()
        .describe("Paths, one of which must match: `exact`, `prefix` or `regex`."),
    method: z.enum(METHODS).optional().describe("Method."),
    claims: z
        .record(claimName, textMatch(text))
        .optional()
        .describe(
            "Claims of the user's token, all of which must match: `exact`, `prefix` or `regex`. For requests through the gateway only, which must check tokens (`security.requestAuthentication` without `service`).",
        ),
} satisfies Pinned<RequestConditions>;

export const matchRule = z.strictObject({ ...conditions, ...routeActions });
