import { strict as assert } from "node:assert";
import { serviceChecks } from "../../verify/checks/services";
import type { LiveObject } from "../../verify/cluster";
import {
    causesOf,
    curled,
    known,
    namesOf,
    pod,
    podsOfAll,
    runCheck,
    said,
    type Fakes,
    type Known,
} from "./support/fakes";

const slice = (service: string, ready = true): LiveObject => ({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: `${service}-1`, namespace: "bookinfo", labels: { "kubernetes.io/service-name": service } },
    ...{ endpoints: [{ conditions: { ready } }] },
});

const TITLE = "Bookinfo's page from inside";
const PAGE = "<html><title>Simple Bookstore App</title></html>";

describe("the checks of services", () => {
    let stack: Known;

    before(async () => (stack = await known({ clients: { curl: true } })));

    it("are one for each service, and the page", () =>
        assert.deepEqual(namesOf(serviceChecks, stack), [
            "productpage",
            "details",
            "reviews",
            "ratings",
            "curl",
            TITLE,
        ]));

    it("ask for no page without Bookinfo", async () =>
        assert.deepEqual(
            namesOf(serviceChecks, await known({ bookinfo: { enabled: false }, clients: { curl: true } })),
            ["curl"],
        ));

    const details = pod("details-v1", { app: "details", version: "v1" });
    const table: [what: string, objects: LiveObject[], verdict: string, said: RegExp][] = [
        [
            "ready pods behind the Service",
            [details, slice("details")],
            "passed",
            /1 of 1 pods ready, 1 with sidecar, 1 behind/,
        ],
        ["no pod", [], "failed", /No pod in bookinfo has the labels app=details/],
        [
            "a pod on its way out alone",
            [{ ...details, metadata: { ...details.metadata, deletionTimestamp: "now" } }],
            "failed",
            /No pod/,
        ],
        ["a Service that selects nothing", [details], "failed", /The Service details selects no ready pod/],
        [
            "a Service of which Kubernetes says null",
            [details, { ...slice("details"), ...{ endpoints: null } }],
            "failed",
            /selects no ready pod/,
        ],
        ["an endpoint that is not ready", [details, slice("details", false)], "failed", /selects no ready pod/],
        [
            "a pod without sidecar",
            [{ ...details, spec: { containers: [{ name: "main", image: "x" }] } }, slice("details")],
            "failed",
            /details-v1 has no sidecar/,
        ],
        [
            "a pod that is not ready",
            [{ ...details, status: { phase: "Running", conditions: [] } }],
            "failed",
            /details-v1 is not ready yet/,
        ],
    ];
    for (const [what, objects, verdict, pattern] of table) {
        it(`${what}: ${verdict}`, async () => {
            const finding = await runCheck(serviceChecks, "details", stack, { objects });
            assert.equal(finding.verdict, verdict, finding.seen);
            assert.match([finding.seen, ...causesOf(finding)].join("\n"), pattern);
        });
    }

    const title = (exec: Fakes["exec"], of = stack) =>
        runCheck(serviceChecks, TITLE, of, { objects: podsOfAll(of.mesh.services), exec });

    it("fetch the page from ratings, as the guide does", async () => {
        const asked: string[] = [];
        const finding = await title(({ pod: name }, command) => {
            asked.push(`${name} ${command.at(-1)}`);
            return curled(200, PAGE);
        });
        assert.deepEqual(finding, { verdict: "passed", seen: "<title>Simple Bookstore App</title>" });
        assert.equal(asked.at(-1), "ratings-v1 http://productpage:9080/productpage");
    });

    it("fail for another page or none", async () => {
        assert.equal((await title(() => curled(200, "<title>Other</title>"))).verdict, "failed");
        const finding = await title(() => curled(503, "no healthy upstream"));
        assert.match(causesOf(finding).join(), /no healthy pod/);
    });

    it("skip it without curl, but not where the cluster does not answer", async () => {
        assert.equal((await title(() => said("", 127))).verdict, "skipped");
        await assert.rejects(
            title(() => Promise.reject(new Error("no answer within 20 s: curl"))),
            /no answer within 20 s/,
        );
    });

    it("take a refusal for right where policies refuse ratings, and nowhere else", async () => {
        const refused = () => curled(403, "RBAC: access denied");
        assert.equal((await title(refused)).verdict, "failed");
        const strict = await known({ security: { mtls: { mode: "STRICT" }, authorization: { mode: "zero-trust" } } });
        assert.equal((await title(refused, strict)).verdict, "passed");
    });
});
