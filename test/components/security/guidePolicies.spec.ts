import { strict as assert } from "node:assert";
import { guidePolicies } from "../../../components/security/guidePolicies";
import { peerPolicies, type MtlsArgs } from "../../../components/security/peerAuthentication";
import { SecurityPolicies, type SecurityPoliciesArgs } from "../../../components/security/securityPolicies";
import type { Plan } from "../../../plan/model";
import { dependsOn, ofType, one } from "../../../plan/query";
import { record } from "../../../plan/record/record";
import { validateIstio } from "../../support/istioSchemas";

const ALL = ["productpage", "details", "reviews", "ratings"] as const;
const nothing: SecurityPoliciesArgs = {
    mtls: { mode: "PERMISSIVE", namespaces: {}, workloads: [] },
    policies: [],
    tokens: [],
};

function planned(args: Partial<SecurityPoliciesArgs>): Promise<Plan> {
    return record({}, () => void new SecurityPolicies("security", { ...nothing, ...args }, {}));
}

/** The guide's text, in the API version of today and in Bookinfo's namespace. */
const GUIDE: Record<string, object> = {
    "allow-nothing": {},
    "productpage-viewer": {
        selector: { matchLabels: { app: "productpage" } },
        action: "ALLOW",
        rules: [{ to: [{ operation: { methods: ["GET"] } }] }],
    },
    "details-viewer": {
        selector: { matchLabels: { app: "details" } },
        action: "ALLOW",
        rules: [
            {
                from: [{ source: { principals: ["cluster.local/ns/bookinfo/sa/bookinfo-productpage"] } }],
                to: [{ operation: { methods: ["GET"] } }],
            },
        ],
    },
    "reviews-viewer": {
        selector: { matchLabels: { app: "reviews" } },
        action: "ALLOW",
        rules: [
            {
                from: [{ source: { principals: ["cluster.local/ns/bookinfo/sa/bookinfo-productpage"] } }],
                to: [{ operation: { methods: ["GET"] } }],
            },
        ],
    },
    "ratings-viewer": {
        selector: { matchLabels: { app: "ratings" } },
        action: "ALLOW",
        rules: [
            {
                from: [{ source: { principals: ["cluster.local/ns/bookinfo/sa/bookinfo-reviews"] } }],
                to: [{ operation: { methods: ["GET"] } }],
            },
        ],
    },
};

describe("the guide's authorization policies", () => {
    let plan: Plan;

    before(async () => {
        plan = await planned({ policies: guidePolicies("bookinfo", "cluster.local", [...ALL]) });
    });

    for (const [name, spec] of Object.entries(GUIDE)) {
        it(`${name} is as in its text`, () => {
            assert.deepEqual(one(plan, "AuthorizationPolicy", `security-bookinfo.${name}`).inputs, {
                apiVersion: "security.istio.io/v1",
                kind: "AuthorizationPolicy",
                metadata: { name, namespace: "bookinfo" },
                spec,
            });
        });
    }

    it("have one policy beside them, for signing in and for HEAD", () => {
        const others = ofType(plan, "AuthorizationPolicy").filter(
            ({ name }) => !(name.replace("security-bookinfo.", "") in GUIDE),
        );
        assert.deepEqual(
            others.map(({ name, inputs }) => [name, inputs.spec]),
            [
                [
                    "security-bookinfo.productpage-browsing",
                    {
                        selector: { matchLabels: { app: "productpage" } },
                        action: "ALLOW",
                        rules: [
                            {
                                to: [
                                    { operation: { methods: ["POST"], paths: ["/login"] } },
                                    { operation: { methods: ["HEAD"] } },
                                ],
                            },
                        ],
                    },
                ],
            ],
        );
    });

    it("are valid by Istio's schema", () => {
        const problems = ofType(plan, "AuthorizationPolicy").flatMap(({ inputs }) =>
            validateIstio(inputs as unknown as Parameters<typeof validateIstio>[0]),
        );
        assert.deepEqual(problems, []);
    });

    // The other way round, requests would be refused while policies are on their way, in either direction.
    it("allow before everything else is denied, so that no request is refused on the way", () => {
        const deny = one(plan, "AuthorizationPolicy", "security-bookinfo.allow-nothing");
        const allow = ofType(plan, "AuthorizationPolicy").filter(({ urn }) => urn !== deny.urn);
        assert.equal(allow.length, 5);
        for (const policy of allow) {
            assert.ok(dependsOn(plan, deny, policy), policy.name);
        }
    });

    it("come step by step, as the guide applies them", () => {
        const names = (viewers: (typeof ALL)[number][]) =>
            guidePolicies("bookinfo", "cluster.local", viewers).map(({ name }) => name);
        assert.deepEqual(names([]), ["allow-nothing"]);
        assert.deepEqual(names(["productpage"]), ["allow-nothing", "productpage-viewer", "productpage-browsing"]);
        assert.deepEqual(names(["details"]), ["allow-nothing", "details-viewer"]);
    });

    it("name callers by the mesh's own trust domain and the application's namespace", () => {
        const ratings = guidePolicies("shop", "mesh.example.com", ["ratings"])[1];
        assert.deepEqual(ratings?.spec.rules?.[0]?.from, [
            { source: { principals: ["mesh.example.com/ns/shop/sa/bookinfo-reviews"] } },
        ]);
    });
});

describe("the guide's mutual TLS", () => {
    it("STRICT is the PeerAuthentication of its text", async () => {
        const plan = await planned({ mtls: { mode: "STRICT", namespaces: {}, workloads: [] } });
        assert.deepEqual(one(plan, "PeerAuthentication").inputs, {
            apiVersion: "security.istio.io/v1",
            kind: "PeerAuthentication",
            metadata: { name: "default", namespace: "istio-system" },
            spec: { mtls: { mode: "STRICT" } },
        });
    });

    it("PERMISSIVE is none, as the guide goes back by deleting it", async () => {
        assert.deepEqual(ofType(await planned({}), "PeerAuthentication"), []);
    });

    it("differs by namespace, workload and port where that is asked for", async () => {
        const selector = { app: "httpbin" };
        const workload = { name: "httpbin", namespace: "bookinfo", selector };
        const mtls: MtlsArgs = {
            mode: "PERMISSIVE",
            namespaces: { bookinfo: "STRICT" },
            workloads: [
                { ...workload, mode: "STRICT", ports: { 8080: "DISABLE", 9090: "PERMISSIVE" } },
                { ...workload, name: "curl", selector: { app: "curl" }, ports: { 80: "PERMISSIVE" } },
            ],
        };
        assert.deepEqual(peerPolicies(mtls), [
            { name: "default", namespace: "bookinfo", spec: { mtls: { mode: "STRICT" } } },
            {
                name: "httpbin",
                namespace: "bookinfo",
                spec: {
                    selector: { matchLabels: selector },
                    mtls: { mode: "STRICT" },
                    portLevelMtls: { 8080: { mode: "DISABLE" }, 9090: { mode: "PERMISSIVE" } },
                },
            },
            {
                name: "curl",
                namespace: "bookinfo",
                spec: { selector: { matchLabels: { app: "curl" } }, portLevelMtls: { 80: { mode: "PERMISSIVE" } } },
            },
        ]);
        const plan = await planned({ mtls });
        const problems = ofType(plan, "PeerAuthentication").flatMap(({ inputs }) =>
            validateIstio(inputs as unknown as Parameters<typeof validateIstio>[0]),
        );
        assert.deepEqual(problems, []);
    });
});
