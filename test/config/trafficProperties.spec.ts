import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { HTTPRoute } from "../../components/istio/api";
import { isExposed } from "../../components/mesh/meshService";
import { gatewayRoutes } from "../../components/traffic/gatewayRoutes";
import { meshRoutes } from "../../components/traffic/httpRoutes";
import type { MatchRule, ServiceTraffic } from "../../components/traffic/serviceTraffic";
import { endingAtSlash } from "../../components/traffic/paths";
import { readSettings } from "../../config/load";
import { SettingsError } from "../../config/problems";
import { validateIstio } from "../support/istioSchemas";
import { routeFor, textFits, type Request } from "../support/requests";
import { MESH, USERS, validTraffic } from "../support/trafficArbitraries";
import { trafficProblems } from "../support/trafficChecks";
import { objectsOf, treated } from "../support/trafficObjects";
import { asDevStack, change, configure, described } from "./settings";

const request: fc.Arbitrary<Request> = fc.record(
    {
        path: fc.constantFrom(
            "/",
            "/cart",
            "/cart/7",
            "/cart/big/x",
            "/health",
            "/own/0",
            "/own/1",
            "/admin",
            "/productpage",
            "/products/1",
            "/static/a",
            "/internal/a",
            "/a.b~c/d",
        ),
        method: fc.constantFrom("GET", "POST"),
        user: fc.constantFrom(...USERS, "nobody"),
        headers: fc.constantFrom<Record<string, string>[]>({}, { "x-beta": "on" }),
    },
    { requiredKeys: ["path", "method"] },
);

/** The rule that a reader of the settings would apply: the first that fits, or the service itself. */
function ruleFor({ match = [], ...own }: ServiceTraffic, { path, method, user, headers }: Request): MatchRule {
    const fitting = match.find(
        (rule) =>
            (rule.user === undefined || rule.user === user) &&
            (rule.method === undefined || rule.method === method) &&
            (rule.paths === undefined || rule.paths.some((each) => textFits(each, path))) &&
            Object.entries(rule.headers ?? {}).every(([name, wanted]) => textFits(wanted, headers?.[name] ?? "")),
    );
    return fitting ? { ...own, rewrite: undefined, redirect: undefined, ...fitting } : own;
}

/** What of a route a reader can tell from the settings. */
function assertTreatedAs(route: HTTPRoute, rule: MatchRule, { user }: Request): void {
    assert.deepEqual(route.redirect, rule.redirect);
    if (rule.redirect) {
        return;
    }
    const shares = Object.entries(rule.route ?? {}).filter(([, share]) => share > 0);
    const found = (route.route ?? []).map(({ destination, weight = 100 }) => [destination.subset, weight]);
    assert.deepEqual(found, rule.route ? shares : [[undefined, 100]]);
    assert.equal(route.timeout, rule.timeout);
    // How it ends depends on the prefix that it takes the place of: test/components/traffic/rewrites.spec.ts.
    assert.equal(route.rewrite?.uri?.replace(/\/$/, ""), rule.rewrite?.replace(/\/$/, ""));
    const faulty = rule.fault && (rule.fault.user === undefined || rule.fault.user === user);
    assert.equal(route.fault?.delay?.fixedDelay, faulty ? rule.fault?.delay : undefined);
    assert.equal(route.fault?.abort?.httpStatus, faulty ? rule.fault?.abort : undefined);
}

