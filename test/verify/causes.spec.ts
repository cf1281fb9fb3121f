import { strict as assert } from "node:assert";
import { answerTrouble, troubleFrom } from "../../verify/answers";
import { notCreated, podTrouble, withoutSidecar } from "../../verify/causes";
import type { Pod } from "../../verify/pods";
import { pod } from "./support/fakes";

const waitingFor = (reason: string, message?: string): Partial<Pod> => ({
    status: {
        phase: "Pending",
        containerStatuses: [{ name: "main", ready: false, state: { waiting: { reason, message } } }],
    },
});

describe("why a pod does not serve", () => {
    const table: [what: string, changes: Partial<Pod>, said: RegExp, command: RegExp][] = [
        [
            "image auto, which injection replaces",
            {
                spec: { containers: [{ name: "istio-proxy", image: "auto" }] },
                ...waitingFor("ErrImagePull"),
            },
            /has the image "auto", which injection should have replaced/,
            /kubectl delete pod p -n bookinfo/,
        ],
        [
            "an image that cannot be pulled",
            waitingFor("ImagePullBackOff", "toomanyrequests"),
            /container main is waiting: ImagePullBackOff, toomanyrequests/,
            /describe pod p/,
        ],
        [
            "a container that crashes",
            waitingFor("CrashLoopBackOff"),
            /is waiting: CrashLoopBackOff/,
            /kubectl logs p -n bookinfo -c main --previous/,
        ],
        [
            "no node",
            {
                status: {
                    phase: "Pending",
                    conditions: [{ type: "PodScheduled", status: "False", message: "Insufficient cpu" }],
                },
            },
            /has no node: Insufficient cpu/,
            /describe pod p/,
        ],
        [
            "a node that cannot redirect traffic",
            {
                status: {
                    phase: "Pending",
                    initContainerStatuses: [
                        { name: "istio-init", ready: false, state: { waiting: { reason: "CrashLoopBackOff" } } },
                    ],
                },
            },
            /istio-init cannot redirect the pod's traffic/,
            /kubectl logs p -n bookinfo -c istio-init/,
        ],
        ["a start that is not over", waitingFor("PodInitializing"), /is not ready yet/, /describe pod p/],
    ];
    for (const [what, changes, said, command] of table) {
        it(`names ${what}`, () => {
            const [cause, ...others] = podTrouble(pod("p", {}, changes));
            assert.match(cause?.what ?? "", said);
            assert.match(cause?.command ?? "", command);
            assert.deepEqual(others, []);
        });
    }

    it("names a webhook that keeps pods from being created", async () => {
        const message =
            'Internal error occurred: failed calling webhook "namespace.sidecar-injector.istio.io": connection refused';
        const deployment = (name: string, app: string) => ({
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata: { name, namespace: "bookinfo" },
            spec: { template: { metadata: { labels: { app } } } },
            status: { conditions: [{ type: "ReplicaFailure", status: "True", message }] },
        });
        const list = () =>
            Promise.resolve([deployment("details-v1", "details"), deployment("other", "other")] as never);
        const [cause, ...others] = await notCreated({ list }, "bookinfo", { app: "details" });
        assert.match(cause?.what ?? "", /^details-v1 cannot create pods: .*failed calling webhook/);
        assert.match(cause?.fix ?? "", /istiod's webhook cannot be reached/);
        assert.deepEqual(others, []);
    });

    it("has nothing to say of a ready pod", () => assert.deepEqual(podTrouble(pod("p", {})), []));

    it("finds pods without sidecar, native or not", () => {
        const classic = pod("classic", {}, { spec: { containers: [{ name: "istio-proxy", image: "x" }] } });
        const bare = pod("bare", {}, { spec: { containers: [{ name: "main", image: "x" }] } });
        const found = withoutSidecar([pod("native", {}), classic, bare]);
        assert.deepEqual(
            found.map(({ what }) => what),
            ["bare has no sidecar."],
        );
    });
});

describe("why an answer is not as it should be", () => {
    const table: [status: number, body: string, flags: string[], said: RegExp[]][] = [
        [403, "RBAC: access denied", [], [/AuthorizationPolicy denied/]],
        [403, "Forbidden by the application", [], []],
        [503, "no healthy upstream", [], [/no healthy pod \(UH\)/]],
        [503, "upstream connect error or disconnect/reset before headers", [], [/could not connect/]],
        [503, "", ["UC"], [/closed the connection/]],
        [503, "no healthy upstream", ["UH"], [/no healthy pod/]],
        [404, "", ["NR"], [/No route fits/]],
        [503, "", ["NC"], [/does not exist \(NC\)/]],
        [503, "", ["UO"], [/circuit breaker/]],
        [503, "upstream connect error", ["UH"], [/no healthy pod/]],
        [503, "TLS_error:|268435581:CERTIFICATE_VERIFY_FAILED:TLS_error_end", ["UF"], [/handshake .* failed/, /UF/]],
        [503, "TLS_error:|268435703:WRONG_VERSION_NUMBER:TLS_error_end", ["UF"], [/in plain text/, /UF/]],
        [200, "fine", [], []],
        [500, "", ["UNKNOWN"], []],
    ];
    for (const [status, body, flags, said] of table) {
        it(`${status} "${body}" ${flags.join(",")}`, () => {
            const found = answerTrouble(status, body, flags);
            assert.equal(found.length, said.length);
            said.forEach((pattern, index) => assert.match(found[index]!.what, pattern));
            assert.ok(found.every(({ fix }) => fix.endsWith(".")));
        });
    }

    const lines: [format: string, line: string][] = [
        ["JSON", '{"path":"/x","response_flags":"UF,URX","user_agent":"tag"}'],
        ["text", '[2026-11-30T16:00:00.000Z] "GET /x HTTP/1.1" 503 UF,URX via_upstream - "-" 0 91 3 - "-" "tag" "id"'],
    ];
    for (const [format, line] of lines) {
        it(`is also told by the flags that the sending proxy logged, as ${format}`, async () => {
            const asked: string[] = [];
            const logs = ({ container }: { container: string }) => {
                asked.push(container);
                return Promise.resolve(`other line\n${line}\n`);
            };
            const from = { namespace: "bookinfo", pod: "curl", container: "curl" };
            const found = await troubleFrom({ logs }, from, { status: 503, body: "", tag: "tag" });
            assert.deepEqual(
                [asked, found.map(({ what }) => what)],
                [["istio-proxy"], ["The proxy could not connect to the service (UF)."]],
            );
        });
    }

    it("is not looked for in logs where the service itself answered", async () => {
        const logs = () => Promise.reject(new Error("not asked"));
        const from = { namespace: "bookinfo", pod: "curl", container: "curl" };
        assert.deepEqual(await troubleFrom({ logs }, from, { status: 500, body: "", tag: "tag" }), []);
    });
});
