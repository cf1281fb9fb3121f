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

    it("spares hosts that are answered within a wildcard that is not, or in parts", () => {
        const inner = { notHosts: ["x.a.com", "x.a.com:*"] };
        const other = sparingPreflights({ from }, [{ hosts: ["*"] }, { hosts: ["x.a.com"] }], ["*.a.com", "y.a.com"]);
        assert.deepEqual(other.slice(3), [
            { from, to: [{ operation: { hosts: ["y.a.com", "y.a.com:*"] } }] },
            { from, to: [{ operation: { hosts: ["*.a.com"], ...inner } }] },
        ]);
        const parts = [{ hosts: ["*.a.com"], paths: [{ exact: "/x" }] }, { hosts: ["x.a.com"] }];
        const [, , , , last] = sparingPreflights({ from }, parts, []);
        assert.deepEqual(last, { from, to: [{ operation: { hosts: ["*.a.com"], ...inner, notPaths: ["/x"] } }] });
    });

    const at = { hosts: ["a.com", "a.com:*"] };
    const inParts = (operation: object) =>
        sparingPreflights(
            { from, to: [{ operation }] },
            [
                {
                    hosts: ["a.com"],
                    paths: [{ prefix: "/api" }],
                    forwarded: [
                        { path: { prefix: "/api/in" }, except: [{ exact: "/api/in/x" }] },
                        { path: { exact: "/api/put" }, answered: ["PUT"] },
                    ],
                },
            ],
            [],
        ).slice(5);

    it("denies what goes on of a path that is answered", () => {
        assert.deepEqual(inParts({}), [
            { from, to: [{ operation: { ...at, paths: ["/api/in*"], notPaths: ["/api/in/x"] } }] },
            {
                from,
                to: [{ operation: { ...at, paths: ["/api/put"] } }],
                when: [{ key: "request.headers[access-control-request-method]", notValues: ["PUT"] }],
            },
        ]);
    });

    const paths: [own: string[], within: string[][]][] = [
        [["/api/*"], [["/api/in*"], ["/api/put"]]],
        [["/api/in/y"], [["/api/in/y"]]],
        [["/other/*"], []],
        // What no pattern could say is denied as a whole.
        [["*.json"], [["*.json"], ["*.json"]]],
        [["/api/{*}"], [["/api/{*}"], ["/api/{*}"]]],
    ];
    for (const [own, within] of paths) {
        it(`stays within its own paths ${own.join()}`, () => {
            assert.deepEqual(
                inParts({ paths: own }).map(({ to }) => to?.[0]?.operation?.paths),
                within,
            );
        });
    }
});
