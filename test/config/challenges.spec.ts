import { strict as assert } from "node:assert";
import { readSettings } from "../../config/load";
import { warningsAbout } from "../../config/warnings";
import { assertFixable } from "./fixable";
import { asDevStack, configure, described, NEW_CLUSTER } from "./settings";

const HOST = "a.example.com";
const CHALLENGE = "gateway.tls.certificate.challenge";

/** A gateway whose issuer solves challenges of a kind. */
const issued = (gateway: object, more: object = {}, challenge: string | undefined = "http-01") => ({
    ...NEW_CLUSTER,
    ...more,
    gateway: {
        kind: "ingress",
        hosts: [HOST],
        tls: { certificate: { source: "cert-manager", issuer: { name: "le" }, challenge } },
        ...gateway,
    },
});
const fails = (host: string, reason: string, key = CHALLENGE) =>
    `${key} is http-01, which fails for ${host}, because ${reason}; use an issuer that solves dns-01`;
const REDIRECTS = "port 80 redirects to HTTPS";
const UNREACHED = "the internet does not reach port 80";
const tokens = (require?: object[], more: object = {}) => ({
    security: {
        requestAuthentication: [
            { name: "users", issuers: [{ issuer: "i", jwksUri: "https://idp.example.com/keys" }], require, ...more },
        ],
    },
});
const TOKEN = "a token is required for /.well-known/acme-challenge/";

const refused: [what: string, settings: Record<string, unknown>, problems: string[]][] = [
    ["Istio's kinds, which redirect", issued({ kind: "istio" }), [fails(HOST, REDIRECTS)]],
    ["the Gateway API's kinds, which redirect", issued({ kind: "gateway-api" }), [fails(HOST, REDIRECTS)]],
    [
        "several hosts of one certificate, once",
        issued({ kind: "istio", hosts: [HOST, "b.example.com"] }),
        [fails(HOST, REDIRECTS)],
    ],
    ["a wildcard", issued({ hosts: ["*.example.com"] }), [fails("*.example.com", "*.example.com is a wildcard")]],
    ["an internal load balancer", issued({ loadBalancer: { internal: true } }), [fails(HOST, UNREACHED)]],
    ["listed networks", issued({ loadBalancer: { allowedCidrs: ["150.136.1.0/24"] } }), [fails(HOST, UNREACHED)]],
    ["no load balancer", issued({ serviceType: "NodePort" }), [fails(HOST, UNREACHED)]],
    ["tokens for everything", issued({}, tokens()), [fails(HOST, TOKEN)]],
    ["tokens for every path", issued({}, tokens([{ paths: ["/*"] }])), [fails(HOST, TOKEN)]],
    ["tokens for paths around it", issued({}, tokens([{ paths: ["/.well-known/{**}"] }])), [fails(HOST, TOKEN)]],
    ["tokens to read anything", issued({}, tokens([{ methods: ["GET", "POST"] }])), [fails(HOST, TOKEN)]],
    ["tokens for all but another path", issued({}, tokens([{ notPaths: ["/open/*"] }])), [fails(HOST, TOKEN)]],
    [
        "the host of an add-on, which Istio's kinds open",
        issued(
            {
                tls: {
                    certificate: { source: "existing", secretName: "web" },
                    hosts: {
                        "grafana.example.com": {
                            certificate: { source: "cert-manager", issuer: { name: "le" }, challenge: "http-01" },
                        },
                    },
                },
            },
            {
                addons: { prometheus: { enabled: true }, grafana: { enabled: true, host: "grafana.example.com" } },
            },
        ),
        [fails("grafana.example.com", REDIRECTS, 'gateway.tls.hosts["grafana.example.com"].certificate.challenge')],
    ],
    ["another spelling", issued({}, {}, "HTTP01"), [`${CHALLENGE} is "HTTP01", must be dns-01 or http-01`]],
];

const accepted: [what: string, settings: Record<string, unknown>][] = [
    ["over HTTP where an Ingress answers the internet", issued({})],
    ["over HTTP beside tokens for some paths", issued({}, tokens([{ paths: ["/api/*"] }]))],
    ["over HTTP beside tokens to write", issued({}, tokens([{ methods: ["POST"] }, { notMethods: ["GET"] }]))],
    ["over HTTP where the path is spared", issued({}, tokens([{ notPaths: ["/.well-known/*"] }]))],
    [
        "over HTTP beside tokens for another host",
        issued(
            {
                hosts: [HOST, "b.example.com"],
                tls: {
                    certificate: { source: "cert-manager", issuer: { name: "le" }, challenge: "http-01" },
                    hosts: { "b.example.com": { mode: "off" } },
                },
            },
            tokens([{ hosts: ["b.example.com"] }]),
        ),
    ],
    ["over DNS with any kind and any host", issued({ kind: "gateway-api", hosts: ["*.example.com"] }, {}, "dns-01")],
];

describe("the rules of ACME challenges", () => {
    asDevStack();

    for (const [what, settings, problems] of refused) {
        it(`refuse HTTP-01 with ${what}`, () => {
            assert.deepEqual(described(settings), problems);
            assertFixable(settings);
        });
    }
    for (const [what, settings] of accepted) {
        it(`accept challenges ${what}`, () => assert.deepEqual(described(settings), []));
    }

    it("warn only while nobody has said what the issuer solves", () => {
        const warnings = (challenge: string | undefined) => {
            const settings = issued({ kind: "istio" }, {}, challenge);
            delete (settings.gateway.tls.certificate as { challenge?: string }).challenge;
            Object.assign(settings.gateway.tls.certificate, challenge === undefined ? {} : { challenge });
            configure(settings);
            return warningsAbout(readSettings()).filter((text) => text.includes("DNS-01"));
        };
        assert.deepEqual(warnings(undefined), [
            `The issuer of ${HOST} must solve DNS-01 challenges: HTTP-01 challenges fail, because ${REDIRECTS} (docs/certificates.md). If it does, say so beside the issuer: \`challenge: dns-01\`.`,
        ]);
        assert.deepEqual(warnings("dns-01"), []);
    });
});
