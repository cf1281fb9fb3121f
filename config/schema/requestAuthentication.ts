import { z } from "zod";
import { dnsLabel, objectName, port } from "./common";
import { exactHost, httpsUrl } from "./hosts";
import { policyPath } from "./policyPatterns";

const nonEmptyText = z
    .string()
    .min(1)
    .meta({ examples: ["<value>"] });

const claimName = z
    .string()
    .regex(/^[^[\]\s]+(\]\[[^[\]\s]+)*$/, "a claim such as groups, or realm_access][roles for one inside another");

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
});

const requirementSchema = z.strictObject({
    hosts: z.array(exactHost).min(1).optional().describe("Requests for these hosts. Default: any host."),
    paths: z
        .array(policyPath)
        .min(1)
        .optional()
        .describe("Requests for these paths, such as `/api/*`. Default: any path."),
    notPaths: z.array(policyPath).min(1).optional().describe("Requests for all paths except these."),
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
