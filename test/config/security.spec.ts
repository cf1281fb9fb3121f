import { strict as assert } from "node:assert";
import { assertFixable } from "./fixable";
import { asDevStack, described, LOCAL, problemsIn } from "./settings";

const secured = (security: object, more: object = {}) => ({ ...LOCAL, ...more, security });
const authorized = (authorization: object, more: object = {}) => secured({ authorization }, more);
const policy = (fields: object) => authorized({ policies: [{ name: "mine", service: "ratings", ...fields }] });
const allow = [{ from: { services: ["reviews"] } }];
const admin = [{ to: { paths: ["/admin/*"] } }];

const issuer = "https://identity.oraclecloud.com/";
const tokens = (fields: object) => secured({ requestAuthentication: [{ name: "users", ...fields }] });
const privateKeys = JSON.stringify({ keys: [{ kty: "RSA", n: "n", e: "AQAB", d: "VERYSECRET" }] });

const P = "security.authorization.policies[0]";
const T = "security.requestAuthentication[0]";

/** What contradicts what, and the problems it must give. */
const mistakes: [string, Record<string, unknown>, string[]][] = [
    [
        "STRICT for a namespace that is not injected",
        secured({ mtls: { namespaces: { legacy: { mode: "STRICT" } } } }, { clients: { legacy: true } }),
        ["security.mtls.namespaces.legacy is STRICT, but pods of legacy have no sidecars to enforce it"],
    ],
    [
        "the mesh's own namespace",
        secured({ mtls: { namespaces: { "istio-system": { mode: "STRICT" } } } }),
        ["security.mtls.namespaces.istio-system is the whole mesh for Istio; set security.mtls.mode instead"],
    ],
    [
        "mutual TLS for a service there is not",
        secured({ mtls: { services: { reveiws: { mode: "STRICT" } } } }),
        ["security.mtls.services.reveiws names reveiws, which is no service of this mesh; did you mean reviews?"],
    ],
    [
        "mutual TLS that says nothing, and a port twice",
        secured({
            mtls: {
                services: {
                    ratings: {},
                    details: { ports: [{ port: 9080, mode: "STRICT" }, { port: 9080, mode: "DISABLE" }] }, // oxfmt-ignore
                },
            },
        }),
        [
            "security.mtls.services.ratings has neither mode nor ports",
            "security.mtls.services.details.ports[1] is port 9080, which ports[0] has already",
        ],
    ],
    [
        "the guide's policies without Bookinfo",
        authorized({ mode: "guide" }, { bookinfo: { enabled: false } }),
        ["security.authorization.mode is guide, whose policies are for Bookinfo, but bookinfo.enabled is false"],
    ],
    [
        "a call graph with unknown services, at either end",
        authorized({ mode: "zero-trust", calls: { productpage: ["details", "reveiws"], shop: ["details"] } }),
        [
            "security.authorization.calls.productpage[1] names reveiws, which is no service of this mesh; did you mean reviews?",
            "security.authorization.calls.shop names shop, which is no service of this mesh; there are productpage, details, reviews, ratings",
        ],
    ],
    [
        "a policy that protects nothing, and one that protects two",
        authorized({
            policies: [
                { name: "a", rules: allow },
                { name: "b", service: "ratings", namespace: "bookinfo", rules: allow },
            ],
        }),
        [
            `${P} must have one of service, gateway and namespace`,
            "security.authorization.policies[1].namespace is set beside service; a policy protects one of service, gateway and namespace",
        ],
    ],
    [
        "labels without a namespace",
        policy({ selector: { app: "ratings" }, rules: allow }),
        [`${P}.selector needs namespace; service and gateway have their own labels`],
    ],
    [
        "a policy for and of strangers",
        policy({ service: "rating", rules: [{ from: { services: ["revews"] } }] }),
        [
            `${P}.service names rating, which is no service of this mesh; did you mean ratings?`,
            `${P}.rules[0].from.services[0] names revews, which is no service of this mesh; did you mean reviews?`,
        ],
    ],
    [
        "a policy where nobody asks it",
        authorized({ policies: [{ name: "mine", namespace: "kube-system", rules: allow }] }),
        [`${P}.namespace is kube-system, where no pod has a sidecar that would enforce it`],
    ],
    [
        "DENY without rules",
        policy({ action: "DENY" }),
        [`${P}.rules is empty; DENY needs at least one rule, and {} is one that always matches`],
    ],
    [
        "CUSTOM without a provider",
        policy({ action: "CUSTOM", rules: admin }),
        [`${P}.provider is missing; CUSTOM needs one that decides`],
    ],
    [
        "CUSTOM with a provider there is not",
        policy({ action: "CUSTOM", provider: "opa", rules: admin }),
        [`${P}.provider is opa, which is not one of security.authorization.providers; there is none`],
    ],
    [
        "a provider for ALLOW",
        policy({ provider: "opa", rules: allow }),
        [`${P}.provider goes with action CUSTOM, but action is ALLOW`],
    ],
    [
        "a dry run that Istio does not do",
        policy({ action: "AUDIT", dryRun: true, rules: allow }),
        [`${P}.dryRun is for ALLOW and DENY, but action is AUDIT`],
    ],
    [
        "a name that is taken",
        authorized({
            policies: [
                { name: "mine", service: "ratings", rules: allow },
                { name: "mine", service: "details", rules: allow },
                { name: "allow-nothing", namespace: "bookinfo" },
            ],
        }),
        [
            "security.authorization.policies[1].name is mine, the name of policies[0] already",
            "security.authorization.policies[2].name is allow-nothing, a name that this program uses for its policies",
        ],
    ],
    [
        "paths of a service that speaks TCP",
        authorized(
            { policies: [{ name: "mine", service: "stock", action: "DENY", rules: [{ to: { paths: ["/x"] } }] }] },
            { services: { stock: { namespace: "bookinfo", port: 5432, protocol: "tcp" } } },
        ),
        [`${P}.rules[0].to.paths is for HTTP, but stock is of protocol tcp`],
    ],
    [
        "an issuer without keys",
        tokens({ issuers: [{ issuer }] }),
        [`${T}.issuers[0] has neither jwksUri nor jwks: tokens of ${issuer} could not be verified`],
    ],
    [
        "keys from two places",
        tokens({ issuers: [{ issuer, jwks: '{"keys":[{"kty":"RSA"}]}', jwksUri: "https://a.example.com/jwk" }] }),
        [`${T}.issuers[0].jwks is set beside jwksUri; set only one of the two`],
    ],
    [
        "tokens for a service there is not",
        tokens({ service: "page", issuers: [{ issuer, jwksUri: "https://a.example.com/jwk" }] }),
        [`${T}.service names page, which is no service of this mesh; there are productpage, details, reviews, ratings`],
    ],
    [
        "ports of the gateway",
        tokens({ ports: [80], issuers: [{ issuer, jwksUri: "https://a.example.com/jwk" }] }),
        [`${T}.ports needs service; the gateway's ports are gateway.ports`],
    ],
    [
        "nobody who could call",
        {
            ...LOCAL,
            security: { authorization: { mode: "zero-trust" }, mtls: { services: { details: { mode: "DISABLE" } } } },
        },
        [
            "security.mtls.services.details.mode is DISABLE, but security.authorization.mode zero-trust identifies callers by their certificates: nothing could call details",
        ],
    ],
    [
        "clients in plain text where mutual TLS is asked for",
        {
            ...LOCAL,
            traffic: { services: { details: { tls: { mode: "DISABLE" } } } },
            security: { mtls: { mode: "STRICT" } },
        },
        [
            "traffic.services.details.tls.mode is DISABLE, but mutual TLS is required by details: every request to it would be refused",
        ],
    ],
    [
        "a token for a host that is not open",
        {
            ...LOCAL,
            gateway: { hosts: ["shop.example.com"] },
            security: {
                requestAuthentication: [
                    {
                        name: "users",
                        issuers: [{ issuer: "https://issuer.example.com", jwksUri: "https://issuer.example.com/keys" }],
                        require: [{ hosts: ["shopp.example.com"] }],
                    },
                ],
            },
        },
        [
            "security.requestAuthentication[0].require[0].hosts[0] is shopp.example.com, which is not exposed at the gateway; did you mean shop.example.com?",
        ],
    ],
    [
        "tokens of nobody",
        { ...LOCAL, security: { requestAuthentication: [{ name: "users" }] } },
        ["security.requestAuthentication[0].issuers is missing, must be a list"],
    ],
];

