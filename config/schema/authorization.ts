import { z } from "zod";
import { BOOKINFO_NAMES } from "../../components/workloads/bookinfoServices";
import { dnsLabel, labelName, labelValue, objectName, port } from "./common";
import { duration } from "./duration";
import { hostName, plainHostName } from "./hosts";
import { condition, ipBlock, namespacePattern, pattern, policyPath, principal } from "./policyPatterns";

const method = z
    .string()
    .regex(/^[A-Z]+$/, "an HTTP method in capitals")
    .meta({ examples: ["<METHOD>"] });

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
        namespaces: some(namespacePattern, "Namespaces of the callers. Needs mutual TLS."),
        notNamespaces: some(namespacePattern, "Any namespace but these."),
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
        paths: some(policyPath, "Paths, such as `/api/*` or `/users/{*}/cart`."),
        notPaths: some(policyPath, "Any path but these."),
        hosts: some(
            hostName,
            "Host names of the requests, with any port. One with an asterisk matches without a port only.",
        ),
        notHosts: some(hostName, "Any host but these."),
        ports: some(port, "Ports of the container, not of the Service."),
        notPorts: some(port, "Any port but these."),
    })
    .refine(notEmpty, "at least one of methods, paths, hosts, ports and their opposites");

const rule = z.strictObject({
    from: from.optional().describe("Who calls; all that is said here at once. Left out: anybody."),
    to: to.optional().describe("What is called; all that is said here at once. Left out: anything."),
    when: z.array(condition).min(1).optional().describe("Further conditions, all of them at once."),
});

const policySchema = z.strictObject({
    name: objectName.describe("Name of the AuthorizationPolicy."),
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

/** Istio takes whole names, and beginnings or ends of names. */
const headerPattern = z
    .string()
    .regex(/^\*?[\w!#$%&'+.^`|~-]+\*?$/, "a header's name, or a part of one and an asterisk")
    .meta({ examples: ["<header>"] });

const providerSchema = z.strictObject({
    protocol: z.enum(["grpc", "http"]).describe("What the authorizer speaks: Envoy's ext_authz over gRPC, or HTTP."),
    service: plainHostName.describe(
        "Its full host name: of a Service, such as `authorizer.security.svc.cluster.local`, or a ServiceEntry.",
    ),
    port: port.describe("Its port."),
    failOpen: z.boolean().default(false).describe("Let requests through while it does not answer."),
    timeout: duration.default("2s").describe("How long to wait for it."),
    includeRequestHeaders: z
        .array(headerPattern)
        .default([])
        .describe("Headers that it sees (`http` only; gRPC sees all)."),
    headersToUpstream: z
        .array(headerPattern)
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
            .array(z.enum(BOOKINFO_NAMES))
            .default([...BOOKINFO_NAMES])
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
