import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { chromiumPath, INSTALL, startChromium } from "../../scripts/pictures/browser";
import { HOSTILE, PAGES } from "./pages";

const questions = readFileSync(join(__dirname, "inPage.js"), "utf8");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const WIDTHS = [400, 1600];
const SMALLEST_TEXT = 11;
const CONTRAST = 4.5;

/** Pages that have every part between them: inspecting one takes seconds. */
const INSPECTED = new Set(["prod", "a difference"]);

describe("the page in a browser", function () {
    let browser: Browser;
    let folder: string;

    before(async function () {
        const path = chromiumPath();
        if (path === undefined) {
            console.log(`    skipped: there is no browser. ${INSTALL}`);
            this.skip();
        }
        browser = await startChromium(path);
        folder = mkdtempSync(join(tmpdir(), "page-"));
    });
    after(async () => {
        await browser?.close();
        if (folder) {
            rmSync(folder, { recursive: true });
        }
    });

    const fileOf = (name: string) => join(folder, `${name}.html`);

    /** A page as a reader opens it. */
    async function opened(name: string, prepared: (page: Page) => void = () => undefined): Promise<Page> {
        const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
        page.setDefaultTimeout(20_000);
        prepared(page);
        await page.goto(pathToFileURL(fileOf(name)).href);
        await page.waitForSelector("html[data-drawn]");
        await page.evaluate(questions);
        return page;
    }

    async function violations(page: Page): Promise<string[]> {
        await page.evaluate(axe);
        return await page.evaluate<string[]>(
            "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))",
        );
    }

    for (const [name, content] of Object.entries(PAGES)) {
        describe(name, () => {
            let page: Page;
            /** What the page said, and what it asked for. */
            const said: string[] = [];
            const asked: string[] = [];

            before(async () => {
                writeFileSync(fileOf(name), await content());
                page = await opened(name, (each) => {
                    each.on("console", (message) => said.push(message.text()));
                    each.on("pageerror", (error) => said.push(String(error)));
                    each.on("request", (request) => asked.push(request.url()));
                    each.on("dialog", (dialog) => {
                        said.push(dialog.message());
                        void dialog.dismiss();
                    });
                });
            });
            after(() => page?.close());

            it("is drawn, without an error and without a request", async () => {
                const canvases = await page.locator(".canvas").count();
                assert.ok(canvases > 0);
                assert.equal(await page.locator(".canvas > svg").count(), canvases);
                assert.doesNotMatch(
                    (await page.locator("main").textContent()) ?? "",
                    /Syntax error|could not be drawn/,
                );
                assert.deepEqual(said, []);
                assert.deepEqual(asked, [pathToFileURL(fileOf(name)).href]);
            });

            it("is read at any width: no text on another, no page that scrolls sideways", async () => {
                for (const width of WIDTHS) {
                    await page.setViewportSize({ width, height: 900 });
                    assert.deepEqual(await page.evaluate("overlaps()"), [], `at ${width}`);
                    const [wanted, there] = await page.evaluate<[number, number]>(
                        "[document.documentElement.scrollWidth, innerWidth]",
                    );
                    assert.ok(wanted <= there, `${wanted} of ${width}`);
                    const smallest = await page.evaluate<number>("smallestText()");
                    assert.ok(smallest >= SMALLEST_TEXT, `${smallest} px at ${width}`);
                }
            });

            it("is accessible, by day and by night", async () => {
                for (const colorScheme of ["light", "dark"] as const) {
                    await page.emulateMedia({ colorScheme });
                    assert.deepEqual(INSPECTED.has(name) ? await violations(page) : [], [], colorScheme);
                    const contrast = await page.evaluate<number>("worstContrast()");
                    assert.ok(contrast >= CONTRAST, `${contrast} ${colorScheme}`);
                }
            });

            it("is printed without what only a screen needs, and in the colours of paper", async () => {
                await page.emulateMedia({ media: "print", colorScheme: "dark" });
                assert.equal(await page.locator("nav").isVisible(), false);
                assert.equal(await page.locator("figure").first().isVisible(), true);
                const ink = await page.evaluate("getComputedStyle(document.body).color");
                assert.equal(ink, "rgb(27, 36, 48)");
                await page.emulateMedia({ media: null, colorScheme: null });
            });
        });
    }

    describe("hostile names", () => {
        let page: Page;
        before(async () => {
            page = await opened("hostile names");
        });
        after(() => page?.close());

        it("shows them as they are", async () => {
            const text = (await page.locator("#mesh-picture svg").textContent()) ?? "";
            assert.ok(text.replace(/\s/g, "").includes(HOSTILE.replace(/\s/g, "")), text);
            assert.ok((await page.locator("#warnings").innerText()).includes(HOSTILE));
            assert.equal(await page.locator("main img, main script").count(), 0);
        });
    });

    describe("by keyboard", () => {
        let page: Page;
        const shown = () => page.locator("details.resource:visible").allTextContents();

        before(async () => {
            page = await opened("dev");
        });
        after(() => page?.close());

        it("leads past the navigation", async () => {
            await page.keyboard.press("Tab");
            await page.keyboard.press("Enter");
            assert.equal(await page.evaluate("document.activeElement.id"), "content");
        });

        it("searches names and inputs, and goes back to all", async () => {
            assert.deepEqual(await shown(), []);
            await page.keyboard.press("/");
            await page.keyboard.type("subnet 10.0.32.0");
            const found = await shown();
            assert.ok(found.length > 0 && found.length < 5, `${found.length}`);
            assert.ok(found.every((text) => /subnet/i.test(text) && text.includes("10.0.32.0")));
            assert.match(await page.locator("#found").innerText(), /^\d of \d+ entries$/);
            await page.keyboard.press("Escape");
            assert.deepEqual(await shown(), []);
            assert.equal(await page.locator("details.component:visible").count(), 17);
        });

        it("opens a component and a resource", async () => {
            await page.locator("details.component > summary").first().focus();
            await page.keyboard.press("Enter");
            await page.keyboard.press("Tab");
            await page.keyboard.press("Enter");
            assert.match(
                await page.locator("details.resource[open] pre").innerText(),
                /cidrBlocks:\n\s+- 10\.0\.0\.0\/16/,
            );
        });
    });
});