/** What is wrong by itself: one text each that the problem must have. */
const malformed: [string, Record<string, unknown>, string, RegExp][] = [
    [
        "a principal with its scheme",
        policy({ rules: [{ from: { principals: ["spiffe://cluster.local/ns/bookinfo/sa/bookinfo-reviews"] } }] }),
        `${P}.rules[0].from.principals[0]`,
        /an identity such as cluster\.local\/ns\/bookinfo\/sa\/bookinfo-productpage/,
    ],
    [
        "a bare service account",
        policy({ rules: [{ from: { principals: ["bookinfo-reviews"] } }] }),
        `${P}.rules[0].from.principals[0]`,
        /an identity such as/,
    ],
    [
        "a header that is the host",
        tokens({ issuers: [{ issuer, jwks: "{}", claimToHeaders: { host: "sub" } }] }),
        `${T}.issuers[0].claimToHeaders.host`,
        /a header's name in lower case, other than host and authorization/,
    ],
    [
        "a claim in brackets for a header",
        tokens({ issuers: [{ issuer, jwks: "{}", claimToHeaders: { "x-id": "realm][id" } }] }),
        `${T}.issuers[0].claimToHeaders.x-id`,
        /realm_access\.id for one inside another/,
    ],
    [
        "no place for tokens",
        tokens({ issuers: [{ issuer, jwks: "{}", fromCookies: [] }] }),
        `${T}.issuers[0].fromCookies`,
        /at least 1/,
    ],
    [
        "a header with a space",
        tokens({ issuers: [{ issuer, jwks: "{}", fromHeaders: [{ name: "x token" }] }] }),
        `${T}.issuers[0].fromHeaders[0].name`,
        /a name without spaces and separators/,
    ],
    [
        "a method that is none",
        tokens({ issuers: [{ issuer, jwksUri: "https://a.example.com/keys" }], require: [{ methods: ["get"] }] }),
        `${T}.require[0].methods[0]`,
        /an HTTP method in capitals/,
    ],
    ["a rule from nobody", policy({ rules: [{ from: {} }] }), `${P}.rules[0].from`, /at least one of services/],
    ["a rule to nothing", policy({ rules: [{ to: {} }] }), `${P}.rules[0].to`, /at least one of methods/],
    // Left out on the wire, an empty list would match everything.
    ["an empty list", policy({ rules: [{ to: { paths: [] } }] }), `${P}.rules[0].to.paths`, /a list of at least 1/],
    [
        "an asterisk in the middle",
        policy({ rules: [{ to: { paths: ["/a/*/b"] } }] }),
        `${P}.rules[0].to.paths[0]`,
        /asterisk at the start or at the end only/,
    ],
    [
        "a method in small letters",
        policy({ rules: [{ to: { methods: ["get"] } }] }),
        `${P}.rules[0].to.methods[0]`,
        /capitals/,
    ],
    [
        "an attribute there is not",
        policy({ rules: [{ when: [{ key: "request.header[x]", values: ["a"] }] }] }),
        `${P}.rules[0].when[0].key`,
        /an attribute such as request\.headers/,
    ],
    ["keys without TLS", tokens({ issuers: [{ issuer, jwksUri: "http://a" }] }), `${T}.issuers[0].jwksUri`, /https:/],
];

