import { strict as assert } from "node:assert";
import { casesOf } from "../../verify/checks/trafficCases";
import { trafficChecks } from "../../verify/checks/traffic";
import { causesOf, curled, known, namesOf, podsOfAll, runCheck, said, type Fakes, type Known } from "./support/fakes";

const clients = { curl: true };
const withTraffic = (services: object) => known({ clients, traffic: { services } });

describe("the requests that show traffic settings", () => {
    const requestsOf = ({ mesh }: Known) =>
        mesh.services
            .flatMap((service) => casesOf(service, mesh))
            .map(({ key, request: { path, headers = {}, method } }) => ({
                [key]: [method, path, JSON.stringify(headers)].filter(Boolean).join(" "),
            }));

    const of = async (reviews: object) => requestsOf(await withTraffic({ reviews }));
    const KEY = "traffic.services.reviews";
    const v = (version: string) => ({ route: { [version]: 100 } });

    it("are made up from user, headers, path and method of each rule, then one that fits none", async () => {
        const match = [
            { user: "jason", ...v("v2") },
            { headers: { "x-beta": { exact: "yes" } }, ...v("v3") },
            { paths: [{ prefix: "/reviews/new" }], method: "POST", ...v("v3") },
        ];
        assert.deepEqual(await of({ ...v("v1"), match }), [
            { [`${KEY}.match[0]`]: '/reviews/0 {"end-user":"jason"}' },
            { [`${KEY}.match[1]`]: '/reviews/0 {"x-beta":"yes"}' },
            { [`${KEY}.match[2]`]: "POST /reviews/new {}" },
            { [KEY]: "/reviews/0 {}" },
        ]);
    });

    it("are left out where an earlier rule takes them", async () => {
        const match = [
            { paths: [{ prefix: "/reviews" }], ...v("v2") },
            { user: "jason", ...v("v3") },
        ];
        assert.deepEqual(await of({ ...v("v1"), match }), [{ [`${KEY}.match[0]`]: "/reviews {}" }]);
    });

    it("are not made up for expressions and claims, which others do not fit either", async () => {
        const match = [{ headers: { cookie: { regex: ".*user=jason.*" } }, ...v("v2") }];
        assert.deepEqual(await of({ ...v("v1"), match }), [{ [KEY]: "/reviews/0 {}" }]);
        const taken = [{ paths: [{ regex: "/reviews/[0-9]+" }], ...v("v2") }];
        assert.deepEqual(await of({ ...v("v1"), match: taken }), []);
    });

    it("are one for the user of a fault, and one for others", async () => {
        const found = await of({ ...v("v1"), fault: { abort: 500, user: "jason" } });
        assert.deepEqual(found, [
            { [`${KEY} for jason`]: '/reviews/0 {"end-user":"jason"}' },
            { [KEY]: "/reviews/0 {}" },
        ]);
    });
});

