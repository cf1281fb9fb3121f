import { strict as assert } from "node:assert";
import { FALSE_ALARMS, isUnlikely, REQUESTS } from "../../verify/binomial";

/** Probability of each count, by multiplication: another way than the product's. */
function probabilities(requests: number, share: number): number[] {
    let row = [1];
    for (let sent = 0; sent < requests; sent++) {
        const next = new Array<number>(row.length + 1).fill(0);
        row.forEach((probability, count) => {
            next[count]! += probability * (1 - share);
            next[count + 1]! += probability * share;
        });
        row = next;
    }
    return row;
}

/** How often a share is called wrong where requests really have another one. */
function alarms(share: number, real: number, level: number, requests = REQUESTS): number {
    return probabilities(requests, real)
        .filter((_, count) => isUnlikely(count, requests, share, level))
        .reduce((sum, probability) => sum + probability, 0);
}

const SHARES = [0.01, 0.05, 0.1, 0.2, 0.25, 1 / 3, 0.5, 0.8, 0.9, 0.99];

describe("the test of shares", () => {
    for (const shares of [1, 2, 6, 20]) {
        it(`reports at most one right run in ten thousand, with ${shares} shares in a run`, () => {
            for (const share of SHARES) {
                const one = alarms(share, share, FALSE_ALARMS / shares);
                assert.ok(one * shares <= 1e-4, `${share}: ${one * shares}`);
            }
        });
    }

    it("finds what is off by 20 points in nine of ten runs, with up to six shares in a run", () => {
        for (const share of SHARES) {
            for (const real of [share - 0.2, share + 0.2].filter((each) => each >= 0 && each <= 1)) {
                const found = alarms(share, real, FALSE_ALARMS / 6);
                assert.ok(found > 0.9, `${share} is ${real}: found in ${found}`);
            }
        }
    });

    it("does not promise to find 10 points of 50", () => assert.ok(alarms(0.5, 0.6, FALSE_ALARMS / 2) < 0.2));

    it("holds in a simulation of a hundred thousand runs", () => {
        let state = 20261128;
        // https://en.wikipedia.org/wiki/Linear_congruential_generator, with the numbers of Numerical Recipes.
        const random = () => (state = (1664525 * state + 1013904223) % 2 ** 32) / 2 ** 32;
        const level = FALSE_ALARMS / 2;
        const isAlarm = Array.from({ length: REQUESTS + 1 }, (_, count) => isUnlikely(count, REQUESTS, 0.5, level));
        let wrong = 0;
        for (let run = 0; run < 100_000; run++) {
            let count = 0;
            for (let sent = 0; sent < REQUESTS; sent++) {
                count += random() < 0.5 ? 1 : 0;
            }
            wrong += isAlarm[count] ? 1 : 0;
        }
        // Expected are 5; more than 15 would come once in ten thousand seeds.
        assert.ok(wrong <= 15, `${wrong} of 100000`);
    });

    it("takes shares of nothing and everything exactly", () => {
        assert.equal(isUnlikely(0, 20, 0, 1e-4), false);
        assert.equal(isUnlikely(1, 20, 0, 1e-4), true);
        assert.equal(isUnlikely(20, 20, 1, 1e-4), false);
        assert.equal(isUnlikely(19, 20, 1, 1e-4), true);
    });

    it("does not lose its precision with many requests", () => {
        assert.equal(isUnlikely(5_000, 10_000, 0.5, 1e-4), false);
        assert.equal(isUnlikely(5_300, 10_000, 0.5, 1e-4), true);
    });
});
