/**
 * What the compiler must accept and refuse. No test runs this: `npm run typecheck` reads it,
 * and an expected error that no longer happens is an error itself.
 */
import type { Output } from "@pulumi/pulumi";
import type {
    AuthorizationPolicy,
    DestinationRuleSpec,
    EnvoyFilterSpec,
    GatewaySpec,
    HTTPRoute,
    Inputs,
    NamedMetadata,
    ServiceEntrySpec,
    StringMatch,
    TelemetrySpec,
    VirtualService,
    VirtualServiceSpec,
} from "../../../components/istio/api";

/** A value for the compiler only. */
const output = <T>() => undefined as unknown as Output<T>;

const text = output<string>();
const maybeText = output<string | undefined>();
const count = output<number>();
const flag = output<boolean>();
const texts = output<string[]>();
const mode = output<"SIMPLE" | "MUTUAL">();
const match = output<StringMatch>();
const route = output<HTTPRoute>();
const virtualService = output<VirtualServiceSpec>();

type VirtualServiceArgs = ConstructorParameters<typeof VirtualService>[1];
type AuthorizationPolicyArgs = ConstructorParameters<typeof AuthorizationPolicy>[1];

export const accepted = {
    plain: {
        hosts: ["reviews"],
        http: [
            {
                match: [{ headers: { "end-user": { exact: "jason" } }, uri: { prefix: "/" } }],
                route: [{ destination: { host: "reviews", subset: "v2" }, weight: 100 }],
                fault: { delay: { fixedDelay: "7s", percentage: { value: 100 } } },
                timeout: "0.5s",
            },
        ],
    } satisfies VirtualServiceSpec,

    outputsAtEveryDepth: {
        hosts: [text, "reviews"],
        gateways: texts,
        http: [
            {
                name: maybeText,
                match: [{ headers: { "end-user": { exact: text } }, uri: match, ignoreUriCase: flag }],
                route: [{ destination: { host: text, port: { number: count } }, weight: count }],
            },
            route,
            Promise.resolve({ name: "later" }),
        ],
    } satisfies Inputs<VirtualServiceSpec>,

    wholeSpec: virtualService satisfies Inputs<VirtualServiceSpec>,

    unionsOfLiterals: {
        servers: [
            {
                port: { number: 443, name: "https", protocol: "HTTPS" },
                hosts: ["*"],
                tls: { mode, credentialName: text },
            },
        ],
    } satisfies Inputs<GatewaySpec>,

    severalChoicesInOneObject: {
        host: "reviews",
        trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true, maglev: { tableSize: 5 } } } },
    } satisfies Inputs<DestinationRuleSpec>,

    anythingInAnEnvoyPatch: {
        configPatches: [
            { patch: { operation: "MERGE", value: { name: text, nested: [{ port: count, none: null }] } } },
        ],
    } satisfies Inputs<EnvoyFilterSpec>,

    nothing: { metadata: { name: "allow-nothing", namespace: text }, spec: {} } satisfies AuthorizationPolicyArgs,
};

export const misspeltField: Inputs<VirtualServiceSpec> = {
    // @ts-expect-error rout is not a field of HTTPRoute
    http: [{ rout: [] }],
};

export const misspeltFieldBesideAChoice: Inputs<TelemetrySpec> = {
    // @ts-expect-error provider is not a field of Tracing
    tracing: [{ provider: [{ name: "oci-apm" }] }],
};

// @ts-expect-error one of exact and prefix
export const twoMatches: StringMatch = { exact: "/", prefix: "/" };

// @ts-expect-error one of exact and prefix, also when one is an output
export const twoMatchesWithOutput: Inputs<StringMatch> = { exact: "/", prefix: text };

export const twoWaysToHash: Inputs<DestinationRuleSpec> = {
    host: "reviews",
    // @ts-expect-error one of useSourceIp and httpHeaderName, whatever else is given
    trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true, httpHeaderName: "x", maglev: {} } } },
};

export const twoSourcesOfEndpoints: Inputs<ServiceEntrySpec> = {
    hosts: ["db"],
    // @ts-expect-error one of endpoints and workloadSelector
    endpoints: [{ address: "10.0.0.1" }],
    workloadSelector: { labels: { app: "db" } },
};

export const wrongTlsMode: Inputs<GatewaySpec> = {
    // @ts-expect-error TLS is not a mode
    servers: [{ port: { number: 443, name: "https", protocol: "HTTPS" }, hosts: ["*"], tls: { mode: "TLS" } }],
};

export const weightAsText: Inputs<VirtualServiceSpec> = {
    // @ts-expect-error a weight is a number
    http: [{ route: [{ destination: { host: "reviews" }, weight: "50" }] }],
};

export const weightAsOutputOfText: Inputs<VirtualServiceSpec> = {
    // @ts-expect-error nor is it the output of a text
    http: [{ route: [{ destination: { host: "reviews" }, weight: text }] }],
};

export const missingField: Inputs<GatewaySpec> = {
    // @ts-expect-error a Server needs hosts
    servers: [{ port: { number: 80, name: "http", protocol: "HTTP" } }],
};

// @ts-expect-error namespace is missing
export const noNamespace: NamedMetadata = { name: "reviews" };

// @ts-expect-error name is missing
export const noName: VirtualServiceArgs = { metadata: { namespace: "bookinfo" }, spec: {} };

// @ts-expect-error spec is missing
export const noSpec: AuthorizationPolicyArgs = { metadata: { name: "allow-nothing", namespace: "bookinfo" } };
