import { strict as assert } from "node:assert";
import { tokenChecks } from "../../verify/checks/tokens";
import type { Asked } from "../../verify/http";
import { causesOf, curled, known, namesOf, podsOfAll, runCheck, said, type Known } from "./support/fakes";

const issuer = "https://identity.example.com/";
const jwks = '{"keys":[{"kty":"RSA","kid":"k","n":"sXch","e":"AQAB"}]}';
const NO_TOKEN = "users: no token";
const MALFORMED = "users: a malformed token";
const FORGED = "users: a token with a forged signature";

const withTokens = (tokens: object, issuers: object = {}) =>
    known({
        clients: { curl: true },
        gateway: { hosts: ["bookinfo.example.com"] },
        security: { requestAuthentication: [{ name: "users", issuers: [{ issuer, jwks, ...issuers }], ...tokens }] },
    });

describe("the checks of tokens", () => {
    /** What the gateway is asked, when it answers with a status. */
    async function run(name: string, stack: Known, status: number) {
        const asked: Asked[] = [];
        const ask = (_: number, each: Asked) => {
            asked.push(each);
            return { status };
        };
        return { finding: await runCheck(tokenChecks, name, stack, { ask }), asked: asked[0] };
    }

    it("are one without a token where one is needed, and two with invalid ones", async () => {
        assert.deepEqual(namesOf(tokenChecks, await withTokens({})), [NO_TOKEN, MALFORMED, FORGED]);
        assert.deepEqual(namesOf(tokenChecks, await withTokens({ require: [] })), [MALFORMED, FORGED]);
        assert.deepEqual(namesOf(tokenChecks, await known()), []);
    });

    const rules: [rule: object, asked: [method?: string, path?: string, host?: string] | undefined][] = [
        [{}, ["GET", "/productpage", "bookinfo.example.com"]],
        [{ paths: ["/api/*"] }, ["GET", "/api/", "bookinfo.example.com"]],
        [{ paths: ["*/private"], methods: ["POST", "HEAD"] }, ["HEAD", "/verify/private", "bookinfo.example.com"]],
        [{ hosts: ["bookinfo.example.com"], paths: ["/a"] }, ["GET", "/a", "bookinfo.example.com"]],
        [{ methods: ["POST"] }, undefined],
        [{ notMethods: ["GET"] }, undefined],
        [{ notPaths: ["/product*"] }, undefined],
    ];
    for (const [rule, expected] of rules) {
        it(`send no token to ${JSON.stringify(rule)}: ${expected?.join(" ") ?? "nothing that only reads needs one"}`, async () => {
            const stack = await withTokens({ require: [rule] });
            if (expected === undefined) {
                assert.ok(!namesOf(tokenChecks, stack).includes(NO_TOKEN));
                return;
            }
            const { finding, asked } = await run(NO_TOKEN, stack, 403);
            assert.equal(finding.verdict, "passed", finding.seen);
            assert.deepEqual([asked?.method, asked?.path, asked?.host], expected);
        });
    }

    const places: [set: object, sent: (token: string) => object][] = [
        [{}, (token) => ({ path: "/productpage", headers: { authorization: `Bearer ${token}` } })],
        [
            { fromHeaders: [{ name: "x-token", prefix: "JWT " }] },
            (token) => ({ path: "/productpage", headers: { "x-token": `JWT ${token}` } }),
        ],
        [{ fromCookies: ["session"] }, (token) => ({ path: "/productpage", headers: { cookie: `session=${token}` } })],
        [{ fromParams: ["t"] }, (token) => ({ path: `/productpage?t=${token}`, headers: undefined })],
    ];
    for (const [set, sent] of places) {
        it(`put a token where ${JSON.stringify(set)} looks for it`, async () => {
            const { asked } = await run(MALFORMED, await withTokens({}, set), 401);
            assert.deepEqual({ path: asked?.path, headers: asked?.headers }, sent("malformed"));
        });
    }

    it("forge a token that is right in all but its signature", async () => {
        const { finding, asked } = await run(FORGED, await withTokens({}, { audiences: ["shop"] }), 401);
        assert.equal(finding.verdict, "passed");
        const [header, claims] = (asked?.headers?.authorization?.slice("Bearer ".length).split(".") ?? []).map((part) =>
            Buffer.from(part, "base64url").toString(),
        );
        const { iss, aud, exp } = JSON.parse(claims ?? "") as { iss: string; aud: string; exp: number };
        assert.deepEqual([header, iss, aud], ['{"alg":"RS256","typ":"JWT"}', issuer, "shop"]);
        assert.ok(exp * 1000 > Date.now());
    });

    it("fail where requests pass, and say which object is missing", async () => {
        const stack = await withTokens({});
        const open = await run(NO_TOKEN, stack, 200);
        assert.match(causesOf(open.finding).join(), /Requests without a token pass/);
        const unchecked = await run(FORGED, stack, 200);
        assert.match(causesOf(unchecked.finding).join(), /RequestAuthentication is missing/);
        assert.equal((await run(NO_TOKEN, stack, 401)).finding.verdict, "failed");
    });

    it("are sent from a pod where a service checks tokens", async () => {
        const stack = await withTokens({ service: "reviews" });
        const sent: string[] = [];
        const finding = await runCheck(tokenChecks, MALFORMED, stack, {
            objects: podsOfAll(stack.mesh.services),
            exec: (_, command) => {
                sent.push(command.join(" "));
                return command.includes("--version") ? said("curl 8") : curled(401);
            },
        });
        assert.equal(finding.verdict, "passed", finding.seen);
        assert.match(sent.at(-1)!, /authorization: Bearer malformed [^]*http:\/\/reviews\.bookinfo:9080\/$/);
    });
});
