import { strict as assert } from "node:assert";
import { assertFixable } from "./fixable";
import { described } from "./settings";

/** Settings that contradict each other, and the problems that they must give. */
export type Refused = [what: string, settings: Record<string, unknown>, problems: string[]][];

export type Accepted = [what: string, settings: Record<string, unknown>][];

/** A test for each: exactly these problems, and commands that fix them. */
export function refuse(table: Refused): void {
    for (const [what, settings, problems] of table) {
        it(`refuse ${what}`, () => {
            assert.deepEqual(described(settings), problems);
            assertFixable(settings);
        });
    }
}

/** A test for each: no problem at all. */
export function accept(table: Accepted): void {
    for (const [what, settings] of table) {
        it(`accept ${what}`, () => assert.deepEqual(described(settings), []));
    }
}
