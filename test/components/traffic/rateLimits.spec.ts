import { strict as assert } from "node:assert";
import { RE2JS } from "re2js";
import type { EnvoyFilterSpec } from "../../../components/istio/api";
import type { MeshService } from "../../../components/mesh/meshService";
import { RateLimits, type RateLimitsArgs } from "../../../components/traffic/rateLimits/rateLimits";
import { virtualService } from "../../../components/traffic/trafficPolicies";
import type { MatchRule, ServiceTraffic } from "../../../components/traffic/serviceTraffic";
import { at } from "../../../plan/model";
import { ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record/record";

const cart: MeshService = {
    name: "cart",
    host: "cart-web",
    namespace: "shop",
    port: 8080,
    protocol: "http",
    versions: {},
    selector: { app: "cart" },
    serviceAccount: "cart",
};

const planned = (args: Partial<RateLimitsArgs>) =>
    record({}, () => {
        new RateLimits("limits", { services: [], ...args }, {});
    });

async function specOf(args: Partial<RateLimitsArgs>): Promise<EnvoyFilterSpec> {
    return one(await planned(args), "EnvoyFilter").inputs.spec as EnvoyFilterSpec;
}

/** What the sidecars of the service do on its routes. */
async function routeOf(traffic: ServiceTraffic): Promise<Record<string, unknown>> {
    const spec = await specOf({ services: [{ service: cart, traffic }] });
    return at(spec.configPatches?.[1]?.patch?.value, "typed_per_filter_config", "oke-mesh.rate_limit.cart") as Record<
        string,
        unknown
    >;
}

const described = async (traffic: ServiceTraffic) => {
    const { rate_limits: limits, descriptors } = await routeOf(traffic);
    return { actions: (limits as { actions: object[] }[]).map(({ actions }) => actions), descriptors };
};

const bucket = (tokens: number, interval: string, most = tokens) => ({
    max_tokens: most,
    tokens_per_fill: tokens,
    fill_interval: interval,
});
const numbered = (index: string) => ({ generic_key: { descriptor_key: "limit", descriptor_value: index } });

describe("rate limits", () => {
    it("of a service are one EnvoyFilter, named after it, for its pods and its Service's port", async () => {
        const { inputs } = one(
            await planned({ services: [{ service: cart, traffic: { rateLimit: [{ requests: 5, per: "1s" }] } }] }),
            "EnvoyFilter",
        );
        assert.deepEqual(inputs.metadata, {
            name: "cart-rate-limit",
            namespace: "shop",
            annotations: { "galley.istio.io/analyze-suppress": "IST0133" },
        });
        const spec = inputs.spec as EnvoyFilterSpec;
        const proxy = { proxyVersion: "^(1\\.30|1\\.31)\\..*" };
        assert.deepEqual(
            { ...spec, configPatches: spec.configPatches?.map(({ patch, ...rest }) => [rest, patch?.operation]) },
            {
                priority: 10,
                workloadSelector: { labels: { app: "cart" } },
                configPatches: [
                    [
                        {
                            applyTo: "HTTP_FILTER",
                            match: {
                                context: "SIDECAR_INBOUND",
                                proxy,
                                listener: {
                                    filterChain: {
                                        filter: {
                                            name: "envoy.filters.network.http_connection_manager",
                                            subFilter: { name: "envoy.filters.http.router" },
                                        },
                                    },
                                },
                            },
                        },
                        "INSERT_BEFORE",
                    ],
                    [
                        {
                            applyTo: "HTTP_ROUTE",
                            match: {
                                context: "SIDECAR_INBOUND",
                                proxy,
                                routeConfiguration: { vhost: { name: "inbound|http|8080", route: { action: "ANY" } } },
                            },
                        },
                        "MERGE",
                    ],
                ],
            },
        );
        assert.deepEqual(spec.configPatches?.[0]?.patch?.value, {
            name: "oke-mesh.rate_limit.cart",
            typed_config: {
                "@type": "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
                stat_prefix: "rate_limit",
            },
        });
    });

    for (const [version, matches] of [
        ["1.31.4", true],
        ["1.30.8", true],
        ["1.31-dev", false],
        ["1.3.1", false],
        ["11.31.0", false],
        ["1.32.0", false],
    ] as const) {
        it(`${matches ? "hold" : "do not hold"} for proxies of ${version}`, async () => {
            const spec = await specOf({ gateway: { namespace: "istio-system", limits: [{ requests: 1, per: "1s" }] } });
            const { proxyVersion = "" } = spec.configPatches?.[0]?.match?.proxy ?? {};
            assert.equal(new RegExp(proxyVersion).test(version), matches);
        });
    }

    it("are these in Envoy's words", async () => {
        const always = { default_value: { numerator: 100, denominator: "HUNDRED" } };
        assert.deepEqual(await routeOf({ rateLimit: [{ requests: 100, per: "1m30s", burst: 20 }] }), {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
            stat_prefix: "rate_limit",
            filter_enabled: always,
            filter_enforced: always,
            enable_x_ratelimit_headers: "DRAFT_VERSION_03",
            response_headers_to_add: [
                { append_action: "OVERWRITE_IF_EXISTS_OR_ADD", header: { key: "x-local-rate-limit", value: "true" } },
            ],
            rate_limited_as_resource_exhausted: true,
            always_consume_default_token_bucket: false,
            max_dynamic_descriptors: 10_000,
            token_bucket: bucket(4_294_967_295, "1s"),
            rate_limits: [{ actions: [numbered("0")] }],
            descriptors: [{ entries: [{ key: "limit", value: "0" }], token_bucket: bucket(100, "90s", 20) }],
        });
    });

    it("have a bucket for each client, header or subject, and one for those that cannot be told apart", async () => {
        const limit = { requests: 5, per: "0.5s" };
        const { actions, descriptors } = await described({
            rateLimit: [
                { ...limit, each: "client-address" },
                { ...limit, each: "header", header: "x-key" },
                { ...limit, each: "token-subject" },
            ],
        });
        const claim = (key: string, name: string) => ({
            metadata: {
                descriptor_key: key,
                metadata_key: { key: "envoy.filters.http.jwt_authn", path: [{ key: "payload" }, { key: name }] },
                default_value: "none",
                source: "DYNAMIC",
            },
        });
        assert.deepEqual(actions, [
            [numbered("0"), { remote_address: {} }],
            [numbered("1"), { request_headers: { header_name: "x-key", descriptor_key: "header" } }],
            [
                numbered("1"),
                {
                    header_value_match: {
                        descriptor_key: "without",
                        descriptor_value: "x-key",
                        expect_match: false,
                        headers: [{ name: "x-key", present_match: true }],
                    },
                },
            ],
            [numbered("2"), claim("issuer", "iss"), claim("subject", "sub")],
        ]);
        const entries = (index: string, ...more: object[]) => ({
            entries: [{ key: "limit", value: index }, ...more],
            token_bucket: bucket(5, "0.5s"),
        });
        assert.deepEqual(descriptors, [
            entries("0", { key: "remote_address" }),
            entries("1", { key: "header" }),
            entries("1", { key: "without", value: "x-key" }),
            entries("2", { key: "issuer" }, { key: "subject" }),
        ]);
    });

    it("of a rule count what it is the first to fit, beside those of the service", async () => {
        const post: MatchRule = { method: "POST", user: "jason", rateLimit: [{ requests: 1, per: "1s" }] };
        const { actions, descriptors } = await described({
            rateLimit: [{ requests: 9, per: "1s" }],
            match: [
                { headers: { "x-beta": { exact: "on" } }, timeout: "1s" },
                // What these treat arrives otherwise, or not as theirs.
                { paths: [{ exact: "/old" }], rewrite: "/new" },
                { paths: [{ exact: "/gone" }], redirect: { uri: "/new" } },
                { claims: { groups: { exact: "trial" } }, timeout: "2s" },
                post,
            ],
        });
        const fits = (key: string, value: string, expected: boolean, ...headers: object[]) => ({
            header_value_match: { descriptor_key: key, descriptor_value: value, expect_match: expected, headers },
        });
        assert.deepEqual(actions, [
            [numbered("0")],
            [
                numbered("1"),
                fits("not", "0", false, { name: "x-beta", string_match: { exact: "on" } }),
                fits(
                    "rule",
                    "fits",
                    true,
                    { name: "end-user", string_match: { exact: "jason" } },
                    { name: ":method", string_match: { exact: "POST" } },
                ),
            ],
        ]);
        assert.deepEqual(descriptors, [
            { entries: [{ key: "limit", value: "0" }], token_bucket: bucket(9, "1s") },
            {
                entries: [
                    { key: "limit", value: "1" },
                    { key: "not", value: "0" },
                    { key: "rule", value: "fits" },
                ],
                token_bucket: bucket(1, "1s"),
            },
        ]);
    });

    // Envoy shows what is left of the default bucket where no other counts, and that one is endless.
    it("show what is left only where all requests are counted", async () => {
        const match = [{ method: "POST", rateLimit: [{ requests: 1, per: "1s" }] }];
        assert.equal((await routeOf({ match })).enable_x_ratelimit_headers, undefined);
    });

    const paths: [NonNullable<MatchRule["paths"]>, fits: string[], others: string[]][] = [
        [[{ exact: "/a.b" }], ["/a.b", "/a.b?c=/d"], ["/a.b/", "/axb", "/a.bc"]],
        [[{ prefix: "/a(" }], ["/a(", "/a(b/c", "/a(?x"], ["/a", "/b?x=/a("]],
        [
            [{ regex: "/[0-9]+|/x" }, { exact: "/y" }],
            ["/12", "/x", "/y?z", "/1?b"],
            ["/12a", "/xy", "/z?/x"],
        ],
    ];
    for (const [given, fits, others] of paths) {
        it(`know ${JSON.stringify(given)} with and without a query`, async () => {
            const { actions } = await described({ match: [{ paths: given, rateLimit: [{ requests: 1, per: "1s" }] }] });
            const match = at(actions[0]?.[1], "header_value_match", "headers", "0");
            assert.equal(at(match, "name"), ":path");
            const regex = RE2JS.compile(String(at(match, "string_match", "safe_regex", "regex")));
            assert.deepEqual(
                [...fits, ...others].filter((path) => regex.matches(path)),
                fits,
            );
        });
    }

    it("of the gateway hold for its pods, in one filter", async () => {
        const plan = await planned({ gateway: { namespace: "istio-system", limits: [{ requests: 7, per: "1s" }] } });
        const { inputs } = one(plan, "EnvoyFilter");
        assert.deepEqual(
            [at(inputs, "metadata", "name"), at(inputs, "metadata", "namespace")],
            ["istio-ingressgateway-rate-limit", "istio-system"],
        );
        const spec = inputs.spec as EnvoyFilterSpec;
        assert.deepEqual(spec.workloadSelector, { labels: { istio: "ingressgateway" } });
        const [patch, ...others] = spec.configPatches ?? [];
        assert.deepEqual([patch?.match?.context, patch?.applyTo, others], ["GATEWAY", "HTTP_FILTER", []]);
        assert.deepEqual(at(patch?.patch?.value, "typed_config", "descriptors"), [
            { entries: [{ key: "limit", value: "0" }], token_bucket: bucket(7, "1s") },
        ]);
    });

    it("need no routes, which would all be the same", () => {
        const rateLimit = [{ requests: 1, per: "1s" }];
        assert.equal(virtualService(cart, { rateLimit, match: [{ method: "POST", rateLimit }] }), undefined);
        const routes = virtualService(cart, { match: [{ method: "POST", rateLimit, timeout: "1s" }] });
        assert.deepEqual(
            routes?.http?.map(({ timeout }) => timeout),
            ["1s", undefined],
        );
    });

    it("of two services at the same pods do not count for each other", async () => {
        const traffic = { rateLimit: [{ requests: 1, per: "1s" }] };
        const admin = { ...cart, name: "admin", host: "admin", port: 9000 };
        const plan = await planned({
            services: [
                { service: cart, traffic },
                { service: admin, traffic },
            ],
        });
        const filters = ofType(plan, "EnvoyFilter").map(({ inputs }) =>
            at((inputs.spec as EnvoyFilterSpec).configPatches?.[0]?.patch?.value, "name"),
        );
        assert.deepEqual(filters, ["oke-mesh.rate_limit.cart", "oke-mesh.rate_limit.admin"]);
    });
});
