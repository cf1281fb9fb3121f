import { strict as assert } from "node:assert";
import { SCENARIO_NAMES, type ScenarioName } from "../../mesh/scenarios";
import { record } from "../../plan/record/record";
import { ask, askTimes, signIn, type Page } from "./support/bookinfo";
import { assertSound } from "./support/analyze";
import { onCluster, overrides } from "./support/cluster";
import { attempt, kubectl } from "./support/command";
import { reachGateway, request, type Reached } from "./support/gateway";
import { updateMesh } from "./support/mesh";
import { until } from "./support/until";

/** Requests of which each goes to one of two versions with even chance: seven standard deviations around the middle. */
const MANY = 200;
const NEAR_HALF = { least: 51, most: 149 };

const ERROR = "Error fetching product reviews!";
const UNAVAILABLE = "Ratings service is currently unavailable";

/** The guide's steps in one mesh, from one to the next in place, each measured with requests. */
describe("the guide's scenarios on a cluster", function () {
    let gateway: Reached;
    let jason: string;
    let mary: string;

    onCluster();

    before(async () => {
        await updateMesh(await planned());
        gateway = await reachGateway();
        await request(gateway, "/productpage", (code) => code === 200);
        [jason, mary] = [await signIn(gateway, "jason"), await signIn(gateway, "mary")];
    });

    after(() => gateway?.close());

    const planned = (scenario?: ScenarioName) => {
        const traffic = scenario === undefined ? {} : { scenario };
        return record({ stack: "local", override: { ...overrides(), clients: { fortio: true }, traffic } });
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

    /** What the guide says of each step. */
    const steps: Record<ScenarioName, [says: string, check: () => Promise<void>][]> = {
        "all-v1": [
            ["never show stars", () => seen(undefined, 20, from("v1"))],
            ["answer 404 at /products", async () => assert.equal((await ask(gateway, "/products")).status, 404)],
        ],
        "reviews-split": [
            [
                "show red stars half of the time",
                async () => {
                    await until(async () => from("v3")(await ask(gateway)), 0.2);
                    const pages = await askTimes(gateway, MANY);
                    assert.deepEqual(pages.filter(not(from("v1", "v3"))), []);
                    const red = pages.filter(from("v3")).length;
                    assert.ok(red >= NEAR_HALF.least && red <= NEAR_HALF.most, `${red} of ${MANY}`);
                },
            ],
        ],
        "reviews-v3": [["always show red stars", () => seen(undefined, 20, from("v3"))]],
        "user-identity": [
            ["show jason black stars", () => seen(jason, 10, from("v2"))],
            [
                "show nobody and mary none",
                async () => {
                    await seen(undefined, 10, from("v1"));
                    await seen(mary, 10, from("v1"));
                },
            ],
        ],
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
                "answer one client and refuse some of three, and count that",
                async () => {
                    const tripped = await until(async () => {
                        const found = await load(3, 30);
                        return (found["503"] ?? 0) > 0 && (found["200"] ?? 0) > 0 && found;
                    });
                    assert.ok(tripped, "three clients at a time never overflow");
                    assert.equal(
                        Object.values(tripped).reduce((sum, count) => sum + count, 0),
                        30,
                    );
                    assert.deepEqual(await load(1, 20), { "200": 20 });
                    const stats = await proxyStats("productpage");
                    assert.ok(Number(stats.get("upstream_rq_pending_overflow")) > 0);
                    assert.equal(stats.get("circuit_breakers.default.remaining_pending"), "1");
                },
            ],
        ],
        mirroring: [
            [
                "show no stars, while v2 gets each request for reviews-shadow",
                async () => {
                    const started = new Date();
                    const mirrors = async () =>
                        (await askTimes(gateway, 1)).length > 0 && (await hostsAsked("reviews-v2", started)).length > 0;
                    assert.ok(await until(mirrors), "v2 gets nothing");
                    const since = new Date();
                    await seen(undefined, 10, from("v1"));
                    const mirrored = await until(async () => {
                        const hosts = await hostsAsked("reviews-v2", since);
                        return hosts.length >= 10 && hosts;
                    });
                    assert.ok(mirrored, "v2 got too few");
                    assert.deepEqual([...new Set(mirrored)], ["reviews-shadow:9080"]);
                },
            ],
        ],
    };

    for (const scenario of SCENARIO_NAMES) {
        describe(scenario, () => {
            before(async () => updateMesh(await planned(scenario)));

            for (const [what, check] of steps[scenario]) {
                it(what, check);
            }

            it("passes istioctl analyze, and has the planned objects alone", assertSound);
        });
    }
});

/** Requests of fortio to productpage, by status. */
async function load(clients: number, count: number): Promise<Record<string, number>> {
    const options = ["-c", String(clients), "-qps", "0", "-n", String(count), "-loglevel", "Error"];
    const command = ["/usr/bin/fortio", "load", ...options, "http://productpage:9080"];
    const exec = ["exec", "-n", "bookinfo", "deploy/fortio", "-c", "fortio", "--", ...command];
    const { stdout, stderr } = await attempt("kubectl", exec);
    const report = stdout + stderr;
    return Object.fromEntries(
        [...report.matchAll(/^Code +(\d+) : (\d+)/gm)].map(([, code, times]) => [code!, Number(times)]),
    );
}

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

/** Hosts that the requests were for which reached a Deployment. */
async function hostsAsked(deployment: string, since: Date): Promise<string[]> {
    const logs = await kubectl([
        "logs",
        "-n",
        "bookinfo",
        `deploy/${deployment}`,
        "-c",
        "istio-proxy",
        `--since-time=${since.toISOString()}`,
    ]);
    return [...logs.matchAll(/"authority":"(reviews[^"]*)"/g)].map(([, host]) => host!);
}
