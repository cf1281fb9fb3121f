import { strict as assert } from "node:assert";
import { answerTrouble, podTrouble, withoutSidecar } from "../../verify/causes";
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
});
