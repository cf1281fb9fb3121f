import { renderMermaid } from "../mermaid";
import { MOST_ARROWS, type ArrowKind, type BoxKind, type Mark, type Picture } from "../pictures/picture";
import { markup, type Html } from "./markup";

/** A picture that the browser draws, with its legend and its source; nothing without boxes. */
export function figure(id: string, picture: Picture): Html {
    if (picture.boxes.length === 0) {
        return markup``;
    }
    if (picture.arrows.length > MOST_ARROWS) {
        return markup`<p>The picture is too large to draw: ${picture.arrows.length} arrows.</p>`;
    }
    return markup`<figure>
        <div class="canvas" id="${id}" role="img" aria-label="${picture.about}" tabindex="0"></div>
        <noscript><p>Pictures are drawn by JavaScript, which is off.</p></noscript>
        <figcaption>${legend(picture)}</figcaption>
        <details>
            <summary>As text, for Mermaid</summary>
            <pre class="source" data-for="${id}">${renderMermaid(picture, { named: true })}</pre>
        </details>
    </figure>
`;
}

const BOXES: Record<BoxKind, string> = {
    outside: "outside",
    gateway: "gateway",
    service: "service with sidecar",
    troubled: "faults are injected",
    version: "version",
    account: "account of callers from elsewhere",
    external: "host outside of the mesh",
    plain: "without sidecar",
    subnet: "private subnet",
    public: "public subnet",
    exit: "gateway of the VCN",
};

const ARROWS: Record<ArrowKind, string> = {
    flow: "requests or connections",
    allowed: "may call",
    idle: "no requests",
    refused: "refused",
    mirror: "copies of requests",
    plain: "plain text",
};

const MARKS: Record<Mark, string> = { added: "added", changed: "changed", removed: "removed" };

/** What the shapes and colours mean that the picture has. */
function legend({ boxes, arrows, frames }: Picture): Html {
    const marks = [...boxes, ...arrows, ...frames].flatMap(({ mark }) => (mark ? [mark] : []));
    return markup`<ul class="legend" aria-label="Legend">
        ${[
            ...entries(
                "box",
                BOXES,
                boxes.map(({ kind }) => kind),
            ),
            ...entries(
                "arrow",
                ARROWS,
                arrows.map(({ kind }) => kind),
            ),
            ...entries("mark", MARKS, marks),
        ]}
    </ul>`;
}

function entries<Kind extends string>(what: string, words: Record<Kind, string>, present: Kind[]): Html[] {
    return (Object.keys(words) as Kind[])
        .filter((kind) => present.includes(kind))
        .map((kind) => markup`<li><i class="${what} ${kind}"></i>${words[kind]}</li>`);
}
