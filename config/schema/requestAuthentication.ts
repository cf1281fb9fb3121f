import { z } from "zod";
import { dnsLabel, objectName, port } from "./common";
import { exactHost, httpsUrl } from "./hosts";
import { policyMethod, policyPath } from "./policyPatterns";

const nonEmptyText = z
    .string()
    .min(1)
    .meta({ examples: ["<value>"] });

/** Characters of HTTP's tokens (RFC 9110), which names of headers and cookies consist of. */
const tokenName = z
    .string()
    .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, "a name without spaces and separators")
    .meta({ examples: ["<name>"] });

export const claimName = z
    .string()
    .regex(/^[^[\]\s]+(\]\[[^[\]\s]+)*$/, "a claim such as groups, or realm_access][roles for one inside another");

/** Names of headers that proxies take from a token, and clients must not be able to choose. */
const claimHeader = z
    .string()
    .regex(
        /^(?!(host|authorization)$)[a-z0-9!#$%&'*+.^_`|~-]+$/,
        "a header's name in lower case, other than host and authorization",
    );

const tokenPlaces = {
    fromHeaders: z
        .array(
            z.strictObject({
                name: tokenName.describe("Name of the header."),
                prefix: z
                    .string()
                    .regex(/^[\x21-\x7e][\x20-\x7e]*$/, "a prefix such as `Bearer ` with its space")
                    .optional()
                    .describe("What the value has before the token, with its space: `Bearer `. Default: nothing."),
            }),
        )
        .min(1)
        .optional()
        .describe("Headers that carry the token. Default: `Authorization: Bearer`, unless another place is set."),
    fromParams: z
        .array(tokenName)
        .min(1)
        .optional()
        .describe("Query parameters that carry the token. Default: `access_token`, unless another place is set."),
    fromCookies: z.array(tokenName).min(1).optional().describe("Cookies that carry the token. Default: none."),
};

/** Envoy separates claims inside others by dots, and the claims of policies by brackets. */
const claimPath = z
    .string()
    .regex(/^[^[\]\s]+$/, "a claim such as sub, or realm_access.id for one inside another")
    .meta({ examples: ["<claim>"] });

const issuerSchema = z.strictObject({
    issuer: z
        .string()
        .regex(/^\S+$/, "a text without spaces")
        .meta({ examples: ["<issuer>"] })
        .describe("The tokens' `iss` claim, compared exactly. OCI IAM: `https://identity.oraclecloud.com/`."),
    jwksUri: httpsUrl
        .optional()
        .describe(
            "URL from which istiod fetches the issuer's public keys. OCI IAM: `<domain URL>/admin/v1/SigningCert/jwk`.",
        ),
    jwks: z.string().optional().describe("The issuer's public keys as JSON, if istiod cannot reach the issuer."),
    audiences: z.array(nonEmptyText).default([]).describe("Accepted `aud` claims. Default: any."),
    forwardOriginalToken: z.boolean().default(false).describe("Forward the token to the service."),
    ...tokenPlaces,
    claimToHeaders: z
        .record(claimHeader, claimPath)
        .optional()
        .describe("Claims that the service receives as headers, by the header's name: `x-user: sub`. Default: none."),
});

const methods = z.array(policyMethod).min(1);

const requirementSchema = z.strictObject({
    hosts: z.array(exactHost).min(1).optional().describe("Requests for these hosts. Default: any host."),
    paths: z
        .array(policyPath)
        .min(1)
        .optional()
        .describe("Requests for these paths, such as `/api/*`. Default: any path."),
    notPaths: z.array(policyPath).min(1).optional().describe("Requests for all paths except these."),
    methods: methods.optional().describe("Requests with these methods. Default: any method."),
    notMethods: methods.optional().describe("Requests with all methods except these."),
    claims: z
        .record(claimName, z.array(nonEmptyText).min(1))
        .default({})
        .describe("Claims that the token must have, with one of these values: `groups: [admins]`."),
});

const tokensSchema = z.strictObject({
    name: objectName
        .max(244)
        .meta({ examples: ["<name>"] })
        .describe("Name of the RequestAuthentication."),
    service: dnsLabel
        .optional()
        .describe("Service whose pods check tokens, by its name in the settings. Default: the ingress gateway."),
    ports: z
        .array(port)
        .default([])
        .describe(
            "With `service`: its container ports for HTTP. Default: all ports, which closes ports of other protocols. The gateway's ports are built in.",
        ),
    issuers: z.array(issuerSchema).min(1).describe("Issuers of tokens. Tokens of other issuers are rejected."),
    require: z
        .array(requirementSchema)
        .default([{ claims: {} }])
        .describe(
            "Requests that need a valid token. Default: all requests. An empty list: none, and only invalid tokens are rejected.",
        ),
});

export const requestAuthenticationSchema = z
    .array(tokensSchema)
    .default([])
    .describe("Authentication of end users by JSON Web Tokens.");
