import { strict as assert } from "node:assert";
import { featurePairs, FORMS, isAllowed } from "./features";
import { allPairs, pairsOf } from "./pairs";

describe("allPairs", () => {
    const forms = { color: ["red", "green", "blue"], size: ["s", "l"], sold: ["yes", "no"] };
    const meets = (rows: Record<string, string>[]) =>
        pairsOf(forms).filter(
            ([one, other]) => !rows.some((row) => row[one.feature] === one.form && row[other.feature] === other.form),
        );

    it("lets every two forms meet", () => {
        const rows = allPairs(forms, () => true);
        assert.deepEqual(meets(rows), []);
        assert.equal(rows.length, 6);
    });

    it("leaves out what is refused, and nothing else", () => {
        const rows = allPairs(forms, ({ color, size }) => !(color === "red" && size === "s"));
        assert.deepEqual(meets(rows), [
            [
                { feature: "color", form: "red" },
                { feature: "size", form: "s" },
            ],
        ]);
    });

    it("gives up on a pair that no combination has room for", () => {
        const rows = allPairs(forms, ({ color, sold }) => color !== "blue" || sold === undefined);
        assert.ok(rows.length > 0);
        assert.deepEqual(
            rows.filter(({ color }) => color === "blue"),
            [],
        );
    });
});

describe("features of a mesh", () => {
    it("meet each other in pairs, except those that are refused together", () => {
        const rows = featurePairs();
        const apart = pairsOf(FORMS).filter(
            ([one, other]) => !rows.some((row) => row[one.feature] === one.form && row[other.feature] === other.form),
        );
        const allowed = apart.filter(([one, other]) =>
            isAllowed({ [one.feature]: one.form, [other.feature]: other.form }),
        );
        assert.deepEqual(allowed, []);
        assert.deepEqual(
            rows.filter((row) => !isAllowed(row)),
            [],
        );
    });
});
