import { strict as assert } from "node:assert";
import { objectChecks } from "../../verify/checks/objects";
import { egressChecks } from "../../verify/checks/egress";
import { securityChecks } from "../../verify/checks/security";
import type { Ran, LiveObject } from "../../verify/cluster";
import { plannedObjects } from "../../verify/live";
import { causesOf, curled, known, namesOf, podsOfAll, pod, runCheck, said, type Known } from "./support/fakes";

const DENIED = curled(403, "RBAC: access denied");
const reset: Ran = { code: 56, stdout: "\n000 0.01", stderr: "curl: (56) Recv failure: Connection reset by peer" };
const unknownHost: Ran = { code: 6, stdout: "\n000 0.01", stderr: "curl: (6) Could not resolve host: details" };

describe("the checks of authorization", () => {
    let strict: Known;
    let open: Known;

    before(async () => {
        strict = await known({
            clients: { curl: true, legacy: true },
            security: {
                mtls: { mode: "STRICT" },
                authorization: { mode: "zero-trust", calls: { curl: ["reviews"] } },
            },
        });
        open = await known({ clients: { curl: true, legacy: true } });
    });

    const legacy = pod("curl-legacy", { app: "curl" });
    const outside = { ...legacy, metadata: { ...legacy.metadata, namespace: "legacy" } };

    /** Each sender has curl, and gets this answer. */
    const run = (name: string, stack: Known, answer: Ran) =>
        runCheck(securityChecks, name, stack, {
            objects: [...podsOfAll(stack.mesh.services), outside],
            exec: (_, command) => (command.includes("--version") ? said("curl 8") : answer),
        });

    it("are made for every caller at every other service, and for a client without sidecar", () => {
        const names = namesOf(securityChecks, strict);
        assert.ok(names.includes("curl calls ratings") && names.includes("ratings calls productpage"));
        assert.ok(!names.includes("ratings calls ratings"));
        assert.deepEqual(
            names.filter((name) => name.startsWith("a client without sidecar")),
            ["productpage", "details", "reviews", "ratings"].map((name) => `a client without sidecar calls ${name}`),
        );
    });

    const table: [name: string, isStrict: boolean, answer: Ran, verdict: string, said: RegExp][] = [
        ["curl calls reviews", true, curled(200), "passed", /^200/],
        ["curl calls reviews", true, curled(404), "passed", /^404/],
        [
            "curl calls reviews",
            true,
            DENIED,
            "failed",
            /An AuthorizationPolicy denied.*although the settings allow it/s,
        ],
        ["curl calls reviews", true, reset, "failed", /although the settings allow it/],
        ["curl calls ratings", true, DENIED, "passed", /^403 RBAC: access denied/],
        ["curl calls ratings", true, curled(200), "failed", /no policy of the settings allows it/],
        ["curl calls ratings", true, curled(403, "of the application"), "failed", /no policy/],
        ["curl calls ratings", false, curled(200), "passed", /^200/],
        ["curl calls ratings", false, DENIED, "failed", /AuthorizationPolicy denied/],
        ["curl calls ratings", false, unknownHost, "failed", /was not reached at all/],
        ["a client without sidecar calls details", true, reset, "passed", /^cut off: curl: \(56\)/],
        ["a client without sidecar calls details", true, curled(200), "failed", /mutual TLS is not required/],
        ["a client without sidecar calls details", true, DENIED, "failed", /mutual TLS is not required/],
        ["a client without sidecar calls details", true, unknownHost, "failed", /was not reached at all/],
        ["a client without sidecar calls details", false, curled(200), "passed", /^200/],
        ["a client without sidecar calls details", false, reset, "failed", /although the settings allow it/],
    ];
    for (const [name, isStrict, answer, verdict, pattern] of table) {
        it(`${isStrict ? "zero trust" : "open"}: ${name}: ${answer.stdout.trim() || answer.stderr}: ${verdict}`, async () => {
            const finding = await run(name, isStrict ? strict : open, answer);
            assert.equal(finding.verdict, verdict, finding.seen);
            assert.match([finding.seen, ...causesOf(finding)].join("\n"), pattern);
        });
    }

    it("are skipped where a caller has no curl", async () => {
        const fakes = { objects: podsOfAll(open.mesh.services), exec: () => said("", 127) };
        assert.deepEqual(await runCheck(securityChecks, "details calls ratings", open, fakes), {
            verdict: "skipped",
            seen: "no pod of details has curl",
        });
    });
});