describe("security settings that contradict each other", () => {
    asDevStack();

    for (const [what, settings, problems] of mistakes) {
        it(`finds ${what}`, () => assert.deepEqual(described(settings), problems));
        it(`suggests a command that fixes ${what}`, () => assertFixable(settings));
    }

    for (const [what, settings, key, text] of malformed) {
        it(`finds ${what}`, () => {
            const problems = problemsIn(settings);
            assert.deepEqual(
                problems.map((problem) => problem.key),
                [key],
            );
            assert.match(problems[0]?.message ?? "", text);
        });
        it(`suggests a command that fixes ${what}`, () => assertFixable(settings));
    }

    it("finds all of them at once", () => {
        const problems = described(
            secured({
                mtls: { namespaces: { legacy: { mode: "STRICT" } } },
                authorization: {
                    mode: "zero-trust",
                    calls: { a: [] },
                    policies: [{ name: "x", service: "ratings", action: "DENY" }],
                },
                requestAuthentication: [{ name: "users", issuers: [{ issuer }] }],
            }),
        );
        assert.equal(problems.length, 4, problems.join("\n"));
    });

    it("refuses private keys among the public ones without repeating them", () => {
        const [problem] = problemsIn(tokens({ issuers: [{ issuer, jwks: privateKeys }] }));
        assert.equal(problem?.key, `${T}.issuers[0].jwks`);
        assert.match(problem?.message ?? "", /holds a private key/);
        assert.doesNotMatch(JSON.stringify(problem), /VERYSECRET/);
    });

    it("refuses what is no key set", () => {
        const [problem] = problemsIn(tokens({ issuers: [{ issuer, jwks: "-----BEGIN PUBLIC KEY-----" }] }));
        assert.match(problem?.message ?? "", /is not a JSON web key set/);
    });

    for (const settings of [
        policy({
            rules: [{ from: { principals: ["*"] } }, { from: { principals: ["*/sa/curl", "cluster.local/ns/a/*"] } }],
        }),
        policy({ action: "DENY", rules: [{}] }),
        authorized({ mode: "zero-trust", calls: { curl: ["ratings"] } }, { clients: { curl: true } }),
    ]) {
        it(`accepts ${JSON.stringify(settings.security)}`, () => assert.deepEqual(described(settings), []));
    }
});
