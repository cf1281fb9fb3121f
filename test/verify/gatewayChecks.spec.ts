import { strict as assert } from "node:assert";
import { X509Certificate } from "node:crypto";
import { gatewayChecks } from "../../verify/checks/gateway";
import { tlsChecks } from "../../verify/checks/tls";
import type { Answer, Asked } from "../../verify/http";
import { newAuthority, newCertificate, type Pair } from "../support/certificates";
import { causesOf, known, namesOf, runCheck, type Fakes, type Known } from "./support/fakes";

const HOST = "bookinfo.example.com";
const FROM_SERVICE = { "x-envoy-upstream-service-time": "3" };

describe("the checks of the gateway", () => {
    let plain: Known;

    before(async () => (plain = await known({ gateway: { hosts: [HOST] } })));

    it("ask each exposed host, another path and another host", () =>
        assert.deepEqual(namesOf(gatewayChecks, plain), [
            "address",
            `productpage at ${HOST}`,
            `other paths at ${HOST}`,
            "other hosts",
        ]));

    it("ask for no other host where any is open", async () =>
        assert.deepEqual(namesOf(gatewayChecks, await known()), ["address", "productpage at *", "other paths at *"]));

    it("ask for no other path where a service, or a rule of its traffic, opens all", async () => {
        const own = {
            namespace: "shop",
            port: 80,
            protocol: "http",
            serviceAccount: "shop",
            versions: { v1: { version: "v1" } },
            expose: { hosts: [HOST], paths: [{ prefix: "/" }] },
        };
        const all = await known({ bookinfo: { enabled: false }, namespaces: { shop: {} }, services: { shop: own } });
        assert.deepEqual(namesOf(gatewayChecks, all), ["address", `shop at ${HOST}`, "other hosts"]);
    });

    const run = (name: string, ask: Fakes["ask"]) => runCheck(gatewayChecks, name, plain, { ask });

    const table: [name: string, answer: Partial<Answer>, verdict: string, said: RegExp][] = [
        [`productpage at ${HOST}`, { status: 200, headers: FROM_SERVICE }, "passed", /^200/],
        [`productpage at ${HOST}`, { status: 404 }, "failed", /knows no such host or path/],
        [`productpage at ${HOST}`, { status: 503, body: "no healthy upstream" }, "failed", /no healthy pod/],
        [
            `productpage at ${HOST}`,
            { status: 403, body: "RBAC: access denied" },
            "failed",
            /AuthorizationPolicy denied/,
        ],
        [`productpage at ${HOST}`, { status: 500, headers: FROM_SERVICE }, "failed", /The service answered 500/],
        [`productpage at ${HOST}`, { error: "ECONNREFUSED" }, "failed", /cannot be reached: ECONNREFUSED/],
        [`other paths at ${HOST}`, { status: 404 }, "passed", /^404/],
        [`other paths at ${HOST}`, { status: 404, headers: FROM_SERVICE }, "failed", /opens the gateway further/],
        [`other paths at ${HOST}`, { status: 200 }, "failed", /opens the gateway further/],
        ["other hosts", { status: 404 }, "passed", /^404/],
        ["other hosts", { status: 200, headers: FROM_SERVICE }, "failed", /opens the gateway further/],
    ];
    for (const [name, answer, verdict, said] of table) {
        it(`${name}: ${JSON.stringify(answer)} ${verdict}`, async () => {
            const asked: Asked[] = [];
            const finding = await run(name, (port, each) => {
                asked.push(each);
                assert.equal(port, 80);
                return answer;
            });
            assert.equal(finding.verdict, verdict, finding.seen);
            assert.match([finding.seen, ...causesOf(finding)].join("\n"), said);
            assert.equal(asked[0]!.host, name === "other hosts" ? "oke-mesh-verify.invalid" : HOST);
        });
    }

    it("say that a load balancer without address is the trouble", async () => {
        const finding = await runCheck(gatewayChecks, "address", plain, { reached: "no address: by a port" });
        assert.equal(finding.verdict, "failed");
        assert.match(causesOf(finding).join(), /load balancer is being made/);
    });

    it("take a refusal for right where tokens are required, and nowhere else", async () => {
        const name = `productpage at ${HOST}`;
        const refused = () => ({ status: 403, body: "RBAC: access denied" });
        assert.equal((await run(name, refused)).verdict, "failed");
        const withTokens: Known = {
            ...plain,
            settings: {
                ...plain.settings,
                security: { ...plain.settings.security, requestAuthentication: [{} as never] },
            },
        };
        assert.equal((await runCheck(gatewayChecks, name, withTokens, { ask: refused })).verdict, "passed");
    });
});

