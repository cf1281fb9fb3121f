import { strict as assert } from "node:assert";
import type { LiveObject } from "../../verify/cluster";
import { findDrift, type Drift } from "../../verify/drift";
import { renderDrift } from "../../verify/driftReport";

const object = (kind: string, spec: unknown, metadata: object = {}, group = "security.istio.io"): LiveObject => ({
    apiVersion: `${group}/v1`,
    kind,
    metadata: { name: "default", namespace: "bookinfo", ...metadata },
    spec,
});

const POLICY = object("AuthorizationPolicy", { rules: [{ to: [{ operation: { methods: ["GET"] } }] }] });

const lines = (drift: Drift[]): string[] =>
    drift.map((each) =>
        each.finding === "changed"
            ? `${each.object} ${each.path}: ${JSON.stringify(each.planned)} -> ${JSON.stringify(each.live)}`
            : `${each.object} ${each.finding}`,
    );

/** What refresh does not see (shared facts: nothing that was added to a list or to an object). */
const ADDED: [what: string, planned: LiveObject, live: LiveObject, found: string][] = [
    [
        "a rule that allows everything",
        POLICY,
        object("AuthorizationPolicy", { rules: [{ to: [{ operation: { methods: ["GET"] } }] }, {}] }),
        "AuthorizationPolicy bookinfo/default (security.istio.io) spec.rules[1]: undefined -> {}",
    ],
    [
        "a selector on a PeerAuthentication for all",
        object("PeerAuthentication", { mtls: { mode: "STRICT" } }),
        object("PeerAuthentication", { mtls: { mode: "STRICT" }, selector: { matchLabels: { app: "none" } } }),
        'PeerAuthentication bookinfo/default (security.istio.io) spec.selector: undefined -> {"matchLabels":{"app":"none"}}',
    ],
    [
        "an annotation that only logs what a policy would do",
        POLICY,
        { ...POLICY, metadata: { ...POLICY.metadata, annotations: { "istio.io/dry-run": "true" } } },
        'AuthorizationPolicy bookinfo/default (security.istio.io) annotations.istio.io/dry-run: undefined -> "true"',
    ],
    [
        "a server of a Gateway",
        object("Gateway", { servers: [{ hosts: ["a.example.com"] }] }, {}, "networking.istio.io"),
        object("Gateway", { servers: [{ hosts: ["a.example.com"] }, { hosts: ["*"] }] }, {}, "networking.istio.io"),
        'Gateway bookinfo/default (networking.istio.io) spec.servers[1]: undefined -> {"hosts":["*"]}',
    ],
    [
        "a traffic policy that turns mutual TLS off",
        object("DestinationRule", { host: "ratings" }, {}, "networking.istio.io"),
        object(
            "DestinationRule",
            { host: "ratings", trafficPolicy: { tls: { mode: "DISABLE" } } },
            {},
            "networking.istio.io",
        ),
        'DestinationRule bookinfo/default (networking.istio.io) spec.trafficPolicy: undefined -> {"tls":{"mode":"DISABLE"}}',
    ],
    [
        "a rule of a NetworkPolicy",
        object("NetworkPolicy", { ingress: [] }, {}, "networking.k8s.io"),
        object("NetworkPolicy", { ingress: [{}] }, {}, "networking.k8s.io"),
        "NetworkPolicy bookinfo/default (networking.k8s.io) spec.ingress[0]: undefined -> {}",
    ],
];

