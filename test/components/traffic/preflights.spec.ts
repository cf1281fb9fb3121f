import { strict as assert } from "node:assert";
import type { ExposedService } from "../../../components/mesh/meshService";
import { gatewayRoutes } from "../../../components/traffic/gatewayRoutes";
import { preflightsOf } from "../../../components/traffic/preflights";
import type { ServiceTraffic } from "../../../components/traffic/serviceTraffic";
import { service } from "./shop";

const cors = { allowOrigins: [{ exact: "https://a.example.com" }] };
const hosts = ["shop.example.com"];

/** At a host of these services. */
const answered = (...behind: [ExposedService, ServiceTraffic?][]) =>
    preflightsOf(
        hosts,
        gatewayRoutes(
            behind.map(([each, traffic]) => ({ service: each, traffic })),
            "shop",
        ),
    );

const cases: [string, ServiceTraffic | undefined, ReturnType<typeof preflightsOf>][] = [
    ["none of a service without traffic", undefined, undefined],
    ["none of a service without CORS", { timeout: "3s" }, undefined],
    ["all of a service with CORS", { cors }, { hosts }],
    ["all, where rules take it from the service", { cors, match: [{ user: "jason", timeout: "3s" }] }, { hosts }],
    [
        "all, where the rest is redirected",
        { redirect: { uri: "/x" }, match: [{ paths: [{ prefix: "/api" }], cors }] },
        { hosts },
    ],
    [
        "those of a path that no rule before leads on from",
        { match: [{ paths: [{ prefix: "/api" }], cors }, { paths: [{ prefix: "/api" }] }] },
        { hosts, paths: [{ prefix: "/api" }] },
    ],
    [
        "none where a rule without CORS may come first",
        { match: [{ headers: { a: { exact: "b" } } }, { paths: [{ exact: "/api" }], cors }] },
        undefined,
    ],
    [
        "those of a part, where the rest goes on",
        { match: [{ paths: [{ prefix: "/api" }], cors }] },
        { hosts, paths: [{ prefix: "/api" }] },
    ],
    ["none of a part that only some requests have", { match: [{ user: "jason", cors }] }, undefined],
];

describe("preflights that the gateway answers", () => {
    for (const [what, traffic, expected] of cases) {
        it(`are ${what}`, () => assert.deepEqual(answered([service, traffic]), expected));
    }

    it("are those of a path that no other route leads on from", () => {
        const exposure = { hosts, paths: [{ prefix: "/api" }, { exact: "/page" }] };
        const match = [
            { paths: [{ prefix: "/api" }], cors },
            { paths: [{ exact: "/page" }], timeout: "3s" },
        ];
        const found = answered([{ ...service, exposure }, { match }]);
        assert.deepEqual(found, { hosts, paths: [{ exact: "/api" }, { prefix: "/api/" }] });
    });

    const api = { ...service, name: "api", exposure: { hosts, paths: [{ prefix: "/api" }] } };
    const inner = { ...service, name: "inner", exposure: { hosts, paths: [{ prefix: "/api/inner" }] } };

    it("are those of the services with CORS at a host of several", () => {
        assert.deepEqual(answered([service], [api, { cors }]), {
            hosts,
            paths: [{ exact: "/api" }, { prefix: "/api/" }],
        });
        assert.deepEqual(answered([service, { cors }], [api, { cors }]), { hosts });
    });

    // A preflight for the inner service would get to it without a token.
    it("are those of a path without the parts that another service has", () => {
        const paths = [{ exact: "/api" }, { prefix: "/api/" }];
        const forwarded = [{ path: { exact: "/api/inner" } }, { path: { prefix: "/api/inner/" } }];
        assert.deepEqual(answered([service], [api, { cors }], [inner]), { hosts, paths, forwarded });
        assert.deepEqual(answered([service, { cors }], [api]), {
            hosts,
            paths: [{ prefix: "/" }],
            forwarded: [{ path: { exact: "/api" } }, { path: { prefix: "/api/" } }],
        });
    });

    it("are those of a part of a part again", () => {
        assert.deepEqual(answered([service, { cors }], [api], [inner, { cors }]), {
            hosts,
            paths: [{ exact: "/api/inner" }, { prefix: "/api/inner/" }, { prefix: "/" }],
            forwarded: [
                { path: { exact: "/api" } },
                { path: { prefix: "/api/" }, except: [{ exact: "/api/inner" }, { prefix: "/api/inner/" }] },
            ],
        });
    });

    it("are those for the methods of a service, where others go to another", () => {
        const writes = { ...api, exposure: { hosts, paths: [{ prefix: "/api", methods: ["PUT", "POST"] }] } };
        const methods = { answered: ["PUT", "POST"] };
        assert.deepEqual(answered([service], [writes, { cors }]), {
            hosts,
            paths: [{ exact: "/api" }, { prefix: "/api/" }],
            forwarded: [
                { path: { exact: "/api" }, ...methods },
                { path: { prefix: "/api/" }, ...methods },
            ],
        });
        assert.deepEqual(answered([writes, { cors }]), { hosts });
    });
});