describe("the checks of TLS", () => {
    let stack: Known;
    let mutual: Known;
    let authority: Pair;
    let good: Pair;

    const tls = (mode: string) => ({
        gateway: {
            hosts: [HOST],
            tls: { mode, certificate: { source: "existing", secretName: "own", clientCa: undefined } },
        },
    });

    before(async () => {
        const simple = tls("simple");
        stack = await known(simple);
        mutual = await known(tls("mutual"));
        authority = await newAuthority();
        good = await issue(HOST, 24 * 30);
    });

    const issue = (host: string, validityHours: number, notBefore?: Date) =>
        newCertificate(authority, { commonName: host, dnsNames: [host], validityHours, notBefore });

    const secretWith = (pair: Pair): Fakes["objects"] => [
        {
            apiVersion: "v1",
            kind: "Secret",
            metadata: { name: "own", namespace: "istio-system" },
            data: {
                "tls.crt": Buffer.from(pair.certificate).toString("base64"),
                "tls.key": Buffer.from(pair.key).toString("base64"),
            },
        },
    ];

    const shows = (pair: Pair): Partial<Answer> => ({
        status: 200,
        certificate: new X509Certificate(pair.certificate),
    });

    it("are a handshake and a redirect for each host, and a stranger where clients need a certificate", () => {
        const others = "HTTPS for other hosts";
        assert.deepEqual(namesOf(tlsChecks, stack), [`certificate of ${HOST}`, `HTTP at ${HOST}`, others]);
        assert.deepEqual(namesOf(tlsChecks, mutual), [
            `certificate of ${HOST}`,
            `HTTP at ${HOST}`,
            `client without certificate at ${HOST}`,
            others,
        ]);
    });

    it("want no certificate shown for a name that nobody serves", async () => {
        const ask = (answer: Partial<Answer>) =>
            runCheck(tlsChecks, "HTTPS for other hosts", stack, { ask: () => answer });
        assert.equal((await ask({ error: "ECONNRESET" })).verdict, "passed");
        assert.match(causesOf(await ask(shows(good))).join(), /shows a certificate of DNS:bookinfo/);
        assert.deepEqual(causesOf(await ask({ error: "ECONNREFUSED" })), ["The gateway cannot be reached."]);
    });

    it("ask for pages with HTTPS", async () => {
        const ask = (port: number, { anyCertificate }: Asked) => ({ status: port === 443 && anyCertificate ? 200 : 0 });
        const finding = await runCheck(gatewayChecks, `productpage at ${HOST}`, stack, { ask });
        assert.equal(finding.verdict, "passed");
    });

    it("leave the page to clients with a certificate, and are such a client where they have one", async () => {
        const page = (stack: Known) =>
            runCheck(gatewayChecks, `productpage at ${HOST}`, stack, {
                ask: (_, { client }) => ({ status: client?.key === good.key ? 200 : 0 }),
            });
        assert.equal((await page(mutual)).verdict, "skipped");
        assert.equal((await page({ ...mutual, client: good })).verdict, "passed");
    });

    const certificate = async (kept: Pair, shown: Pair) =>
        runCheck(tlsChecks, `certificate of ${HOST}`, stack, { objects: secretWith(kept), ask: () => shows(shown) });

    it("pass a certificate for the host that is good for longer than a week", async () => {
        const finding = await certificate(good, good);
        assert.deepEqual(finding, { verdict: "passed", seen: "valid for 29 more days" });
    });

    const wrong: [what: string, pair: () => Promise<Pair>, said: RegExp][] = [
        [
            "expired",
            () => issue(HOST, 24, new Date("2025-01-01")),
            /^expired \d+ days ago.*The certificate has expired/s,
        ],
        ["ends soon", () => issue(HOST, 48), /expires soon/],
        [
            "for another host",
            () => issue("other.example.com", 24 * 30),
            /for DNS:other\.example\.com, not for bookinfo/,
        ],
    ];
    for (const [what, pair, said] of wrong) {
        it(`find a certificate that is ${what}`, async () => {
            const issued = await pair();
            const finding = await certificate(issued, issued);
            assert.equal(finding.verdict, "failed");
            assert.match([finding.seen, ...causesOf(finding)].join("\n"), said);
            assert.doesNotMatch(JSON.stringify(finding), /PRIVATE KEY|BEGIN/);
        });
    }

    it("find a gateway that shows another certificate than its Secret has", async () => {
        const finding = await certificate(good, await issue(HOST, 24 * 30));
        assert.deepEqual(causesOf(finding), ["The gateway shows another certificate than its Secret has."]);
    });

    it("find a missing Secret, and a gateway that serves no HTTPS", async () => {
        const name = `certificate of ${HOST}`;
        const missing = await runCheck(tlsChecks, name, stack, {});
        assert.deepEqual(causesOf(missing), ["The Secret own is missing."]);
        const silent = await runCheck(tlsChecks, name, stack, {
            objects: secretWith(good),
            ask: () => ({ error: "ECONNRESET" }),
        });
        assert.equal(silent.seen, "no handshake: ECONNRESET");
    });

    const redirects: [answer: Partial<Answer>, verdict: string][] = [
        [{ status: 301, headers: { location: `https://${HOST}/` } }, "passed"],
        [{ status: 301, headers: { location: `http://${HOST}/other` } }, "failed"],
        [{ status: 200 }, "failed"],
    ];
    for (const [answer, verdict] of redirects) {
        it(`HTTP: ${JSON.stringify(answer)} ${verdict}`, async () =>
            assert.equal(
                (await runCheck(tlsChecks, `HTTP at ${HOST}`, stack, { ask: () => answer })).verdict,
                verdict,
            ));
    }

    it("want no redirect of an Ingress, which serves HTTP beside HTTPS", async () => {
        const { gateway } = tls("simple");
        const names = namesOf(tlsChecks, await known({ gateway: { ...gateway, kind: "ingress" } }));
        assert.deepEqual(names, [`certificate of ${HOST}`, "HTTPS for other hosts"]);
    });

    it("want add-ons closed to plain HTTP", async () => {
        const addons = { prometheus: { enabled: true }, grafana: { enabled: true, host: "grafana.example.com" } };
        const withAddon = await known({ ...tls("simple"), addons });
        const at = (answer: Partial<Answer>) =>
            runCheck(tlsChecks, "HTTP at grafana.example.com", withAddon, { ask: () => answer });
        assert.equal((await at({ status: 404 })).verdict, "passed");
        assert.equal((await at({ error: "ECONNREFUSED" })).verdict, "passed");
        assert.match(causesOf(await at({ status: 302 })).join(), /served over plain HTTP/);
    });

    it("want a client without certificate refused", async () => {
        const name = `client without certificate at ${HOST}`;
        const ask = (answer: Partial<Answer>) => runCheck(tlsChecks, name, mutual, { ask: () => answer });
        assert.equal((await ask({ error: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED" })).verdict, "passed");
        assert.equal((await ask({ status: 200 })).verdict, "failed");
        assert.equal((await ask({ error: "ECONNREFUSED" })).verdict, "failed");
    });

    it("do not take a gateway that is down for one that asks for a certificate", async () => {
        const run = (error: string) =>
            runCheck(tlsChecks, `certificate of ${HOST}`, mutual, {
                objects: secretWith(good),
                ask: () => ({ error }),
            });
        assert.equal((await run("ECONNREFUSED")).verdict, "failed");
        assert.equal((await run("ECONNRESET")).verdict, "passed");
    });
});
