import type { ScenarioName } from "../../mesh/scenarios";

/** Settings over those of a stack, and what they are compared with. */
export interface Step {
    /** Name of the file in docs/pictures, without its ending. */
    file: string;
    /** What the reader sees, for those who do not: the alternative text of the picture. */
    title: string;
    override: Record<string, unknown>;
    /** Settings of the step before, from which changes are marked. @default nothing is marked */
    since?: Record<string, unknown>;
}

const scenario = (name: ScenarioName) => ({ traffic: { scenario: name } });

const step = (name: ScenarioName, title: string, since: Record<string, unknown>): Step => ({
    file: `walkthrough-${name}`,
    title,
    override: scenario(name),
    since,
});

const allV1 = scenario("all-v1");
const userIdentity = scenario("user-identity");

const traffic: Step[] = [
    step("all-v1", "All requests go to version 1 of each service", {}),
    step("reviews-split", "Half of the requests go to reviews-v1, the others to reviews-v3", allV1),
    step("reviews-v3", "All requests go to reviews-v3", scenario("reviews-split")),
    step("user-identity", "Requests of jason go to reviews-v2, all others to reviews-v1", allV1),
    step("url-rewrite", "The gateway routes two more paths, and rewrites them", allV1),
    step("request-timeout", "A timeout for reviews, and a delay of ratings", allV1),
    step("delay-fault", "A delay of seven seconds for requests of jason to ratings", userIdentity),
    step("delay-fault-fixed", "The delay is two seconds", scenario("delay-fault")),
    step("abort-fault", "Requests of jason to ratings get an error", userIdentity),
    step("circuit-breaker", "One connection to productpage, and one request that waits", allV1),
    step("mirroring", "A copy of each request to reviews goes to reviews-v2", allV1),
];

const HOST = { gateway: { hosts: ["bookinfo.example.com"] } };

const gateways: Step[] = [
    { file: "walkthrough-gateway", title: "The gateway serves one host", override: HOST, since: {} },
    {
        file: "walkthrough-ingress",
        title: "An Ingress instead of Istio's Gateway",
        override: { gateway: { kind: "ingress" } },
        since: {},
    },
    {
        file: "walkthrough-gateway-api",
        title: "A Gateway of the Gateway API instead of Istio's",
        override: { gateway: { kind: "gateway-api" } },
        since: {},
    },
];

const registryOnly = { egress: { mode: "REGISTRY_ONLY" } };
const listed = (httpbin: object) => ({
    egress: {
        mode: "REGISTRY_ONLY",
        services: {
            "httpbin-ext": { hosts: ["httpbin.org"], ports: [{ port: 80, protocol: "HTTP" }], ...httpbin },
            google: { hosts: ["www.google.com"] },
        },
    },
});

const egress: Step[] = [
    { file: "walkthrough-passthrough", title: "Sidecars allow calls to any host", override: {} },
    {
        file: "walkthrough-registry-only",
        title: "Sidecars refuse calls to hosts that are not listed",
        override: registryOnly,
        since: {},
    },
    { file: "walkthrough-allow-a-host", title: "Two hosts are listed", override: listed({}), since: registryOnly },
    {
        file: "walkthrough-external-timeout",
        title: "A timeout for one of the hosts",
        override: listed({ timeout: "3s" }),
        since: listed({}),
    },
    {
        file: "walkthrough-bypass",
        title: "Calls outside pass no sidecar",
        override: { egress: { bypass: { allExcept: ["10.96.0.0/16", "10.244.0.0/16"] } } },
        since: {},
    },
];

const sidecars = { clients: { curl: true, httpbin: true } };
const clients = { clients: { ...sidecars.clients, legacy: true } };
const guide = (...viewers: string[]) => ({ ...clients, security: { authorization: { mode: "guide", viewers } } });
const tls = (mode: string) => ({
    gateway: { ...HOST.gateway, tls: { mode, certificate: { source: "generated" } } },
});

const security: Step[] = [
    { file: "security-sidecars", title: "Mutual TLS between sidecars", override: sidecars },
    {
        file: "security-plain-text",
        title: "Workloads without sidecars send plain text, which the mesh accepts",
        override: clients,
    },
    {
        file: "security-strict",
        title: "With STRICT, workloads without sidecars are cut off",
        override: { ...clients, security: { mtls: { mode: "STRICT" } } },
        since: clients,
    },
    { file: "security-allow-nothing", title: "All calls are refused", override: guide(), since: clients },
    {
        file: "security-productpage-viewer",
        title: "Everyone may read productpage",
        override: guide("productpage"),
        since: guide(),
    },
    {
        file: "security-details-viewer",
        title: "productpage may call details",
        override: guide("productpage", "details"),
        since: guide("productpage"),
    },
    {
        file: "security-reviews-viewer",
        title: "productpage may call reviews",
        override: guide("productpage", "details", "reviews"),
        since: guide("productpage", "details"),
    },
    {
        file: "security-ratings-viewer",
        title: "reviews may call ratings",
        override: guide("productpage", "details", "reviews", "ratings"),
        since: guide("productpage", "details", "reviews"),
    },
    {
        file: "security-zero-trust",
        title: "Only the calls that the application makes are allowed",
        override: { ...clients, security: { mtls: { mode: "STRICT" }, authorization: { mode: "zero-trust" } } },
        since: clients,
    },
    { file: "security-tls", title: "HTTPS at the gateway; HTTP is redirected", override: tls("simple"), since: HOST },
    {
        file: "security-client-certificates",
        title: "The gateway requires client certificates",
        override: tls("mutual"),
        since: tls("simple"),
    },
];

/** The steps of the guide, in its order: docs/walkthrough.md and docs/walkthrough-security.md. */
export const STEPS: Step[] = [...traffic, ...gateways, ...egress, ...security];
