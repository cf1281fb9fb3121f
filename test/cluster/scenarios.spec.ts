import { strict as assert } from "node:assert";
import { SCENARIO_NAMES, type ScenarioName } from "../../mesh/scenarios";
import { record } from "../../plan/record/record";
import { ask, askTimes, signIn, type Page } from "./support/bookinfo";
import { assertAnalyzed } from "./support/analyze";
import { onCluster, overrides } from "./support/cluster";
import { kubectl } from "./support/command";
import { reachGateway, request, type Gateway } from "./support/gateway";
import { updateMesh } from "./support/mesh";
import { until } from "./support/until";
import { assertVerified } from "./support/verify";

const ERROR = "Error fetching product reviews!";
const UNAVAILABLE = "Ratings service is currently unavailable";

/** The guide's steps in one mesh, from one to the next in place, each measured with requests. */
describe("the guide's scenarios on a cluster", function () {
    let gateway: Gateway;
    let jason: string;
    let mary: string;

    onCluster();

    before(async () => {
        await updateMesh(await planned());
        gateway = reachGateway();
        await request(gateway, "/productpage", (code) => code === 200);
        [jason, mary] = [await signIn(gateway, "jason"), await signIn(gateway, "mary")];
    });

    after(() => gateway?.close());

    const planned = (scenario?: ScenarioName) => {
        const traffic = scenario === undefined ? {} : { scenario };
        return record({ stack: "local", override: { ...overrides(), clients: { curl: true, fortio: true }, traffic } });
    };

    /** As many pages in a row as asked for, as somebody sees them, once the proxies have the new routes: all are as `holds` says. */
    async function seen(cookie: string | undefined, count: number, holds: (page: Page) => boolean): Promise<void> {
        let pages: Page[] = [];
        await until(async () => {
            pages = await askTimes(gateway, count, cookie);
            return pages.every(holds);
        }, 0.2);
        assert.deepEqual(
            pages.filter((page) => !holds(page)),
            [],
        );
    }

    const from =
        (...versions: string[]) =>
        (page: Page) =>
            page.status === 200 && page.versions.length === 1 && versions.includes(page.versions[0]!);

    const takes = (least: number, most: number) => (page: Page) => page.seconds >= least && page.seconds < most;

    const both = (one: (page: Page) => boolean, other: (page: Page) => boolean) => (page: Page) =>
        one(page) && other(page);

    const says = (text: string) => (page: Page) => page.status === 200 && page.body.includes(text);

    const not = (holds: (page: Page) => boolean) => (page: Page) => !holds(page);

    it("show all three versions of reviews without one", async () => {
        const versions = await until(async () => {
            const all = new Set((await askTimes(gateway, 30)).flatMap((page) => page.versions));
            return all.size === 3 && all;
        });
        assert.deepEqual([...(versions || [])].sort(), ["v1", "v2", "v3"]);
    });

    /** What the guide says of each step, beyond what `npm run verify` measures of it: shares, copies, overflowing, status. */
    const steps: Record<ScenarioName, [says: string, check: () => Promise<void>][]> = {
        "all-v1": [
            ["answer 404 at /products", async () => assert.equal((await ask(gateway, "/products")).status, 404)],
        ],
        "reviews-split": [],
        "reviews-v3": [],
        "user-identity": [["show mary no stars", () => seen(mary, 10, from("v1"))]],
        "url-rewrite": [
            [
                "show the page at /products and /bookinfoproductpage",
                async () => {
                    for (const path of ["/products", "/bookinfoproductpage", "/productpage"]) {
                        const { status, body } = await request(gateway, path, (code) => code === 200);
                        assert.deepEqual(
                            [path, status, /<title>Simple Bookstore App<\/title>/.test(body)],
                            [path, 200, true],
                        );
                    }
                },
            ],
            [
                "keep /static, /login and /api open, and everything else closed",
                async () => {
                    assert.ok(await signIn(gateway, "jason"));
                    for (const [path, open] of Object.entries({
                        "/static/x.css": true,
                        "/api/v1/products": true,
                        "/other": false,
                        "/": false,
                    })) {
                        assert.equal((await ask(gateway, path)).fromService, open, path);
                    }
                    assert.equal((await ask(gateway, "/other")).status, 404);
                },
            ],
        ],
        "request-timeout": [
            [
                "take a second for an error, as productpage tries twice",
                () => seen(undefined, 2, both(says(ERROR), takes(1, 3))),
            ],
        ],
        "delay-fault": [
            ["make jason wait six seconds for an error", () => seen(jason, 1, both(says(ERROR), takes(6, 10)))],
            ["do nobody else harm", () => seen(mary, 5, both(from("v1"), takes(0, 6)))],
        ],
        "delay-fault-fixed": [
            [
                "make jason wait two seconds for black stars",
                () => seen(jason, 2, both(both(from("v2"), not(says(ERROR))), takes(2, 3.5))),
            ],
            ["do nobody else harm", () => seen(mary, 5, both(from("v1"), takes(0, 2)))],
        ],
        "abort-fault": [
            ["tell jason that ratings are not available", () => seen(jason, 5, both(from("v2"), says(UNAVAILABLE)))],
            ["tell nobody else", () => seen(mary, 5, both(from("v1"), not(says(UNAVAILABLE))))],
        ],
        "circuit-breaker": [
            [
                "count what was refused",
                async () => {
                    const stats = await proxyStats("productpage");
                    assert.ok(Number(stats.get("upstream_rq_pending_overflow")) > 0);
                    assert.equal(stats.get("circuit_breakers.default.remaining_pending"), "1");
                },
            ],
        ],
        mirroring: [["show no stars", () => seen(undefined, 10, from("v1"))]],
    };

    for (const scenario of SCENARIO_NAMES) {
        describe(scenario, () => {
            before(async () => updateMesh(await planned(scenario)));

            it("passes all checks of verify", async () => {
                await assertVerified();
            });

            for (const [what, check] of steps[scenario]) {
                it(what, check);
            }

            it("passes istioctl analyze", assertAnalyzed);
        });
    }
});

/** Counters of fortio's sidecar about v1 of a service. */
async function proxyStats(service: string): Promise<Map<string, string>> {
    const command = ["pilot-agent", "request", "GET", "stats"];
    const stats = await kubectl(["exec", "-n", "bookinfo", "deploy/fortio", "-c", "istio-proxy", "--", ...command]);
    const start = `cluster.outbound|9080|v1|${service}.bookinfo.svc.cluster.local`;
    const lines = stats.split("\n").filter((line) => line.startsWith(start));
    // Envoy puts a second `;` or `.` between a cluster's name and the counter's.
    return new Map(
        lines.map(
            (line) =>
                line
                    .slice(start.length)
                    .replace(/^[;.]+/, "")
                    .split(": ") as [string, string],
        ),
    );
}
