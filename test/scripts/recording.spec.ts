import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { stripVTControlCharacters, styleText } from "node:util";
import { RECORDING, recordingOf } from "../../scripts/generate-recording";
import { linesOf, recording } from "../../scripts/recording";
import { planOf } from "../stacks/plans";

const yellow = (text: string) => styleText("yellow", text, { validateStream: false });

describe("a recording", () => {
    const output = `├─ a   <b> & c\n${yellow("a warning\n  of two lines")}\nplain\n`;

    it("shows what was printed, spaces included", () => {
        const printed = stripVTControlCharacters(output).trimEnd().split("\n");
        assert.deepEqual(linesOf(recording("npm start", output)), printed);
    });

    it("keeps a colour over several lines", () => {
        const styled = recording("npm start", output)
            .split("\n")
            .map((line) => [line.includes('class="y"'), line.includes("two lines"), line.includes("plain")]);
        assert.ok(styled.some(([isYellow, isSecond]) => isYellow && isSecond));
        assert.ok(styled.some(([isYellow, , isPlain]) => !isYellow && isPlain));
    });

    it("asks nobody for anything, and is small enough for a README", () => {
        const svg = recording("npm start", output.repeat(40));
        assert.doesNotMatch(svg.replace("http://www.w3.org/2000/svg", ""), /https?:|href|<script|<image|@import/);
        assert.ok(svg.length < 100_000);
    });

    it("in the README is what `npm start` prints today", async () => {
        const kept = readFileSync(path.join(__dirname, "../..", RECORDING), "utf8");
        const today = recordingOf(await planOf("dev"));
        assert.deepEqual(linesOf(kept), linesOf(today), `${RECORDING} is stale: npm run generate:recording`);
        assert.ok(kept === today, `${RECORDING} is stale: npm run generate:recording`);
        assert.ok(kept.length < 100_000);
    });
});
