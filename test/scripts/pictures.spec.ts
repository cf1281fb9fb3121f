import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FILES } from "../../scripts/pictures/pictures";
import { pictureProblem } from "../support/pictures";
import { SCENARIO_NAMES } from "../../mesh/scenarios";

const docs = join(__dirname, "../../docs");
const read = (file: string) => readFileSync(join(docs, file), "utf8");

const PAGES = ["../README.md", "architecture.md", "network.md", "walkthrough.md", "walkthrough-security.md"];

/** A picture as Markdown, with a text for those who do not see it. */
const IMAGE = /!\[([^\]]{10,})\]\((?:docs\/)?pictures\/([\w-]+)\.svg\)/g;

const MOST_BYTES = 60_000;

describe("the pictures of the documentation", () => {
    const scenarios = new Set(SCENARIO_NAMES.map((name) => `walkthrough-${name}`));
    // test/stacks/scenarios.spec.ts has the plans of the scenarios, and looks at their pictures.
    for (const file of FILES.filter((each) => !scenarios.has(each))) {
        it(`shows today's plan: ${file}`, async () => assert.equal(await pictureProblem(file), undefined));
    }

    it("are those that are drawn, and each stands on a page", () => {
        const shown = new Set(PAGES.flatMap((page) => [...read(page).matchAll(IMAGE)].map(([, , file]) => file!)));
        const others = readdirSync(join(docs, "pictures")).filter((name) => !FILES.includes(name.replace(".svg", "")));
        assert.deepEqual(others, ["npm-start.svg"]);
        assert.deepEqual(
            FILES.filter((file) => !shown.has(file)),
            [],
        );
    });

    it("are small, and plain SVG with a title: other viewers than browsers show them", () => {
        for (const file of FILES) {
            const svg = read(`pictures/${file}.svg`);
            assert.ok(svg.length < MOST_BYTES, `${file}: ${svg.length}`);
            assert.match(
                svg,
                /^<svg [^>]*role="img"[^>]*>\n<title id="title">.+<\/title>\n<desc id="about">.+<\/desc>/,
            );
            assert.doesNotMatch(svg, /<foreignObject|<script|https?:\/\/(?!www\.w3\.org)/, file);
        }
    });
});
