import { milliseconds } from "../../duration";
import type { RateLimit } from "./rateLimit";
import type { RequestMatcher } from "./requestMatcher";

/**
 * Envoy of each Istio minor, for whose local_ratelimit filter the configuration here is: it needs descriptors without a
 * value, which make buckets as values come (Envoy 1.34 and newer). https://github.com/istio/proxy/blob/release-1.31/WORKSPACE
 * https://www.envoyproxy.io/docs/envoy/v1.39.0/configuration/http/http_filters/local_rate_limit_filter
 */
export const ENVOY_OF_ISTIO: Record<string, string> = { "1.30": "1.38", "1.31": "1.39" };

const TYPE = "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";

/** Buckets that a proxy keeps of one limit. Beyond, those unused the longest begin anew. */
const MOST_BUCKETS = 10_000;

/** Where Istio's filter for tokens leaves what a valid one says. */
const CLAIM = (name: string) => ({ key: "envoy.filters.http.jwt_authn", path: [{ key: "payload" }, { key: name }] });

/** One limit, and the requests that it counts. */
export interface Limited {
    limit: RateLimit;
    /** @default all */
    requests?: RequestMatcher;
}

/** A step that describes a request, and its part of the description. Without a value: a bucket for each. */
type Part = [action: object, entry: { key: string; value?: string }];

/** A filter that limits nothing by itself; routes say what. */
export function idleFilter(name: string): Record<string, unknown> {
    return { name, typed_config: { "@type": TYPE, stat_prefix: "rate_limit" } };
}

/** A filter that limits all requests that pass it. */
export function limitingFilter(name: string, limits: Limited[]): Record<string, unknown> {
    return { name, typed_config: limiting(limits) };
}

/** What the filter of that name does on a route. There Envoy wants a bucket for all other requests: one that is never empty. */
export function limitingRoute(name: string, limits: Limited[]): Record<string, unknown> {
    const endless = { max_tokens: 4_294_967_295, tokens_per_fill: 4_294_967_295, fill_interval: "1s" };
    return { typed_per_filter_config: { [name]: { ...limiting(limits), token_bucket: endless } } };
}

function limiting(limits: Limited[]): object {
    const always = { default_value: { numerator: 100, denominator: "HUNDRED" } };
    const described = limits.flatMap(({ limit, requests }, index) =>
        clientsOf(limit).map((client) => ({ limit, parts: [numbered(index), ...matching(requests), ...client] })),
    );
    return {
        "@type": TYPE,
        stat_prefix: "rate_limit",
        filter_enabled: always,
        filter_enforced: always,
        // Requests that no limit counts would show the endless bucket.
        ...(limits.some(({ requests }) => requests === undefined) && {
            enable_x_ratelimit_headers: "DRAFT_VERSION_03",
        }),
        response_headers_to_add: [
            { append_action: "OVERWRITE_IF_EXISTS_OR_ADD", header: { key: "x-local-rate-limit", value: "true" } },
        ],
        rate_limited_as_resource_exhausted: true,
        always_consume_default_token_bucket: false,
        max_dynamic_descriptors: MOST_BUCKETS,
        rate_limits: described.map(({ parts }) => ({ actions: parts.map(([action]) => action) })),
        descriptors: described.map(({ limit, parts }) => ({
            entries: parts.map(([, entry]) => entry),
            token_bucket: bucketOf(limit),
        })),
    };
}

function bucketOf({ requests, per, burst = requests }: RateLimit) {
    return { max_tokens: burst, tokens_per_fill: requests, fill_interval: `${(milliseconds(per) ?? 0) / 1000}s` };
}

/** Tells limits apart that count the same requests. */
function numbered(index: number): Part {
    const [key, value] = ["limit", String(index)];
    return [{ generic_key: { descriptor_key: key, descriptor_value: value } }, { key, value }];
}

/** Of an action that does not fit nothing is counted. */
function matching(requests: RequestMatcher | undefined): Part[] {
    const part = (headers: object[], key: string, value: string, expected: boolean): Part => [
        {
            header_value_match: {
                descriptor_key: key,
                descriptor_value: value,
                expect_match: expected,
                headers,
            },
        },
        { key, value },
    ];
    return requests
        ? [
              ...requests.not.map((headers, index) => part(headers, "not", String(index), false)),
              part(requests.headers, "rule", "fits", true),
          ]
        : [];
}

/** Who shares a bucket. More than one where those who cannot be told apart share one of their own. */
function clientsOf({ each, header = "" }: RateLimit): Part[][] {
    const ofToken = (key: string, claim: string): Part => [
        { metadata: { descriptor_key: key, metadata_key: CLAIM(claim), default_value: "none", source: "DYNAMIC" } },
        { key },
    ];
    switch (each) {
        case undefined:
            return [[]];
        case "client-address":
            return [[[{ remote_address: {} }, { key: "remote_address" }]]];
        case "token-subject":
            return [[ofToken("issuer", "iss"), ofToken("subject", "sub")]];
        case "header": {
            const missing = {
                descriptor_key: "without",
                descriptor_value: header,
                expect_match: false,
                headers: [{ name: header, present_match: true }],
            };
            return [
                [[{ request_headers: { header_name: header, descriptor_key: "header" } }, { key: "header" }]],
                [[{ header_value_match: missing }, { key: "without", value: header }]],
            ];
        }
    }
}