describe("the checks of traffic", () => {
    const ROUTE = "traffic.services.reviews.route";
    let split: Known;

    before(async () => (split = await withTraffic({ reviews: { route: { v1: 50, v3: 50 } } })));

    /**
     * A mesh whose pods log requests of the last marker.
     *
     * @param counts How many each version gets.
     */
    function mesh(stack: Known, counts: Record<string, number>, suffix = ""): Fakes & { sent: string[][] } {
        const sent: string[][] = [];
        let line = "";
        return {
            sent,
            objects: podsOfAll(stack.mesh.services),
            exec: (_, command) => {
                if (command.includes("--version")) {
                    return said("curl 8");
                }
                sent.push(command);
                line = `GET ${/\/reviews[^[]*/.exec(command.at(-1)!)?.[0]} 200 "reviews${suffix}:9080"\n`;
                return curled(200);
            },
            logs: ({ pod }) => line.repeat(counts[/^reviews-(v\d)/.exec(pod)?.[1] ?? ""] ?? 0) + "other line\n",
        };
    }

    it("count the requests that each version logs, and pass the right shares", async () => {
        const fakes = mesh(split, { v1: 103, v3: 97 });
        const finding = await runCheck(trafficChecks, ROUTE, split, fakes);
        assert.deepEqual(finding, { verdict: "passed", seen: "v1 103, v2 0, v3 97 of 200" });
        assert.equal(fakes.sent.length, 1);
        assert.match(
            fakes.sent[0]!.join(" "),
            /--parallel .*http:\/\/reviews\.bookinfo:9080\/reviews\/0\?verify-[-0-9a-f]{36}-\[1-200\]$/,
        );
    });

    it("find other shares, and a version that should get none", async () => {
        const others: Record<string, number>[] = [
            { v1: 180, v3: 20 },
            { v1: 100, v2: 1, v3: 99 },
        ];
        for (const counts of others) {
            const finding = await runCheck(trafficChecks, ROUTE, split, mesh(split, counts));
            assert.equal(finding.verdict, "failed", finding.seen);
            assert.deepEqual(causesOf(finding), ["The versions get other shares of the requests."]);
        }
    });

    it("send few requests where one version gets all, one after another where connections are limited", async () => {
        const sure = await withTraffic({
            reviews: { route: { v2: 100 }, connectionPool: { tcp: { maxConnections: 1 } } },
        });
        const fakes = mesh(sure, { v2: 20 });
        assert.equal((await runCheck(trafficChecks, ROUTE, sure, fakes)).verdict, "passed");
        assert.match(fakes.sent[0]!.at(-1)!, /-\[1-20\]$/);
        assert.ok(!fakes.sent[0]!.includes("--parallel"));
    });

    it("are skipped without a sender, and where the access log leaves requests out", async () => {
        const nobody = await runCheck(trafficChecks, ROUTE, split, {});
        assert.deepEqual(nobody, { verdict: "skipped", seen: "no pod of the mesh has curl: set clients.curl" });
        const filtered = await known({
            clients,
            traffic: { services: { reviews: { route: { v1: 50, v3: 50 } } } },
            logging: { accessLogFilter: "response.code >= 400" },
        });
        const finding = await runCheck(trafficChecks, ROUTE, filtered, mesh(filtered, { v1: 100, v3: 100 }));
        assert.deepEqual(finding, { verdict: "skipped", seen: "logging.accessLogFilter leaves requests out" });
    });

    it("count copies of mirrored requests alone", async () => {
        const mirrored = await withTraffic({ reviews: { route: { v1: 100 }, mirror: { to: "v2" } } });
        const name = "traffic.services.reviews.mirror";
        const copies = await runCheck(trafficChecks, name, mirrored, mesh(mirrored, { v2: 50 }, "-shadow"));
        assert.deepEqual(copies, { verdict: "passed", seen: "50 copies of 50 requests" });
    });

    const effects: [part: string, traffic: object, answer: [number, number], verdict: string][] = [
        ["fault.abort", { fault: { abort: 500 } }, [500, 0], "passed"],
        ["fault.abort", { fault: { abort: 500 } }, [200, 0], "failed"],
        ["fault.delay", { fault: { delay: "2s" } }, [200, 2.01], "passed"],
        ["fault.delay", { fault: { delay: "2s" } }, [200, 0.01], "failed"],
        ["fault.delay", { fault: { delay: "500ms" } }, [200, 0.6], "passed"],
        ["timeout", { timeout: "2s" }, [200, 0.1], "passed"],
        ["timeout", { timeout: "2s" }, [504, 2.1], "passed"],
        ["timeout", { timeout: "2s" }, [200, 5.2], "failed"],
        ["timeout", { timeout: "2s" }, [0, 10], "failed"],
        ["timeout", { timeout: "2s", fault: { delay: "3s" } }, [504, 5.3], "passed"],
        ["redirect", { match: [{ paths: [{ exact: "/a" }], redirect: { uri: "/b" } }] }, [301, 0], "passed"],
        [
            "redirect",
            { match: [{ paths: [{ exact: "/a" }], redirect: { uri: "/b", redirectCode: 302 } }] },
            [301, 0],
            "failed",
        ],
    ];
    for (const [part, traffic, [status, seconds], verdict] of effects) {
        it(`${JSON.stringify(traffic)}: ${status} after ${seconds} s: ${verdict}`, async () => {
            const stack = await withTraffic({ reviews: { route: { v1: 100 }, ...traffic } });
            const rule = part === "redirect" ? ".match[0]" : "";
            const finding = await runCheck(trafficChecks, `traffic.services.reviews${rule}.${part}`, stack, {
                objects: podsOfAll(stack.mesh.services),
                exec: (_, command) => (command.includes("--version") ? said("curl 8") : curled(status, "", seconds)),
            });
            assert.equal(finding.verdict, verdict, finding.seen);
        });
    }

    it("want a rewritten path of Bookinfo answered, which the service does not know itself", async () => {
        const stack = await known({ clients, traffic: { scenario: "url-rewrite" } });
        const name = "traffic.services.productpage.match[0].rewrite";
        const answered = async (status: number) => {
            const sent: string[] = [];
            const finding = await runCheck(trafficChecks, name, stack, {
                objects: podsOfAll(stack.mesh.services),
                exec: (_, command) => {
                    sent.push(command.at(-1)!);
                    return command.includes("--version") ? said("curl 8") : curled(status);
                },
            });
            return [finding.verdict, sent.at(-1)];
        };
        assert.deepEqual(await answered(200), ["passed", "http://productpage.bookinfo:9080/products"]);
        assert.equal((await answered(404))[0], "failed");
    });

    it("measure nothing of a fault that only some requests get", async () => {
        const stack = await withTraffic({ reviews: { route: { v1: 100 }, fault: { delay: "2s", percent: 10 } } });
        assert.deepEqual(namesOf(trafficChecks, stack), [ROUTE]);
    });
});
