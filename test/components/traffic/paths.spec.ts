import { strict as assert } from "node:assert";
import { covers, straddles, within } from "../../../components/traffic/paths";
import type { TextMatch } from "../../../components/traffic/serviceTraffic";

const exact = (text: string): TextMatch => ({ exact: text });
const prefix = (text: string): TextMatch => ({ prefix: text });
const regex = (text: string): TextMatch => ({ regex: text });

const covered: [outer: TextMatch, inner: TextMatch, expected: boolean][] = [
    [exact("/a"), exact("/a"), true],
    [exact("/a"), exact("/ab"), false],
    [exact("/a"), prefix("/a"), false],
    [prefix("/a"), exact("/ab"), true],
    [prefix("/a"), prefix("/a/b"), true],
    [prefix("/a/b"), prefix("/a"), false],
    [prefix("/a"), regex("/a/[0-9]+"), true],
    [prefix("/a"), regex("/ab?"), true],
    [prefix("/ab"), regex("/ab?"), false],
    [prefix("/ab"), regex("/ab*"), false],
    [prefix("/ab"), regex("/ab+"), true],
    [prefix("/a"), regex("/a|/b"), false],
    [prefix("/a"), regex("/a/((b|c)|d)"), true],
    [prefix("/a"), regex("/a[(|]"), true],
    [prefix("/a"), regex("(?i)/a"), false],
    [regex("/a/[0-9]+"), exact("/a/12"), true],
    [regex("/a/[0-9]+"), exact("/a/x"), false],
    // Only the whole text counts, as in Envoy.
    [regex("/a"), exact("/ab"), false],
    [regex(".*"), prefix("/a"), true],
    [regex(".*"), regex("/b+"), true],
    [regex("/b+"), regex("/b+"), true],
    [regex("/b.*"), regex("/b+"), false],
];

describe("covers", () => {
    for (const [outer, inner, expected] of covered) {
        it(`${JSON.stringify(outer)} takes ${expected ? "all" : "not all"} of ${JSON.stringify(inner)}`, () => {
            assert.equal(covers(outer, inner), expected);
        });
    }
});

const open = [prefix("/cart"), exact("/health")];

const limited: [paths: TextMatch[] | undefined, expected: TextMatch[]][] = [
    [undefined, open],
    [[prefix("/")], open],
    [[prefix("/c")], [prefix("/cart")]],
    [
        [prefix("/cart/big"), exact("/health")],
        [prefix("/cart/big"), exact("/health")],
    ],
    [[exact("/health"), prefix("/h")], [exact("/health")]],
    [[exact("/admin"), prefix("/admin")], []],
    [[regex("/health|/admin")], [exact("/health")]],
    [[regex("/cart/[0-9]+")], [regex("/cart/[0-9]+")]],
];

describe("within", () => {
    for (const [paths, expected] of limited) {
        it(`leaves ${JSON.stringify(expected)} of ${JSON.stringify(paths ?? "everything")}`, () => {
            assert.deepEqual(within(open, paths), expected);
        });
    }
});

describe("straddles", () => {
    for (const [pattern, expected] of Object.entries({
        "/c.*": true,
        "/cart/.*": false,
        "/admin/.*": false,
        ".*": false,
        "/.*": true,
    })) {
        it(`${pattern}: ${expected}`, () => assert.equal(straddles(regex(pattern), open), expected));
    }

    it("never tells of what is no pattern", () => assert.equal(straddles(prefix("/"), open), false));
});