describe("the checks of egress", () => {
    let stack: Known;

    before(async () => {
        const services = {
            "httpbin-ext": { hosts: ["httpbin.org"], ports: [{ port: 80, protocol: "HTTP" }], timeout: "3s" },
            google: { hosts: ["www.google.com"] },
            wild: { hosts: ["*.example.org"] },
        };
        stack = await known({ clients: { curl: true }, egress: { mode: "REGISTRY_ONLY", services } });
    });

    const TIMEOUT = "httpbin-ext: timeout";
    const BLOCKED = "HTTP to example.com, which is not listed";

    it("are made for hosts that can be asked, and for one that is not listed", () =>
        assert.deepEqual(namesOf(egressChecks, stack), [
            "httpbin-ext: HTTP to httpbin.org",
            "google: HTTPS to www.google.com",
            TIMEOUT,
            BLOCKED,
        ]));

    it("take the guide's host for one that is not listed where that is so", async () =>
        assert.deepEqual(
            namesOf(egressChecks, await known({ clients: { curl: true }, egress: { mode: "REGISTRY_ONLY" } })),
            ["HTTP to httpbin.org, which is not listed"],
        ));

    it("expect nothing blocked where all is allowed", async () =>
        assert.deepEqual(namesOf(egressChecks, await known({ clients: { curl: true } })), []));

    const table: [name: string, answer: Ran, verdict: string, said: RegExp][] = [
        ["google: HTTPS to www.google.com", curled(200), "passed", /^status 200/],
        ["google: HTTPS to www.google.com", curled(404), "passed", /^status 404/],
        ["google: HTTPS to www.google.com", reset, "failed", /not registered in the mesh/],
        ["httpbin-ext: HTTP to httpbin.org", curled(502), "failed", /not registered in the mesh/],
        ["httpbin-ext: HTTP to httpbin.org", curled(503, "no healthy upstream"), "failed", /no healthy pod/],
        [TIMEOUT, curled(504, "", 3.1), "passed", /^status 504 after 3\.1 s/],
        [TIMEOUT, curled(504, "", 4.5), "failed", /do not have this timeout/],
        [TIMEOUT, curled(200, "", 10.1), "failed", /do not have this timeout/],
        [BLOCKED, curled(502), "passed", /^502/],
        [BLOCKED, curled(200), "failed", /lets unlisted hosts through/],
        [BLOCKED, unknownHost, "skipped", /name server/],
    ];
    for (const [name, answer, verdict, pattern] of table) {
        it(`${name}: ${answer.stdout.trim()}: ${verdict}`, async () => {
            const finding = await runCheck(egressChecks, name, stack, {
                objects: podsOfAll(stack.mesh.services),
                exec: (_, command) => (command.includes("--version") ? said("curl 8") : answer),
            });
            assert.equal(finding.verdict, verdict, finding.seen);
            assert.match([finding.seen, ...causesOf(finding)].join("\n"), pattern);
        });
    }
});

describe("the check of objects", () => {
    const NAME = "objects that govern the mesh";
    let stack: Known;
    let objects: LiveObject[];

    before(async () => {
        stack = await known({ security: { mtls: { mode: "STRICT" } } });
        const planned = plannedObjects(stack.plan);
        const kinds = new Map(planned.map(({ apiVersion, kind }) => [kind, apiVersion.split("/")]));
        const definitions = [...kinds].map(([kind, [group, version]]): LiveObject => ({
            apiVersion: "apiextensions.k8s.io/v1",
            kind: "CustomResourceDefinition",
            metadata: { name: kind },
            spec: {
                ...{ group, scope: "Namespaced", names: { kind } },
                versions: [{ name: version, storage: true, schema: { openAPIV3Schema: {} } }],
            },
        }));
        objects = [...definitions, ...planned];
    });

    const run = (live: LiveObject[]) => runCheck(objectChecks, NAME, stack, { objects: live });

    it("passes the planned ones", async () => assert.match((await run(objects)).seen, /^\d+ as planned$/));

    it("names what istiod does not accept of the Gateway API", async () => {
        const routes = await known({ gateway: { kind: "gateway-api" } });
        const route = (status: string) => ({
            ...{ apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" },
            metadata: { name: "bookinfo", namespace: "bookinfo" },
            status: { parents: [{ conditions: [{ type: "ResolvedRefs", status, message: "no Service details" }] }] },
        });
        const judged = (status: string) =>
            runCheck(objectChecks, "Gateway API objects accepted", routes, { objects: [route(status)] });
        assert.deepEqual(await judged("True"), { verdict: "passed", seen: "1 accepted" });
        assert.deepEqual(causesOf(await judged("False")), [
            "HTTPRoute bookinfo/bookinfo is not ResolvedRefs: no Service details",
        ]);
    });

    it("names what is missing, changed and foreign", async () => {
        const changed = objects
            .filter(({ kind }) => kind !== "Gateway")
            .map((each) =>
                each.kind === "PeerAuthentication" ? { ...each, spec: { mtls: { mode: "DISABLE" } } } : each,
            );
        const peer = objects.find(({ kind }) => kind === "PeerAuthentication")!;
        const foreign = { ...peer, metadata: { name: "foreign", namespace: "bookinfo" } };
        const finding = await run([...changed, foreign]);
        assert.equal(finding.seen, "3 differences");
        assert.deepEqual(causesOf(finding), [
            "Gateway bookinfo/bookinfo-gateway (networking.istio.io) is missing.",
            "PeerAuthentication bookinfo/foreign (security.istio.io) is foreign.",
            "PeerAuthentication istio-system/default (security.istio.io) is changed at spec.mtls.mode.",
        ]);
    });
});
