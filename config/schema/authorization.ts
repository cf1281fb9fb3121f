import { z } from "zod";
import { AUTHORIZER_DEFAULTS } from "../../components/istio/authorizers";
import { BOOKINFO_NAMES } from "../../components/workloads/bookinfoServices";
import { dnsLabel, labelName, labelValue, objectName, port } from "./common";
import { duration } from "./duration";
import { hostName, plainHostName } from "./hosts";
import { condition, ipBlock, namespacePattern, pattern, policyMethod, policyPath, principal } from "./policyPatterns";

/** At least one entry: an empty list would be left out on the wire and match everything. */
const some = <Entry extends z.ZodType>(entry: Entry, meaning: string) =>
    z.array(entry).min(1).optional().describe(meaning);

const notEmpty = (value: object) => Object.keys(value).length > 0;

const from = z
    .strictObject({
        services: some(dnsLabel, "Services, by their names in the settings: the identities of their pods."),
        gateway: z.literal(true).optional().describe("The ingress gateway: all requests from outside."),
        principals: some(principal, "Identities, `<trust domain>/ns/<namespace>/sa/<service account>`."),
        notPrincipals: some(principal, "All callers except these identities, also callers without one."),
        namespaces: some(namespacePattern, "Namespaces of the callers. Needs mutual TLS."),
        notNamespaces: some(namespacePattern, "All namespaces except these."),
        requestPrincipals: some(pattern, "End users, `<issuer>/<subject>`, of a valid token; `*` is any of them."),
        notRequestPrincipals: some(pattern, "All end users except these, also requests without a token."),
        ipBlocks: some(
            ipBlock,
            "Source addresses of packets. At the gateway only with `gateway.clientAddresses.source` preserve-source.",
        ),
        remoteIpBlocks: some(ipBlock, "Addresses of clients. At the gateway only with `gateway.clientAddresses`."),
    })
    .refine(
        notEmpty,
        "at least one of services, gateway, principals, namespaces, requestPrincipals, ipBlocks and the like",
    );

const to = z
    .strictObject({
        methods: some(policyMethod, "HTTP methods."),
        notMethods: some(policyMethod, "All methods except these."),
        paths: some(policyPath, "Paths, such as `/api/*` or `/users/{*}/cart`."),
        notPaths: some(policyPath, "All paths except these."),
        hosts: some(
            hostName,
            "Host names of the requests, with any port. One with an asterisk matches without a port only.",
        ),
        notHosts: some(hostName, "All hosts except these."),
        ports: some(port, "Ports of the container, not of the Service."),
        notPorts: some(port, "All ports except these."),
    })
    .refine(notEmpty, "at least one of methods, paths, hosts, ports and their opposites");

const rule = z.strictObject({
    from: from.optional().describe("Callers; all conditions must match. Default: any caller."),
    to: to.optional().describe("Requests; all conditions must match. Default: any request."),
    when: z.array(condition).min(1).optional().describe("Further conditions, all of which must match."),
});

const policySchema = z.strictObject({
    name: objectName.describe("Name of the AuthorizationPolicy."),
    service: dnsLabel.optional().describe("Service that it protects, by its name in the settings."),
    gateway: z.literal(true).optional().describe("Protects the ingress gateway."),
    namespace: dnsLabel.optional().describe("Namespace that it protects; `istio-system` is the whole mesh."),
    selector: z
        .record(labelName, labelValue)
        .optional()
        .describe("Labels of the pods that it protects, with `namespace`. Default: all of the namespace."),
    action: z.enum(["ALLOW", "DENY", "AUDIT", "CUSTOM"]).default("ALLOW").describe("What it does when a rule matches."),
    provider: dnsLabel.optional().describe("Authorizer for `CUSTOM`: one of `security.authorization.providers`."),
    dryRun: z.boolean().default(false).describe("Only log what it would do (annotation `istio.io/dry-run`)."),
    rules: z
        .array(rule)
        .default([])
        .describe(
            "Rules, one of which must match. Without rules `ALLOW` allows nothing; other actions need at least one.",
        ),
});

/** Istio takes whole names, and beginnings or ends of names. */
const headerPattern = z
    .string()
    .regex(/^\*?[\w!#$%&'+.^`|~-]+\*?$/, "a header's name, or a part of one and an asterisk")
    .meta({ examples: ["<header>"] });

const providerSchema = z.strictObject({
    protocol: z.enum(["grpc", "http"]).describe("Protocol of the authorizer: Envoy's ext_authz over gRPC, or HTTP."),
    service: plainHostName.describe(
        "Its full host name: of a Service, such as `authorizer.security.svc.cluster.local`, or a ServiceEntry.",
    ),
    port: port.describe("Its port."),
    failOpen: z.boolean().default(false).describe("Allow requests while it does not respond."),
    timeout: duration.default(AUTHORIZER_DEFAULTS.timeout).describe("Timeout of its response."),
    includeRequestHeaders: z
        .array(headerPattern)
        .default([])
        .describe("Request headers that it receives (`http` only; with gRPC it receives all)."),
    headersToUpstream: z
        .array(headerPattern)
        .default([])
        .describe("Headers of its response that are sent to the service (`http` only)."),
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
                "With `guide`: which of its viewer policies exist; an empty list is allow-nothing only, its first step.",
            ),
        calls: z
            .record(dnsLabel, z.array(dnsLabel))
            .default({})
            .describe(
                "With `zero-trust`: the services that each service calls. Bookinfo's calls are built in, unless set here.",
            ),
        policies: z
            .array(policySchema)
            .default([])
            .describe("Your own AuthorizationPolicies, in addition to those of the mode."),
        providers: z
            .record(dnsLabel, providerSchema)
            .default({})
            .describe("External authorizers, by the name that `CUSTOM` policies use as provider."),
    })
    .prefault({})
    .describe("Allowed callers.");

export type AuthorizationSettings = z.infer<typeof authorizationSchema>;
export type PolicySettings = AuthorizationSettings["policies"][number];
