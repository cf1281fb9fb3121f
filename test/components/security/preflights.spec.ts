import { strict as assert } from "node:assert";
import { sparingPreflights } from "../../../components/security/preflights";

const from = [{ source: { notRequestPrincipals: ["issuer/*"] } }];
const absent = (header: string) => ({ key: `request.headers[${header}]`, notValues: ["*"] });

describe("a rule that spares preflights", () => {
    it("is as it was without any", () => {
        assert.deepEqual(sparingPreflights({ from }, [], ["a.example.com"]), [{ from }]);
    });

    it("denies what is no OPTIONS, lacks a header of preflights, or is for another host", () => {
        assert.deepEqual(
            sparingPreflights({ from, to: [{ operation: { ports: ["80"] } }] }, [{ hosts: ["a.com"] }], []),
            [
                { from, to: [{ operation: { ports: ["80"], notMethods: ["OPTIONS"] } }] },
                { from, to: [{ operation: { ports: ["80"] } }], when: [absent("origin")] },
                { from, to: [{ operation: { ports: ["80"] } }], when: [absent("access-control-request-method")] },
                { from, to: [{ operation: { ports: ["80"], notHosts: ["a.com", "a.com:*"] } }] },
            ],
        );
    });

    it("keeps the methods that it is not for", () => {
        const operation = { notMethods: ["GET"] };
        const [first] = sparingPreflights({ from, to: [{ operation }] }, [{ hosts: ["a.com"] }], []);
        assert.deepEqual(first?.to, [{ operation: { notMethods: ["GET", "OPTIONS"] } }]);
    });

    it("keeps its own conditions", () => {
        const when = [{ key: "request.auth.claims[groups]", notValues: ["admins"] }];
        const rules = sparingPreflights({ when }, [{ hosts: ["*"] }], []);
        assert.deepEqual(
            rules.map((rule) => rule.when?.length),
            [1, 2, 2],
        );
    });

    it("denies at hosts of others that a wildcard would take in, and at the paths that are left", () => {
        const rules = sparingPreflights(
            { from },
            [{ hosts: ["*.a.com"], paths: [{ prefix: "/api" }] }],
            ["x.a.com", "b.com"],
        );
        assert.deepEqual(rules.slice(3), [
            { from, to: [{ operation: { notHosts: ["*.a.com"] } }] },
            { from, to: [{ operation: { hosts: ["x.a.com", "x.a.com:*"] } }] },
            { from, to: [{ operation: { hosts: ["*.a.com"], notPaths: ["/api*"] } }] },
        ]);
    });

    it("stays within the hosts it is for", () => {
        const operation = { hosts: ["b.com", "b.com:*"] };
        const rules = sparingPreflights({ to: [{ operation }] }, [{ hosts: ["a.com"], paths: [{ exact: "/x" }] }], []);
        // No rule for the paths of a.com: this one says nothing about a.com.
        assert.deepEqual(rules[3], { to: [{ operation: { ...operation, notHosts: ["a.com", "a.com:*"] } }] });
        assert.equal(rules.length, 4);
    });
});
