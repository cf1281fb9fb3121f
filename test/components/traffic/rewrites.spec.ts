import { strict as assert } from "node:assert";
import { gatewayRoutes } from "../../../components/traffic/gatewayRoutes";
import { meshRoutes } from "../../../components/traffic/httpRoutes";
import type { HTTPRoute } from "../../../components/istio/api";
import type { TextMatch } from "../../../components/traffic/serviceTraffic";
import { service } from "./shop";

/** The path that the service gets: Envoy replaces exactly the prefix that matched, and anything else as a whole. */
function sent(routes: HTTPRoute[], path: string): string {
    for (const { match = [{}], rewrite } of routes) {
        for (const { uri = { prefix: "/" } } of match) {
            const { exact, prefix, regex } = uri as { exact?: string; prefix?: string; regex?: string };
            const whole = exact === path || (regex !== undefined && new RegExp(`^(?:${regex})$`).test(path));
            if (whole || (prefix !== undefined && path.startsWith(prefix))) {
                return rewrite?.uri === undefined
                    ? path
                    : whole
                      ? rewrite.uri
                      : rewrite.uri + path.slice(prefix?.length);
            }
        }
    }
    return "404";
}

const cases: [paths: TextMatch[] | undefined, rewrite: string, path: string, expected: string][] = [
    [[{ prefix: "/api" }], "/", "/api/x", "/x"],
    [[{ prefix: "/api" }], "/", "/api", "/"],
    [[{ prefix: "/api" }], "/", "/apifoo", "/apifoo"],
    [[{ prefix: "/api" }], "/v2", "/api/x", "/v2/x"],
    [[{ prefix: "/api" }], "/v2", "/api", "/v2"],
    [[{ prefix: "/api" }], "/v2/", "/api/x", "/v2/x"],
    [[{ prefix: "/api/" }], "/", "/api/x", "/x"],
    [[{ prefix: "/api/" }], "/v2", "/api/x", "/v2/x"],
    [[{ prefix: "/api/" }], "/v2/", "/api/x/y", "/v2/x/y"],
    [[{ prefix: "/" }], "/v2", "/x", "/v2/x"],
    [[{ exact: "/old" }], "/new", "/old", "/new"],
    [[{ exact: "/old" }, { prefix: "/older/" }], "/new", "/older/x", "/new/x"],
    [[{ exact: "/old" }, { prefix: "/older/" }], "/new", "/old", "/new"],
    [[{ regex: "/item/[0-9]+" }], "/item", "/item/7", "/item"],
    [undefined, "/v2", "/x", "/v2/x"],
    [undefined, "/v2/", "/x", "/v2/x"],
    [undefined, "/", "/x", "/x"],
];

describe("a rewritten path", () => {
    for (const [paths, rewrite, path, expected] of cases) {
        const rule = paths ? { match: [{ paths, rewrite }] } : { rewrite };
        it(`${path} by ${JSON.stringify(paths ?? "the service")} to ${rewrite} is ${expected}`, () => {
            assert.equal(sent(meshRoutes(service, rule), path), expected);
            assert.equal(sent(gatewayRoutes([{ service, traffic: rule }], service.namespace), path), expected);
        });
    }
});
