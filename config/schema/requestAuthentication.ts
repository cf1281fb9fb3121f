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
        .describe("The tokens' `iss` claim, to the letter. OCI IAM: `https://identity.oraclecloud.com/`."),
    jwksUri: httpsUrl
        .optional()
        .describe("Where istiod reads the issuer's public keys. OCI IAM: `<domain URL>/admin/v1/SigningCert/jwk`."),
    jwks: z
        .string()
        .optional()
        .describe("The issuer's public keys themselves, as JSON, where istiod cannot reach the issuer."),
    audiences: z.array(nonEmptyText).default([]).describe("Accepted `aud` claims. Left out: any."),
    forwardOriginalToken: z.boolean().default(false).describe("Hand the token on to the service."),
});

const requirementSchema = z.strictObject({
    hosts: z.array(exactHost).min(1).optional().describe("Requests for these hosts. Left out: for any."),
    paths: z.array(policyPath).min(1).optional().describe("Requests for these paths, such as `/api/*`. Left out: all."),
    notPaths: z.array(policyPath).min(1).optional().describe("Requests for any path but these."),
    claims: z
        .record(claimName, z.array(nonEmptyText).min(1))
        .default({})
        .describe("Claims that the token must carry with one of these values: `groups: [admins]`."),
});

const tokensSchema = z.strictObject({
    name: objectName
        .max(244)
        .meta({ examples: ["<name>"] })
        .describe("Name of the RequestAuthentication."),
    service: dnsLabel
        .optional()
        .describe("Service whose pods check tokens, by its name here. Left out: the ingress gateway."),
    ports: z
        .array(port)
        .default([])
        .describe(
            "With `service`: its container's ports that speak HTTP. Left out: all; then a port that speaks something else is closed. The gateway's are known.",
        ),
    issuers: z.array(issuerSchema).min(1).describe("Who makes the tokens. A token of any other issuer is refused."),
    require: z
        .array(requirementSchema)
        .default([{ claims: {} }])
        .describe(
            "What needs a valid token. Left out: every request. An empty list: none, only bad tokens are refused.",
        ),
});

export const requestAuthenticationSchema = z
    .array(tokensSchema)
    .default([])
    .describe("End users, known by JSON web tokens.");
