/** Draws docs/pictures/*.svg with Chromium: `npm run generate:pictures`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { record } from "../plan/record/record";
import { chromiumPath, INSTALL, startChromium } from "./pictures/browser";
import { drawingOf, FILES } from "./pictures/pictures";
import { prepare, svgOf } from "./pictures/svg";

async function main(): Promise<void> {
    const path = chromiumPath();
    if (path === undefined) {
        throw new Error(`No browser draws the pictures: ${INSTALL}`);
    }
    const browser = await startChromium(path);
    try {
        const page = await browser.newPage();
        await prepare(page);
        for (const file of FILES) {
            const svg = await svgOf(page, await drawingOf(file, record));
            writeFileSync(join(__dirname, "../docs/pictures", `${file}.svg`), svg);
        }
    } finally {
        await browser.close();
    }
}

void main();
