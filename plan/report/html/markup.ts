/** Text that is HTML already. */
export class Html {
    constructor(readonly text: string) {}
}

type Part = Html | string | number | undefined | Part[];

/** HTML with values in it. Every value is escaped that is not HTML itself; undefined is nothing. */
export function markup(strings: TemplateStringsArray, ...values: Part[]): Html {
    return new Html(strings.map((text, index) => text + partText(values[index])).join(""));
}

function partText(part: Part): string {
    if (Array.isArray(part)) {
        return part.map(partText).join("");
    }
    return part instanceof Html ? part.text : escaped(String(part ?? ""));
}

function escaped(text: string): string {
    return text
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;")
        .replaceAll("'", "&#39;");
}

/** A part of the page, with its place in the navigation. */
export interface Section {
    id: string;
    title: string;
    content: Html;
}

/** A section; none without content. */
export function section(id: string, title: string, ...parts: Part[]): Section[] {
    const text = parts.map(partText).join("\n").trim();
    return text === "" ? [] : [{ id, title, content: new Html(text) }];
}

/** A list of lines; nothing without lines. */
export function lines(entries: Part[], kind = ""): Html {
    return entries.length === 0
        ? markup``
        : markup`<ul class="lines ${kind}">
              ${entries.map((entry) => markup`<li>${entry}</li>\n`)}
          </ul>
`;
}
