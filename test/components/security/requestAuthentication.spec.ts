import { strict as assert } from "node:assert";
import {
    requestAuthentication,
    tokenRequired,
    type TokensArgs,
} from "../../../components/security/requestAuthentication";
import { validateIstio } from "../../support/istioSchemas";

const ISSUER = "https://identity.oraclecloud.com/";
const args: TokensArgs = {
    name: "identity-domain",
    target: { namespace: "istio-system", selector: { istio: "ingressgateway" }, ports: [80, 443] },
    issuers: [
        {
            issuer: ISSUER,
            keys: { jwksUri: "https://idcs-1.identity.oraclecloud.com/admin/v1/SigningCert/jwk" },
            audiences: ["https://shop.example.com"],
            forwardOriginalToken: true,
        },
    ],
    require: [{ claims: {} }],
};

describe("end users with tokens", () => {
    it("are checked by the issuer's keys", () => {
        assert.deepEqual(requestAuthentication(args), {
            selector: { matchLabels: { istio: "ingressgateway" } },
            jwtRules: [
                {
                    issuer: ISSUER,
                    jwksUri: "https://idcs-1.identity.oraclecloud.com/admin/v1/SigningCert/jwk",
                    audiences: ["https://shop.example.com"],
                    forwardOriginalToken: true,
                },
            ],
        });
    });

    it("carry it where the issuer's clients put it, and pass claims on as headers", () => {
        const [issuer] = args.issuers;
        const places = {
            fromHeaders: [{ name: "x-token", prefix: "JWT " }],
            fromParams: ["t"],
            fromCookies: ["session"],
        };
        const claimToHeaders = { "x-user": "sub", "x-tenant": "realm.tenant" };
        const given = { ...args, issuers: [{ ...issuer!, audiences: [], ...places, claimToHeaders }] };
        const spec = requestAuthentication(given);
        assert.deepEqual(spec.jwtRules, [
            {
                issuer: ISSUER,
                jwksUri: "https://idcs-1.identity.oraclecloud.com/admin/v1/SigningCert/jwk",
                forwardOriginalToken: true,
                ...places,
                outputClaimToHeaders: [
                    { header: "x-user", claim: "sub" },
                    { header: "x-tenant", claim: "realm.tenant" },
                ],
            },
        ]);
        const object = { apiVersion: "security.istio.io/v1", kind: "RequestAuthentication", spec };
        assert.deepEqual(validateIstio(object), []);
    });

    it("need it by method: to write, or for all but reading", () => {
        const require = [
            { paths: ["/orders*"], methods: ["POST", "DELETE"], claims: {} },
            { paths: ["/catalog*"], notMethods: ["GET", "HEAD"], claims: {} },
        ];
        const { spec } = tokenRequired({ ...args, require })!;
        assert.deepEqual(
            spec.rules?.map(({ to }) => to?.[0]?.operation),
            [
                { paths: ["/orders*"], methods: ["POST", "DELETE"], ports: ["80", "443"] },
                { paths: ["/catalog*"], notMethods: ["GET", "HEAD"], ports: ["80", "443"] },
            ],
        );
    });

    it("need a token of one of the issuers, which a RequestAuthentication alone does not ask for", () => {
        assert.deepEqual(tokenRequired(args), {
            name: "identity-domain-required",
            namespace: "istio-system",
            spec: {
                selector: { matchLabels: { istio: "ingressgateway" } },
                action: "DENY",
                rules: [
                    {
                        from: [{ source: { notRequestPrincipals: [`${ISSUER}/*`] } }],
                        to: [{ operation: { ports: ["80", "443"] } }],
                    },
                ],
            },
        });
    });

    // A Host header with a port in it would pass by a policy for the bare host.
    it("need it for a host with any port, and for a claim's values", () => {
        const require = [{ hosts: ["api.example.com"], paths: ["/admin/*"], claims: { groups: ["admins", "owners"] } }];
        const to = [
            {
                operation: {
                    hosts: ["api.example.com", "api.example.com:*"],
                    paths: ["/admin/*"],
                    ports: ["80", "443"],
                },
            },
        ];
        assert.deepEqual(tokenRequired({ ...args, require })?.spec.rules, [
            { from: [{ source: { notRequestPrincipals: [`${ISSUER}/*`] } }], to },
            { to, when: [{ key: "request.auth.claims[groups]", notValues: ["admins", "owners"] }] },
        ]);
    });

    it("need none where nothing is required", () => assert.equal(tokenRequired({ ...args, require: [] }), undefined));

    it("are valid by Istio's schema, with keys inline too", () => {
        const inline = { ...args, issuers: [{ ...args.issuers[0]!, keys: { jwks: '{"keys":[]}' } }] };
        const objects = [
            { kind: "RequestAuthentication", spec: requestAuthentication(args) },
            { kind: "RequestAuthentication", spec: requestAuthentication(inline) },
            { kind: "AuthorizationPolicy", spec: tokenRequired(args)?.spec },
        ];
        assert.deepEqual(
            objects.flatMap((object) => validateIstio({ apiVersion: "security.istio.io/v1", ...object })),
            [],
        );
    });
});
