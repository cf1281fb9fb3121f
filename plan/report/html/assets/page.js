/* The page at work: draws the pictures, and searches the resources. */
"use strict";

/** Pictures shrink to their place, but text in them stays readable: then they scroll. */
const SMALLEST = 0.85;

async function drawAll() {
    drawing.prepare(mermaid, document.getElementById("picture-style").textContent);
    for (const source of document.querySelectorAll(".source")) {
        const id = source.dataset.for;
        const canvas = document.getElementById(id);
        try {
            await drawing.draw(mermaid, canvas, `${id}-drawn`, source.textContent);
            const svg = canvas.querySelector("svg");
            svg.setAttribute("aria-hidden", "true");
            svg.style.minWidth = `${svg.viewBox.baseVal.width * SMALLEST}px`;
            showTop(canvas);
        } catch (error) {
            canvas.textContent = "This picture could not be drawn. Its text is below.";
            console.error(error);
        }
    }
    document.documentElement.dataset.drawn = "yes";
}

/** A wide picture begins with its topmost box in sight, not with its left edge. */
function showTop(canvas) {
    const boxes = [...canvas.querySelectorAll(".node")].map((node) => node.getBoundingClientRect());
    const top = boxes.reduce((one, other) => (other.top < one.top ? other : one));
    const { left, width } = canvas.getBoundingClientRect();
    canvas.scrollLeft += top.left + top.width / 2 - left - width / 2;
}

function startSearch() {
    const [field, found] = [document.getElementById("search"), document.getElementById("found")];
    const resources = [...document.querySelectorAll("details.resource")];
    const components = [...document.querySelectorAll("details.component")];
    const texts = new Map(resources.map((resource) => [resource, resource.textContent.toLowerCase()]));

    function search() {
        const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
        const hits = resources.filter((resource) => words.every((word) => texts.get(resource).includes(word)));
        resources.forEach((resource) => (resource.hidden = true));
        hits.forEach((resource) => (resource.hidden = false));
        components.forEach((component) => {
            component.hidden = component.querySelector("details.resource:not([hidden])") === null;
            component.open = words.length > 0 && !component.hidden;
        });
        found.value = words.length > 0 ? `${hits.length} of ${resources.length} entries` : "";
    }

    field.form.hidden = false;
    field.form.addEventListener("submit", (event) => event.preventDefault());
    field.addEventListener("input", search);
    field.addEventListener("keydown", ({ key }) => {
        if (key === "Escape") {
            field.value = "";
            search();
        }
    });
    document.addEventListener("keydown", (event) => {
        const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
        if (event.key === "/" && plain && !event.target.closest("input")) {
            event.preventDefault();
            field.focus();
        }
    });
}

/** Paper shows the list of each component; the inputs stay folded. */
function openForPrint() {
    const folded = () => document.querySelectorAll("details.component:not([open])");
    let opened = [];
    addEventListener("beforeprint", () => {
        opened = [...folded()];
        opened.forEach((component) => (component.open = true));
    });
    addEventListener("afterprint", () => opened.forEach((component) => (component.open = false)));
}

startSearch();
openForPrint();
void drawAll();
