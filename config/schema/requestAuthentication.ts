import { z } from "zod";
import { dnsLabel, port } from "./common";

const pathPattern = z
    .string()
    .regex(/^\/[^\s*]*\*?$/, "a path that starts with /, with an asterisk at its end or nowhere")
    .meta({ examples: ["/api/*"] });

const exactHost = z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "a whole host name, without asterisk and port")
    .meta({ examples: ["bookinfo.example.com"] });

const issuerSchema = z.strictObject({
    issuer: z
        .string()
        .regex(/^\S+$/, "a text without spaces")
        .meta({ examples: ["https://identity.oraclecloud.com/"] })
        .describe("The tokens' `iss` claim, to the letter. OCI IAM: `https://identity.oraclecloud.com/`."),
    jwksUri: z
        .string()
        .regex(/^https:\/\/\S+$/, "an https:// address")
        .optional()
        .meta({ examples: ["https://idcs-example.identity.oraclecloud.com/admin/v1/SigningCert/jwk"] })
        .describe("Where istiod reads the issuer's public keys. OCI IAM: `<domain URL>/admin/v1/SigningCert/jwk`."),
    jwks: z
        .string()
        .optional()
        .describe("The issuer's public keys themselves, as JSON, where istiod cannot reach the issuer."),
    audiences: z.array(z.string()).default([]).describe("Accepted `aud` claims. Left out: any."),
    forwardOriginalToken: z.boolean().default(false).describe("Hand the token on to the service."),
});

const requirementSchema = z.strictObject({
    hosts: z.array(exactHost).min(1).optional().describe("Requests for these hosts. Left out: for any."),
    paths: z
        .array(pathPattern)
        .min(1)
        .optional()
        .describe("Requests for these paths, such as `/api/*`. Left out: all."),
    notPaths: z.array(pathPattern).min(1).optional().describe("Requests for any path but these."),
    claims: z
        .record(z.string(), z.array(z.string()).min(1))
        .default({})
        .describe("Claims that the token must carry with one of these values: `groups: [admins]`."),
});

const tokensSchema = z.strictObject({
    name: dnsLabel.describe("Name of the RequestAuthentication."),
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

export type RequestAuthenticationSettings = z.infer<typeof requestAuthenticationSchema>;
