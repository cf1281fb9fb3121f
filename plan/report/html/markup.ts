/** Text that is HTML already. */
export class Html {
    constructor(readonly text: string) {}

    toString(): string {
        return this.text;
    }
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

/** A section of the page with its heading; nothing without content. */
export function section(id: string, title: string, ...content: Part[]): Html {
    return content.every((part) => partText(part).trim() === "")
        ? markup``
        : markup`<section id="${id}" aria-labelledby="${id}-title">
              <h2 id="${id}-title">${title}</h2>
              ${content}
          </section>
`;
}

/** A list of lines; nothing without lines. */
export function lines(entries: Part[], kind = ""): Html {
    return entries.length === 0
        ? markup``
        : markup`<ul class="lines ${kind}">
              ${entries.map(
                  (entry) => markup`<li>${entry}</li>
`,
              )}
          </ul>
`;
}