describe("any traffic settings", function () {
    this.timeout(60_000);
    asDevStack();

    it("that are valid become objects which Istio's schema and each other accept", () => {
        fc.assert(
            fc.property(validTraffic, (traffic) => {
                const services = treated(traffic);
                const ports = Object.fromEntries(
                    services.map(({ service: { namespace, host, port } }) => [`${namespace}/${host}`, port]),
                );
                const objects = objectsOf(services);
                const invalid = objects.flatMap((object) =>
                    validateIstio({ apiVersion: "networking.istio.io/v1", ...object }),
                );
                assert.deepEqual([...invalid, ...trafficProblems(objects, ports)], []);
            }),
            { numRuns: 50 },
        );
    });

    it("that are valid treat each request as they read, inside the mesh and at the gateway alike, and open nothing else", () => {
        fc.assert(
            fc.property(validTraffic, fc.array(request, { minLength: 5, maxLength: 20 }), (traffic, requests) => {
                for (const { service, traffic: own } of treated(traffic).filter(
                    ({ service: { protocol } }) => protocol !== "tcp",
                )) {
                    const inside = meshRoutes(service, own);
                    const outside = isExposed(service)
                        ? gatewayRoutes([{ service, traffic: own }], service.namespace)
                        : [];
                    const isApplication = service.exposure?.application !== undefined;
                    const open = (service.exposure?.paths ?? []).flatMap((path) =>
                        isApplication ? [path] : endingAtSlash(path),
                    );
                    for (const each of requests) {
                        const rule = ruleFor(own, each);
                        const route = routeFor(inside, each);
                        assert.ok(route);
                        assertTreatedAs(route, rule, each);
                        const atGateway = routeFor(outside, each);
                        const isOpen = open.some((path) => textFits(path, each.path));
                        if (isOpen) {
                            assert.ok(atGateway, `${each.path} is closed`);
                            assertTreatedAs(atGateway, rule, each);
                        } else if (atGateway) {
                            const elsewhere = atGateway.redirect !== undefined;
                            const toOpen =
                                atGateway.rewrite && open.some((path) => textFits(path, atGateway.rewrite?.uri ?? ""));
                            assert.ok(elsewhere || toOpen, `${each.path} is open`);
                        }
                    }
                }
            }),
            { numRuns: 50 },
        );
    });

    /** Ways to spoil settings, each at a place of one service. */
    const spoilt: [place: string, value: fc.Arbitrary<unknown>][] = [
        ["route", fc.oneof(fc.constant({ v1: 99 }), fc.constant({ v9: 100 }), fc.constant({}), fc.constant("v1"))],
        ["timeout", fc.oneof(fc.constantFrom("0s", "-1s", "1", "1y", ""), fc.double(), fc.constant(null))],
        [
            "retries",
            fc.oneof(
                fc.constant({}),
                fc.integer({ max: -1 }).map((attempts) => ({ attempts })),
                fc.constant({ attempts: 1, retryOn: ["never"] }),
            ),
        ],
        ["fault", fc.oneof(fc.constant({}), fc.constant({ abort: 99 }), fc.constant({ delay: "2s", percent: 100.5 }))],
        ["mirror", fc.constantFrom({ to: "v9" }, { to: "v1", percent: -1 }, {})],
        [
            "match",
            fc.constantFrom(
                [{}],
                [{ timeout: "1s" }],
                [{ user: "a" }, { user: "a" }],
                {},
                [{ paths: [] }],
                [{ paths: [{ regex: "(" }] }],
            ),
        ],
        ["redirect", fc.constantFrom({}, { redirectCode: 200, uri: "/a" }, { uri: "a" })],
        [
            "connectionPool",
            fc.constantFrom({}, { tcp: {} }, { http: { maxRetries: -1 } }, { tcp: { maxConnections: 1.5 } }),
        ],
        [
            "loadBalancer",
            fc.constantFrom(
                {},
                { simple: "FASTEST" },
                { consistentHash: {} },
                { consistentHash: { useSourceIp: true, httpHeaderName: "a" } },
            ),
        ],
        ["tls", fc.constantFrom({}, { mode: "MUTUAL" }, { mode: "DISABLE", sni: "a" })],
        ["unknown", fc.anything()],
    ];

    it("that are spoilt in one place are a SettingsError about traffic, whatever else they say", () => {
        const place = fc.constantFrom(...spoilt).chain(([name, value]) => fc.tuple(fc.constant(name), value));
        fc.assert(
            fc.property(validTraffic, place, (traffic, [name, value]) => {
                const found = JSON.parse(JSON.stringify(traffic)) as object;
                const problems = described({
                    ...MESH,
                    traffic: change(found, `services.reviews.${name}`, value ?? null),
                });
                assert.ok(problems.length > 0, "it got past the settings");
                assert.ok(
                    problems.some((problem) => problem.startsWith("traffic.services.reviews")),
                    problems.join("\n"),
                );
            }),
            { numRuns: 60 },
        );
    });

    it("that are anything at all are settings or a SettingsError, and never another error", () => {
        const names = fc.constantFrom(
            "route",
            "match",
            "timeout",
            "fault",
            "mirror",
            "retries",
            "loadBalancer",
            "tls",
            "paths",
            "user",
            "regex",
        );
        const anything = fc.object({
            key: names,
            maxDepth: 4,
            values: [fc.string(), fc.double(), fc.boolean(), fc.constant(null)],
        });
        fc.assert(
            fc.property(anything, (reviews) => {
                configure({ ...MESH, traffic: { services: { reviews } } });
                try {
                    readSettings();
                } catch (error) {
                    assert.ok(error instanceof SettingsError, String(error));
                }
            }),
            { numRuns: 60 },
        );
    });
});
