import { join } from "node:path";
import type { Page } from "playwright-core";
import { asset, MERMAID } from "../../plan/report/html/assets";
import { escapedXml } from "../xml";
import { fingerprint, type Drawing } from "./pictures";

/** Prepares a page that draws. */
export async function prepare(page: Page): Promise<void> {
    await page.setContent(`<style>${asset("colours.css")}</style><main></main>`);
    await page.addScriptTag({ path: MERMAID });
    await page.addScriptTag({ content: asset("drawing.js") });
    await page.addScriptTag({ path: join(__dirname, "slim.js") });
    await page.evaluate(`drawing.prepare(mermaid, ${JSON.stringify(asset("pictures.css"))})`);
}

/** A picture as a file of its own: with colours for light and dark, title, description and the fingerprint of its source. */
export async function svgOf(page: Page, drawing: Drawing): Promise<string> {
    const drawn = `slim(mermaid, document.querySelector("main"), ${JSON.stringify(drawing.source)})`;
    const { content, width, height } = await page.evaluate<Record<"content" | "width" | "height", string>>(drawn);
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title about">`,
        `<title id="title">${escapedXml(drawing.title)}</title>`,
        `<desc id="about">${escapedXml(drawing.about)}</desc>`,
        `<metadata>${fingerprint(drawing)}</metadata>`,
        `<style>${compact(asset("colours.css") + asset("pictures.css"))}</style>`,
        `<rect class="sheet" width="${width}" height="${height}" rx="10"/>`,
        content,
        "</svg>",
        "",
    ].join("\n");
}

function compact(css: string): string {
    return css
        .replace(/\/\*[\s\S]*?\*\//g, "")
        .replace(/\s+/g, " ")
        .replace(/ ?([{};:,]) ?/g, "$1")
        .trim();
}
