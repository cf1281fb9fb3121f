import { z } from "zod";
import { dnsLabel, hostName, labelName, labelValue, port } from "./common";

/** Istio matches whole values, prefixes (`/api/*`), suffixes (`*.example.com`) and anything (`*`). */
const wildcard = "with an asterisk at the start or at the end only, or nowhere";
const pattern = z
    .string()
    .regex(/^(\*|\*?[^\s*]+|[^\s*]+\*)$/, `a text without spaces, ${wildcard}`)
    .meta({ examples: ["*"] });

/** `cluster.local/ns/bookinfo/sa/bookinfo-productpage`: no `spiffe://` in front, which would match nobody. */
const principal = z
    .string()
    .regex(
        /^(\*|[^\s*/]+\/ns\/[^\s*/]+\/sa\/[^\s*/]+|\*[^\s*]*\/[^\s*]+|[^\s*:/]+\/ns\/[^\s*]*\*)$/,
        "an identity such as cluster.local/ns/bookinfo/sa/bookinfo-productpage, or a part of one and an asterisk",
    )
    .meta({ examples: ["cluster.local/ns/bookinfo/sa/bookinfo-productpage"] });

const ipBlock = z
    .string()
    .regex(/^(\d{1,3}\.){3}\d{1,3}(\/\d{1,2})?$/, "an IPv4 address or a network such as 10.0.0.0/16")
    .meta({ examples: ["10.0.0.0/16"] });

const method = z
    .string()
    .regex(/^[A-Z]+$/, "an HTTP method in capitals")
    .meta({ examples: ["GET"] });

/** At least one entry: an empty list would be left out on the wire and match everything. */
const some = <Entry extends z.ZodType>(entry: Entry, meaning: string) =>
    z.array(entry).min(1).optional().describe(meaning);

const notEmpty = (value: object) => Object.keys(value).length > 0;

const from = z
    .strictObject({
        services: some(dnsLabel, "Services of the mesh, by their names here: the identities of their pods."),
        gateway: z.literal(true).optional().describe("The ingress gateway: whatever comes from outside."),
        principals: some(principal, "Identities, `<trust domain>/ns/<namespace>/sa/<service account>`."),
        notPrincipals: some(principal, "Anybody but these identities; also who has none."),
        namespaces: some(pattern, "Namespaces of the callers. Needs mutual TLS."),
        notNamespaces: some(pattern, "Any namespace but these."),
        requestPrincipals: some(pattern, "End users, `<issuer>/<subject>`, of a valid token; `*` is any of them."),
        notRequestPrincipals: some(pattern, "Anybody but these end users; also who has no token."),
        ipBlocks: some(ipBlock, "Addresses that packets come from."),
        remoteIpBlocks: some(ipBlock, "Addresses of the clients, as X-Forwarded-For or the proxy protocol says."),
    })
    .refine(
        notEmpty,
        "at least one of services, gateway, principals, namespaces, requestPrincipals, ipBlocks and the like",
    );

const to = z
    .strictObject({
        methods: some(method, "HTTP methods."),
        notMethods: some(method, "Any method but these."),
        paths: some(pattern, "Paths, such as `/api/*`."),
        notPaths: some(pattern, "Any path but these."),
        hosts: some(
            hostName,
            "Host names of the requests, with any port. One with an asterisk matches without a port only.",
        ),
        notHosts: some(hostName, "Any host but these."),
        ports: some(port, "Ports of the container, not of the Service."),
        notPorts: some(port, "Any port but these."),
    })
    .refine(notEmpty, "at least one of methods, paths, hosts, ports and their opposites");

