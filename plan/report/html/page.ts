import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Verdict } from "../../../policies/judge";
import type { Plan } from "../../model";
import { renderReplaced } from "../../replacements/render";
import { isEmpty, renderDiff } from "../diff";
import { compared } from "../pictures/compare";
import { meshPicture } from "../pictures/mesh";
import { networkPicture } from "../pictures/network";
import type { Picture } from "../pictures/picture";
import { policyLines } from "../policyLines";
import { describeOutput, lookups } from "../tree";
import type { Against } from "../against";
import { asset, MERMAID } from "./assets";
import { figure } from "./figures";
import { Html, lines, markup, section, type Section } from "./markup";
import { resources } from "./resources";
import { security } from "./security";
import { summary } from "./summary";

/** The plan as one page of HTML, which asks for nothing else: its policy for content forbids that. */
export function renderHtml(plan: Plan, { against, verdict }: { against?: Against; verdict?: Verdict } = {}): string {
    const sections = [
        ...(against ? changes(against) : []),
        ...section("network", "Network", figure("network-picture", pictureOf(networkPicture, plan, against))),
        ...section("mesh", "Mesh", figure("mesh-picture", pictureOf(meshPicture, plan, against))),
        ...security(plan, against?.earlier),
        ...section("policies", "Policies", verdict ? lines(policyLines(verdict)) : ""),
        ...section("warnings", "Warnings", lines(plan.warnings, "caution")),
        ...section("outputs", "Outputs", outputs(plan)),
        ...resources(plan, against),
    ];
    const scripts = [readFileSync(MERMAID, "utf8"), asset("drawing.js"), asset("page.js")].map(scriptText);
    return markup`<!doctype html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta http-equiv="Content-Security-Policy" content="${policy(scripts)}" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>${plan.project}/${plan.stack}: plan</title>
                <style>
                    ${new Html(asset("colours.css") + asset("page.css"))}
                </style>
                <style id="picture-style">
                    ${new Html(asset("pictures.css"))}
                </style>
            </head>
            <body>
                <a class="skip" href="#content">Skip to the content</a>
                ${summary(plan, verdict, against)}
                <nav aria-label="Sections">
                    <ul>
                        ${sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}
                    </ul>
                </nav>
                <main id="content" tabindex="-1">
                    ${sections.map(
                        ({ id, title, content }) =>
                            markup`<section id="${id}" aria-labelledby="${id}-title">
                                <h2 id="${id}-title">${title}</h2>
                                ${content}
                            </section>
`,
                    )}
                </main>
                <footer>
                    <p>Made by <code>npm start -- --html</code>. Secrets are left out when the plan is recorded.</p>
                </footer>
                ${scripts.map((script) => markup`<script>${new Html(script)}</script>`)}
            </body>
        </html>
`.text;
}

/** Nothing is loaded, and of scripts only those of the page run: not what might come with a name. */
function policy(scripts: string[]): string {
    const hashes = scripts.map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
    return [
        "default-src 'none'",
        `script-src ${hashes.join(" ")}`,
        // Mermaid styles its SVG.
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
    ].join("; ");
}

/** What would end a script inside of HTML, written otherwise. */
function scriptText(source: string): string {
    return source.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}

function pictureOf(draw: (plan: Plan) => Picture, plan: Plan, against: Against | undefined): Picture {
    return against ? compared(draw(against.earlier), draw(plan), against.difference) : draw(plan);
}

function changes({ difference, origin, replaced }: Against): Section[] {
    if (isEmpty(difference)) {
        return section("changes", "Changes", markup`<p>No difference from ${origin}.</p>`);
    }
    const lost = renderReplaced(replaced);
    const all = renderDiff(difference, origin).trimEnd().split("\n");
    return section(
        "changes",
        "Changes",
        lost ? markup`<pre class="replaced">${lost}</pre>` : "",
        markup`<details${new Html(all.length <= mostOpen ? " open" : "")}><summary>${all[0]}</summary><pre class="difference">${all
            .slice(1)
            .map((line) => markup`<span class="${SIGNS[line[0] ?? ""] ?? ""}">${line}</span>\n`)}</pre></details>`,
    );
}

/** Lines of differences that are shown at once. */
const mostOpen = 60;

const SIGNS: Record<string, string> = { "+": "added", "-": "removed", "~": "changed" };

function outputs(plan: Plan): Html {
    const entries = Object.entries(plan.outputs);
    const found = lookups(plan);
    return markup`${
        entries.length > 0
            ? markup`<dl>
                  ${entries.map(
                      ([name, output]) =>
                          markup`<dt>${name}</dt>
                              <dd>${describeOutput(output)}</dd>
`,
                  )}
              </dl>`
            : ""
    }${
        found.length > 0
            ? markup`<p>Looked up by <code>pulumi up</code>:</p>
                  ${lines(found)}`
            : ""
    }`;
}
