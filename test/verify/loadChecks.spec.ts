import { strict as assert } from "node:assert";
import { breakerChecks } from "../../verify/checks/circuitBreaker";
import { sessionChecks } from "../../verify/checks/session";
import type { Asked } from "../../verify/http";
import { causesOf, known, namesOf, podsOfAll, runCheck, said, type Known } from "./support/fakes";

describe("the check of a circuit breaker", () => {
    const NAME = "traffic.services.productpage.connectionPool";
    let stack: Known;

    before(async () => {
        stack = await known({ clients: { fortio: true }, traffic: { scenario: "circuit-breaker" } });
    });

    /** What fortio prints, by how many clients it is. */
    function run(refused: (clients: number) => number, of = stack) {
        const loads: string[] = [];
        const finding = runCheck(breakerChecks, NAME, of, {
            objects: podsOfAll(of.mesh.services),
            exec: ({ container, pod: name }, command) => {
                const [, , , clients, , , , count] = command;
                loads.push(`${name}/${container} ${clients} ${count} ${command.at(-1)}`);
                const bad = refused(Number(clients));
                const good = Number(count) - bad;
                return said(
                    [
                        ...(good > 0 ? [`Code 200 : ${good} (50.0 %)`] : []),
                        ...(bad > 0 ? [`Code 503 : ${bad} (50.0 %)`] : []),
                    ].join("\n"),
                );
            },
        });
        return finding.then((found) => ({ finding: found, loads }));
    }

    it("sends one client's requests, then of more clients than are let through", async () => {
        const { finding, loads } = await run((clients) => (clients === 1 ? 0 : 12));
        assert.deepEqual(finding, {
            verdict: "passed",
            seen: "1 client: 0 of 20 refused; 5 clients: 12 of 50",
        });
        const url = "http://productpage.bookinfo:9080/productpage";
        assert.deepEqual(loads, [`fortio-v1/main 1 20 ${url}`, `fortio-v1/main 5 50 ${url}`]);
    });

    const table: [what: string, refused: (clients: number) => number, tries: number, said: RegExp][] = [
        ["nothing is refused, however often it is tried", () => 0, 6, /no such limits/],
        ["one client is refused", () => 1, 2, /Requests that fit the limits are refused/],
        ["everything is refused", (clients) => (clients === 1 ? 0 : 50), 2, /no pod is healthy/],
    ];
    for (const [what, refused, tries, pattern] of table) {
        it(`fails where ${what}`, async () => {
            const { finding, loads } = await run(refused);
            assert.equal(finding.verdict, "failed");
            assert.equal(loads.length, tries);
            assert.match(causesOf(finding).join(), pattern);
        });
    }

    it("is skipped without fortio, and where it would be a load test", async () => {
        const without = await known({ traffic: { scenario: "circuit-breaker" } });
        assert.match((await run(() => 0, without)).finding.seen, /set clients\.fortio/);
        const connectionPool = { tcp: { maxConnections: 1000 }, http: { http1MaxPendingRequests: 1 } };
        const large = await known({
            clients: { fortio: true },
            traffic: { services: { productpage: { connectionPool } } },
        });
        assert.match((await run(() => 0, large)).finding.seen, /more than 32 clients/);
    });

    it("is made only where both connections and waiting requests are limited", async () => {
        const connectionPool = { tcp: { maxConnections: 1 } };
        assert.deepEqual(
            namesOf(breakerChecks, await known({ traffic: { services: { reviews: { connectionPool } } } })),
            [],
        );
    });
});

describe("the check of a signed-in session", () => {
    const NAME = "Bookinfo signed in as jason";
    let stack: Known;

    before(async () => (stack = await known({ traffic: { scenario: "user-identity" } })));

    function run(version: (asked: Asked) => string, of = stack, status = 302) {
        return runCheck(sessionChecks, NAME, of, {
            ask: (_, asked) =>
                asked.path === "/login"
                    ? { status, headers: { "set-cookie": [`session=${asked.body}; Path=/`] } }
                    : { status: 200, body: `<b>${version(asked)}-abc</b>` },
        });
    }

    it("shows the user the version of the rule, with the cookie of the sign-in", async () => {
        const finding = await run(({ headers = {} }) =>
            headers.cookie?.includes("username=jason") ? "reviews-v2" : "reviews-v1",
        );
        assert.deepEqual(finding, { verdict: "passed", seen: "v2" });
    });

    it("finds another version, also among others, a page without, and a sign-in that is refused", async () => {
        let page = 0;
        assert.equal((await run(() => "reviews-v1")).seen, "v1");
        assert.equal((await run(() => `reviews-v${(page++ % 2) + 1}`)).seen, "v1, v2");
        assert.equal((await run(() => "Error fetching product reviews")).seen, "no reviews");
        const refused = await run(() => "reviews-v2", stack, 404);
        assert.deepEqual(
            [refused.seen, causesOf(refused)[0]?.slice(0, 21)],
            ["signing in: 404", "Nobody can sign in: /"],
        );
    });

    it("is skipped where the gateway asks for a token", async () => {
        const jwks = '{"keys":[{"kty":"RSA","kid":"k","n":"sXch","e":"AQAB"}]}';
        const requestAuthentication = [{ name: "users", issuers: [{ issuer: "https://id.example.com/", jwks }] }];
        const closed = await known({ traffic: { scenario: "user-identity" }, security: { requestAuthentication } });
        assert.equal((await run(() => "", closed, 403)).verdict, "skipped");
    });

    it("is skipped where faults keep reviews off the page", async () => {
        const slow = await known({ traffic: { scenario: "delay-fault" } });
        assert.equal((await run(() => "", slow)).verdict, "skipped");
    });

    it("is made for rules by user alone, to one version", async () => {
        assert.deepEqual(namesOf(sessionChecks, await known({ traffic: { scenario: "reviews-split" } })), []);
        const match = [{ user: "ann", paths: [{ prefix: "/x" }], route: { v2: 100 } }];
        const reviews = { route: { v1: 100 }, match };
        assert.deepEqual(namesOf(sessionChecks, await known({ traffic: { services: { reviews } } })), []);
    });
});