const condition = z
    .strictObject({
        key: z
            .string()
            .regex(
                /^(request\.(headers|auth\.claims)\[.+\]|request\.auth\.(principal|audiences|presenter)|source\.(ip|namespace|principal)|remote\.ip|destination\.(ip|port)|connection\.sni|experimental\..+)$/,
                "an attribute such as request.headers[x-tenant] or request.auth.claims[groups]",
            )
            .meta({ examples: ["request.headers[x-tenant]"] })
            .describe("Attribute: https://istio.io/latest/docs/reference/config/security/conditions/"),
        values: some(z.string(), "Values it must have one of."),
        notValues: some(z.string(), "Values it must have none of."),
    })
    .refine(({ values, notValues }) => values ?? notValues, "values or notValues");

const rule = z.strictObject({
    from: from.optional().describe("Who calls; all that is said here at once. Left out: anybody."),
    to: to.optional().describe("What is called; all that is said here at once. Left out: anything."),
    when: z.array(condition).min(1).optional().describe("Further conditions, all of them at once."),
});

const policySchema = z.strictObject({
    name: dnsLabel.describe("Name of the AuthorizationPolicy."),
    service: dnsLabel.optional().describe("Service of the mesh that it protects, by its name here."),
    gateway: z.literal(true).optional().describe("Protects the ingress gateway."),
    namespace: dnsLabel.optional().describe("Namespace that it protects; `istio-system` is the whole mesh."),
    selector: z
        .record(labelName, labelValue)
        .optional()
        .describe("Labels of the pods that it protects, with `namespace`. Left out: all of the namespace."),
    action: z.enum(["ALLOW", "DENY", "AUDIT", "CUSTOM"]).default("ALLOW").describe("What it does when a rule matches."),
    provider: dnsLabel.optional().describe("Who decides for `CUSTOM`: one of `security.authorization.providers`."),
    dryRun: z.boolean().default(false).describe("Only log what it would do (annotation `istio.io/dry-run`)."),
    rules: z
        .array(rule)
        .default([])
        .describe("One match is enough. Without any, `ALLOW` allows nothing; the others need one."),
});

const providerSchema = z.strictObject({
    protocol: z.enum(["grpc", "http"]).describe("What the authorizer speaks: Envoy's ext_authz over gRPC, or HTTP."),
    service: z
        .string()
        .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "a host name")
        .meta({ examples: ["authorizer.example.svc.cluster.local"] })
        .describe("Its full host name: of a Service or a ServiceEntry."),
    port: port.describe("Its port."),
    failOpen: z.boolean().default(false).describe("Let requests through while it does not answer."),
    timeout: z
        .string()
        .regex(/^\d+(ms|s)$/, "a duration such as 500ms or 2s")
        .default("2s")
        .describe("How long to wait for it."),
    includeRequestHeaders: z
        .array(z.string())
        .default([])
        .describe("Headers that it sees (`http` only; gRPC sees all)."),
    headersToUpstream: z
        .array(z.string())
        .default([])
        .describe("Headers of its answer that the service gets (`http` only)."),
});

export const authorizationSchema = z
    .strictObject({
        mode: z
            .enum(["off", "guide", "zero-trust"])
            .default("off")
            .describe(
                "`guide`: the guide's five policies for Bookinfo. `zero-trust`: in every namespace of the mesh only the calls below are allowed.",
            ),
        viewers: z
            .array(z.enum(["productpage", "details", "reviews", "ratings"]))
            .default(["productpage", "details", "reviews", "ratings"])
            .describe(
                "With `guide`: which of its viewer policies are there; an empty list is allow-nothing alone, its first step.",
            ),
        calls: z
            .record(dnsLabel, z.array(dnsLabel))
            .default({})
            .describe(
                "With `zero-trust`: the services that each service calls. Bookinfo's are known, unless said otherwise here.",
            ),
        policies: z
            .array(policySchema)
            .default([])
            .describe("AuthorizationPolicies of your own, beside those of the mode."),
        providers: z
            .record(dnsLabel, providerSchema)
            .default({})
            .describe("External authorizers, by the name that `CUSTOM` policies give as provider."),
    })
    .prefault({})
    .describe("Who may call whom.");

export type AuthorizationSettings = z.infer<typeof authorizationSchema>;
export type PolicySettings = AuthorizationSettings["policies"][number];
