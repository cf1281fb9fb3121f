/* Questions to a page, asked in the browser. */
"use strict";

/** Texts that lie upon each other, as pairs. Those of pictures are one each, others one for each line. */
globalThis.overlaps = function () {
    const boxes = [...texts()];
    const pairs = [];
    for (const [index, one] of boxes.entries()) {
        for (const other of boxes.slice(index + 1)) {
            const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
            const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
            if (wide > 2 && high > 4) {
                pairs.push(`${one.text} / ${other.text}`);
            }
        }
    }
    return pairs;
};

function* texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = node.parentElement;
        const isShown =
            parent.checkVisibility({ visibilityProperty: true }) && !parent.closest("nav, .skip, script, style");
        if (isShown && node.textContent.trim() !== "") {
            const range = document.createRange();
            range.selectNodeContents(node);
            for (const { left, right, top, bottom } of range.getClientRects()) {
                yield { left, right, top, bottom, text: node.textContent.trim().slice(0, 40) };
            }
        }
    }
}

/** The smallest text of the pictures, in pixels as drawn. */
globalThis.smallestText = function () {
    const sizes = [...document.querySelectorAll(".canvas svg")].map((svg) => {
        const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        return Math.min(
            ...[...svg.querySelectorAll("text")].map((text) => parseFloat(getComputedStyle(text).fontSize) * scale),
        );
    });
    return Math.min(...sizes);
};

/** The worst contrast between the text of a box and the box. */
globalThis.worstContrast = function () {
    const nodes = [...document.querySelectorAll(".canvas .node")];
    return Math.min(
        ...nodes.map((node) => {
            const [front, back] = [node.querySelector("text"), node.querySelector(".label-container")];
            const [a, b] = [front, back].map((each) => luminance(getComputedStyle(each).fill)).sort((x, y) => y - x);
            return (a + 0.05) / (b + 0.05);
        }),
    );
};

function luminance(colour) {
    const [red, green, blue] = colour
        .match(/[\d.]+/g)
        .slice(0, 3)
        .map((part) => Number(part) / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
