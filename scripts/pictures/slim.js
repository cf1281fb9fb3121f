/** Runs in the browser: draws a picture and leaves out of Mermaid's SVG what a file does not need. */
"use strict";

globalThis.slim = async function (mermaid, element, source) {
    await drawing.draw(mermaid, element, "picture", source);
    const svg = element.querySelector("svg");
    const { width, height } = svg.viewBox.baseVal;
    svg.querySelectorAll("style").forEach((style) => style.remove());
    svg.querySelectorAll("marker").forEach((marker) => {
        if (!svg.querySelector(`[marker-end="url(#${marker.id})"], [marker-start="url(#${marker.id})"]`)) {
            marker.remove();
        }
    });
    svg.querySelectorAll("rect").forEach((rect) => {
        if (rect.getBBox().width === 0) {
            rect.remove();
        }
    });
    svg.querySelectorAll("tspan.row").forEach((row) => row.replaceChildren(row.textContent));
    svg.querySelectorAll("g").forEach((group) => {
        if (group.textContent === "" && !group.querySelector("path, rect, polygon")) {
            group.remove();
        }
    });
    svg.querySelectorAll("*").forEach((node) => {
        [...node.attributes].forEach(({ name, value }) => {
            const isNeedless = /^(data-(?!id)|style$|font-)/.test(name) || (name === "id" && node.tagName !== "marker");
            if (isNeedless) {
                node.removeAttribute(name);
            } else if (name !== "data-id" && name !== "class" && name !== "id" && !value.startsWith("url")) {
                node.setAttribute(
                    name,
                    value.replace(/-?\d+\.\d{2,}/g, (number) => String(Math.round(number * 10) / 10)),
                );
            }
        });
    });
    const content = svg.innerHTML;
    return { content, width: String(Math.ceil(width)), height: String(Math.ceil(height)) };
};