describe("findDrift", () => {
    it("finds nothing if the cluster has what is planned", () => assert.deepEqual(findDrift([POLICY], [POLICY]), []));

    for (const [what, planned, live, found] of ADDED) {
        it(`sees ${what}`, () => assert.deepEqual(lines(findDrift([planned], [live])), [found]));
    }

    it("reports what is missing and what is not planned", () => {
        const own = object("AuthorizationPolicy", {}, { name: "own" });
        const foreign = object("AuthorizationPolicy", {}, { name: "foreign" });
        assert.deepEqual(lines(findDrift([own], [foreign])), [
            "AuthorizationPolicy bookinfo/foreign (security.istio.io) foreign",
            "AuthorizationPolicy bookinfo/own (security.istio.io) missing",
        ]);
    });

    it("distinguishes kinds of the same name by their group", () => {
        const ofIstio = object("Gateway", {}, {}, "networking.istio.io");
        const ofKubernetes = object("Gateway", {}, {}, "gateway.networking.k8s.io");
        assert.deepEqual(lines(findDrift([ofIstio], [ofIstio, ofKubernetes])), [
            "Gateway bookinfo/default (gateway.networking.k8s.io) foreign",
        ]);
    });

    it("sees a changed value and a removed one", () => {
        const live = object("AuthorizationPolicy", { action: "DENY", rules: [{ to: [{ operation: {} }] }] });
        assert.deepEqual(lines(findDrift([POLICY], [live])), [
            'AuthorizationPolicy bookinfo/default (security.istio.io) spec.action: undefined -> "DENY"',
            'AuthorizationPolicy bookinfo/default (security.istio.io) spec.rules[0].to[0].operation.methods: ["GET"] -> undefined',
        ]);
    });

    it("accepts any value for an unknown one, and only there", () => {
        const planned = object("ServiceEntry", { hosts: ["known-after-apply"], ports: [80] });
        assert.deepEqual(findDrift([planned], [object("ServiceEntry", { hosts: ["a.example.com"], ports: [80] })]), []);
        assert.equal(findDrift([planned], [object("ServiceEntry", { hosts: ["a", "b"], ports: [80] })]).length, 1);
    });

    it("adds what the API server fills in, at every depth, and only where it is missing", () => {
        const schemas = {
            "security.istio.io/Route": {
                properties: {
                    parents: { items: { properties: { kind: { default: "Gateway" } } } },
                    weight: { default: 1 },
                },
            },
        };
        const planned = object("Route", { parents: [{ name: "a" }, { kind: "Service" }] });
        const live = object("Route", { parents: [{ name: "a", kind: "Gateway" }, { kind: "Service" }], weight: 1 });
        assert.deepEqual(findDrift([planned], [live], schemas), []);
        assert.deepEqual(
            lines(findDrift([planned], [object("Route", { ...(live.spec as object), weight: 2 })], schemas)),
            ["Route bookinfo/default (security.istio.io) spec.weight: 1 -> 2"],
        );
    });

    it("ignores annotations of tools that apply objects", () => {
        const live = {
            ...POLICY,
            metadata: {
                ...POLICY.metadata,
                labels: { "app.kubernetes.io/managed-by": "pulumi" },
                annotations: {
                    "kubectl.kubernetes.io/last-applied-configuration": "{}",
                    "pulumi.com/patchForce": "true",
                },
            },
        };
        assert.deepEqual(findDrift([POLICY], [live]), []);
    });
});

describe("the report of drift", () => {
    it("has a line for each object, with what was planned and what is", () => {
        const other = object("AuthorizationPolicy", {}, { name: "try-it" });
        const gone = object("AuthorizationPolicy", {}, { name: "gone" });
        const changed = object("AuthorizationPolicy", { rules: [{}] });
        assert.equal(
            renderDrift(findDrift([POLICY, gone], [changed, other]), 2, "dev"),
            `~ AuthorizationPolicy bookinfo/default (security.istio.io)
    spec.rules[0].to: planned [{"operation":{"methods":["GET"]}}], is nothing
- AuthorizationPolicy bookinfo/gone (security.istio.io): missing
+ AuthorizationPolicy bookinfo/try-it (security.istio.io): not planned

Undo or adopt each of them: docs/operations.md#drift`,
        );
    });

    it("says so where there is none", () =>
        assert.equal(
            renderDrift([], 17, "dev"),
            "The cluster has the 17 planned objects of dev, unchanged, and no others of their kinds.",
        ));
});
