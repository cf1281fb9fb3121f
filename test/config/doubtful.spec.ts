import { strict as assert } from "node:assert";
import { readSettings } from "../../config/load";
import { warningsAbout } from "../../config/warnings";
import { asDevStack, configure, described, LOCAL, withPolicy, type Settings } from "./settings";

describe("warnings about settings that are allowed", () => {
    asDevStack();

    const shop = (services: object, more: object = {}): Settings => ({
        ...LOCAL,
        namespaces: { shop: {} },
        services,
        ...more,
    });
    const zeroTrust = { security: { authorization: { mode: "zero-trust" } } };

    /** Each with a part of its one warning. */
    const doubtful: [what: string, settings: Settings, text: RegExp][] = [
        [
            "calls without zero-trust",
            { ...LOCAL, security: { authorization: { calls: { reviews: ["ratings"] } } } },
            /^security\.authorization\.calls has no effect: it needs security\.authorization\.mode zero-trust/,
        ],
        [
            "viewers without the guide's policies",
            { ...LOCAL, security: { authorization: { viewers: [] } } },
            /viewers has no effect/,
        ],
        [
            "an authorizer that nobody asks",
            {
                ...LOCAL,
                security: {
                    authorization: { providers: { opa: { protocol: "grpc", service: "opa.example.com", port: 1 } } },
                },
            },
            /providers\.opa has no effect/,
        ],
        [
            "networks of policies that are off",
            { ...LOCAL, security: { networkPolicies: { egressCidrs: ["10.0.0.0/8"] } } },
            /egressCidrs has no effect/,
        ],
        [
            "reaches while scoping is off",
            { ...LOCAL, egress: { scoping: { reaches: { bookinfo: ["bookinfo"] } } } },
            /reaches has no effect: it needs egress\.scoping\.enabled/,
        ],
        [
            "an egress gateway that nothing goes through",
            { ...LOCAL, egress: { gateway: { replicas: { min: 2, max: 2 } } } },
            /egress\.gateway has no effect/,
        ],
        [
            "a transport without APM",
            { ...LOCAL, tracing: { backend: "jaeger", transport: "collector" }, addons: { jaeger: { enabled: true } } },
            /tracing\.transport has no effect: it needs tracing\.backend apm/,
        ],
        ["a sampling of nothing", { ...LOCAL, tracing: { sampling: 50 } }, /tracing\.sampling has no effect/],
        [
            "a provider that nobody signs in with",
            {
                ...LOCAL,
                addons: {
                    prometheus: { enabled: true },
                    kiali: { enabled: true, openid: { issuerUri: "https://idp.example.com", clientId: "kiali" } },
                },
            },
            /openid has no effect: .* but that is token/,
        ],
        [
            "an add-on that is off",
            { ...LOCAL, addons: { grafana: { extraValues: { a: 1 } } } },
            /addons\.grafana has no effect/,
        ],
        [
            "a certificate while TLS is off",
            {
                ...LOCAL,
                gateway: { hosts: ["a.example.com"], tls: { mode: "off", certificate: { source: "generated" } } },
            },
            /gateway\.tls\.certificate has no effect/,
        ],
        [
            "the kinds of another kind",
            { ...LOCAL, gateway: { gatewayApiManifest: "https://example.com/kinds.yaml" } },
            /gatewayApiManifest has no effect/,
        ],
        [
            "hosts of Bookinfo without it",
            { ...LOCAL, bookinfo: { enabled: false }, gateway: { hosts: ["a.example.com"] } },
            /gateway\.hosts has no effect/,
        ],
        [
            "a namespace of no clients",
            { ...LOCAL, clients: { namespace: "bookinfo" } },
            /clients\.namespace has no effect/,
        ],
        [
            "an account that every pod has",
            shop({ cart: { namespace: "shop", port: 80 } }, zeroTrust),
            /cart runs as ServiceAccount shop\/default, which every pod/,
        ],
        [
            "an account that services share",
            shop(
                {
                    cart: { namespace: "shop", port: 80, serviceAccount: "web" },
                    pay: { namespace: "shop", port: 81, serviceAccount: "web" },
                },
                zeroTrust,
            ),
            /cart and pay share ServiceAccount shop\/web/,
        ],
        [
            "a port that may be the Service's",
            shop(
                { cart: { namespace: "shop", port: 80 } },
                { security: { mtls: { services: { cart: { ports: [{ port: 80, mode: "STRICT" }] } } } } },
            ),
            /container's port/,
        ],
        [
            "a network that may hold pods",
            { ...LOCAL, egress: { bypass: { cidrs: ["10.0.0.0/8"] } } },
            /may include the cluster's pods/,
        ],
        [
            "a version within another",
            shop({
                cart: {
                    namespace: "shop",
                    port: 80,
                    versions: { main: { app: "cart" }, canary: { app: "cart", track: "canary" } },
                },
            }),
            /also matches the pods of canary/,
        ],
        [
            "TLS towards what may be plain",
            shop(
                { cart: { namespace: "shop", port: 80 } },
                { traffic: { services: { cart: { tls: { mode: "SIMPLE" } } } } },
            ),
            /needs cart to serve TLS itself/,
        ],
        ["a policy that allows everything", withPolicy([{}]), /an empty rule, which allows every request/],
        [
            "addresses at a sidecar",
            withPolicy([{ from: { ipBlocks: ["192.0.2.0/24"] } }]),
            /sidecars see those of the calling pod/,
        ],
        [
            "plain HTTP at the port of HTTPS",
            {
                ...LOCAL,
                egress: { services: { api: { hosts: ["a.example.com"], ports: [{ port: 443, protocol: "HTTP" }] } } },
            },
            /is HTTP at port 443, where HTTPS is usual/,
        ],
        [
            "a mirror of nothing",
            {
                ...LOCAL,
                traffic: { services: { reviews: { route: { v1: 100 }, mirror: { to: "v2", percent: 0 } } } },
            },
            /has a mirror for 0 percent/,
        ],
        [
            "a fault of nobody",
            { ...LOCAL, traffic: { services: { ratings: { fault: { abort: 500, percent: 0 } } } } },
            /has a fault for 0 percent/,
        ],
        [
            "keys that STRICT keeps from istiod",
            shop(
                { keys: { namespace: "shop", port: 443, serviceAccount: "keys" } },
                {
                    security: {
                        mtls: { mode: "STRICT" },
                        requestAuthentication: [
                            {
                                name: "users",
                                issuers: [{ issuer: "https://a.example.com", jwksUri: "https://keys.shop.svc/jwks" }],
                            },
                        ],
                    },
                },
            ),
            /istiod has no sidecar, and STRICT refuses it/,
        ],
        [
            "an origin with a path",
            {
                ...LOCAL,
                traffic: { services: { reviews: { cors: { allowOrigins: [{ exact: "https://a.example.com/" }] } } } },
            },
            /which no browser sends/,
        ],
    ];
    for (const [what, settings, text] of doubtful) {
        it(`speak of ${what}`, () => {
            assert.deepEqual(described(settings), []);
            configure(settings);
            const found = warningsAbout(readSettings());
            assert.equal(found.length, 1, found.join("\n"));
            assert.match(found[0] ?? "", text);
        });
    }
});
