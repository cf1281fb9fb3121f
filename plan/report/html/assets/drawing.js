/* Draws Mermaid text as SVG, the same in the page and for docs/pictures. */
"use strict";

globalThis.drawing = { prepare, draw };

/** Prepares Mermaid; `css` colours the pictures. */
function prepare(mermaid, css) {
    mermaid.initialize({
        startOnLoad: false,
        securityLevel: "strict",
        theme: "base",
        themeCSS: css,
        fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
        themeVariables: { fontSize: "14px" },
        htmlLabels: false,
        deterministicIds: true,
        flowchart: {
            useMaxWidth: false,
            htmlLabels: false,
            wrappingWidth: 1000,
            nodeSpacing: 40,
            rankSpacing: 52,
            padding: 14,
            subGraphTitleMargin: { top: 2, bottom: 2 },
        },
    });
}

/** Draws a picture into an element. */
async function draw(mermaid, element, id, source) {
    const { svg } = await mermaid.render(id, source);
    // Beside arrows, Mermaid escapes references to characters once too often.
    element.innerHTML = svg.replace(/&amp;#(\d+);/g, "&#$1;");
    const frames = [...element.querySelectorAll(".cluster")].map((cluster) => {
        const rect = cluster.querySelector("rect");
        toTheLeft(rect, cluster.querySelector(".cluster-label"));
        return rect;
    });
    element.querySelectorAll("path[data-id]").forEach((path) => toTheBorder(path, frames));
    keepApart(element.querySelector("svg"));
}

/** Moves words beside arrows up or down where they would lie on others or on a box. */
function keepApart(svg) {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const taken = [...svg.querySelectorAll(".node")].map((node) => node.getBoundingClientRect());
    const labels = [...svg.querySelectorAll("g.edgeLabel")].filter((label) => label.textContent !== "");
    for (const label of labels) {
        for (let tries = 0; tries < 8; tries++) {
            const box = label.getBoundingClientRect();
            const other = taken.find((each) => isUpon(each, box));
            if (!other) {
                break;
            }
            const [down, up] = [other.bottom - box.top, box.bottom - other.top];
            const { e, f } = label.transform.baseVal.getItem(0).matrix;
            label.setAttribute("transform", `translate(${e}, ${f + (down <= up ? down + 2 : -up - 2) / scale})`);
        }
        taken.push(label.getBoundingClientRect());
    }
}

function isUpon(one, other) {
    return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

/** Moves the title of a frame to its corner: in the middle, arrows cross it. */
function toTheLeft(rect, title) {
    const { x, y } = rect.getBBox();
    title.setAttribute("transform", `translate(${x + 10}, ${y + 4})`);
}

/** Mermaid's arrows to and from a frame end some way above or below it. */
function toTheBorder(path, frames) {
    const name = path.getAttribute("data-id");
    const boxes = frames.map((rect) => rect.getBBox());
    const beside = ({ x }) => boxes.filter((box) => x >= box.x && x <= box.x + box.width);
    const [start, end] = [path.getPointAtLength(0), path.getPointAtLength(path.getTotalLength())];
    const above = beside(start).map(({ y, height }) => y + height);
    const below = beside(end).map(({ y }) => y);
    let way = path.getAttribute("d");
    if (name.includes("_leaves")) {
        const border = Math.max(...above.filter((y) => y <= start.y));
        way = Number.isFinite(border) ? `M${start.x},${border}L${way.slice(1)}` : way;
    }
    if (name.includes("_enters")) {
        const border = Math.min(...below.filter((y) => y >= end.y));
        way = Number.isFinite(border) ? `${way}L${end.x},${border - 4}` : way;
    }
    path.setAttribute("d", way);
}
