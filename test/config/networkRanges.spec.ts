import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { asDevStack, change, described, NEW_CLUSTER } from "./settings";

const ROLES = ["apiEndpoint", "workers", "loadBalancers", "pods"] as const;

/** A range of /24 to /28 by its first address and last, inside or outside 10.0.0.0/16. */
const range = fc
    .record({
        second: fc.constantFrom(0, 0, 0, 1),
        third: fc.nat(3),
        bits: fc.integer({ min: 24, max: 28 }),
        slot: fc.nat(15),
    })
    .map(({ second, third, bits, slot }) => {
        const size = 2 ** (32 - bits);
        const start = (slot % (256 / size)) * size;
        const first = second * 65536 + third * 256 + start;
        return { cidr: `10.${second}.${third}.${start}/${bits}`, first, last: first + size - 1, inside: second === 0 };
    });

describe("the ranges of any four subnets", () => {
    asDevStack();

    it("are accepted exactly if they lie in the VCN and apart", () => {
        fc.assert(
            fc.property(fc.tuple(range, range, range, range), (ranges) => {
                const subnets = Object.fromEntries(ROLES.map((role, index) => [role, ranges[index]?.cidr]));
                const one = change(NEW_CLUSTER, "network.subnets", subnets);
                // One node, so that nothing but the ranges can be wrong.
                const settings = change(change(one, "cluster.nodePools[0].size", 0), "bookinfo", { enabled: false });
                const problems = described(settings).filter((text) => /outside|overlaps/.test(text));
                const apart = ranges.every((a, i) =>
                    ranges.every((b, j) => i === j || a.last < b.first || b.last < a.first),
                );
                assert.equal(problems.length === 0, apart && ranges.every(({ inside }) => inside), problems.join("\n"));
            }),
            { numRuns: 100, seed: 42 },
        );
    });
});
