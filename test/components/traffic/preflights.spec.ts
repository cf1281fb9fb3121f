import { strict as assert } from "node:assert";
import { preflightsOf } from "../../../components/traffic/preflights";
import type { ServiceTraffic } from "../../../components/traffic/serviceTraffic";
import { service } from "./shop";

const cors = { allowOrigins: [{ exact: "https://a.example.com" }] };
const hosts = ["shop.example.com"];

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
        "none of a path that a later rule leads on from",
        { match: [{ paths: [{ prefix: "/api" }], cors }, { paths: [{ prefix: "/api" }] }] },
        undefined,
    ],
    [
        "none where a rule without CORS may come first",
        { match: [{ headers: { a: { exact: "b" } } }, { paths: [{ exact: "/api" }], cors }] },
        undefined,
    ],
    ["none where a part goes on", { match: [{ paths: [{ prefix: "/api" }], cors }] }, undefined],
];

describe("preflights that the gateway answers", () => {
    for (const [what, traffic, expected] of cases) {
        it(`are ${what}`, () => assert.deepEqual(preflightsOf(service, traffic), expected));
    }

    it("are those of a path that no other route leads on from", () => {
        const exposure = { hosts, paths: [{ prefix: "/api" }, { exact: "/page" }] };
        const match = [
            { paths: [{ prefix: "/api" }], cors },
            { paths: [{ exact: "/page" }], timeout: "3s" },
        ];
        const found = preflightsOf({ ...service, exposure }, { match });
        assert.deepEqual(found, { hosts, paths: [{ prefix: "/api" }] });
    });

    it("are none of a service that is not open", () => {
        assert.equal(preflightsOf({ ...service, exposure: undefined }, { cors }), undefined);
    });
});
