import { stringify } from "yaml";
import type { Plan, Resource } from "../../model";
import { childrenOf, descendantsOf } from "../../query";
import { inWords } from "../../words";
import { changeLine, type Change } from "../diff";
import { factsOf, optionsOf } from "../facts";
import { insideOf, kindOf } from "../groups";
import type { Against } from "../against";
import { markup, section, type Html, type Section } from "./markup";

/** What became of a resource. */
interface Fate {
    mark: "added" | "changed" | "replaced" | "removed";
    changes: Change[];
}

/** All resources by component, with their inputs; the search of page.js filters them. */
export function resources(plan: Plan, against?: Against): Section[] {
    const fates = fatesOf(against);
    const single = childrenOf(plan).filter(({ custom }) => custom);
    const components = childrenOf(plan).filter(({ custom }) => !custom);
    const removed = against?.difference.removed ?? [];
    return section(
        "resources",
        "Resources",
        markup`<form class="search" role="search" hidden>
            <label for="search">Search names, kinds and inputs</label>
            <input id="search" type="search" autocomplete="off" spellcheck="false" aria-describedby="found" />
            <span class="hint">Press <kbd>/</kbd> to search, <kbd>Esc</kbd> to clear.</span>
            <output id="found" for="search"></output>
        </form>
`,
        removed.length > 0
            ? group(
                  "Removed",
                  `${removed.length} resources`,
                  removed.map((each) => entry(each, fates)),
              )
            : "",
        components.map((each) => component(plan, each, fates)),
        single.length > 0
            ? group(
                  "Without a component",
                  "",
                  single.map((each) => entry(each, fates)),
              )
            : "",
    );
}

function fatesOf(against: Against | undefined): Map<string, Fate> {
    if (!against) {
        return new Map();
    }
    const { difference, replaced } = against;
    const fate = (mark: Fate["mark"], changes: Change[] = []): Fate => ({ mark, changes });
    const anew = new Set(replaced.replacements.map(({ resource }) => resource.urn));
    const changed = difference.changed.map(({ resource, changes }): [string, Fate] => [
        resource.urn,
        fate(anew.has(resource.urn) ? "replaced" : "changed", changes),
    ]);
    return new Map([
        ...replaced.replacements.map(({ resource }): [string, Fate] => [resource.urn, fate("replaced")]),
        ...changed,
        ...difference.added.map(({ urn }): [string, Fate] => [urn, fate("added")]),
        ...difference.removed.map(({ urn }): [string, Fate] => [urn, fate("removed")]),
    ]);
}

function component(plan: Plan, parent: Resource, fates: Map<string, Fate>): Html {
    const children = childrenOf(plan, parent);
    const touched = descendantsOf(plan, parent).filter(({ urn }) => fates.has(urn)).length;
    const about = [kindOf(parent), insideOf(plan, parent), ...(touched > 0 ? [`${touched} differ`] : [])].join(", ");
    return group(
        parent.name,
        about,
        children.map((child) => (child.custom ? entry(child, fates) : component(plan, child, fates))),
    );
}

function group(title: string, about: string, content: Html[]): Html {
    return markup`<details class="component">
        <summary><b>${title}</b> <span>${about}</span></summary>
        ${content}
    </details>
`;
}

function entry(resource: Resource, fates: Map<string, Fate>): Html {
    const fate = fates.get(resource.urn);
    const facts = [...factsOf(resource), ...optionsOf(resource)].join(" ");
    return markup`<details class="resource ${fate?.mark ?? ""}">
        <summary>
            <span class="kind">${kindOf(resource)}</span> <b>${resource.name}</b> <span>${facts}</span>${
                fate ? markup` <em class="badge ${fate.mark}">${fate.mark}</em>` : ""
            }
        </summary>
        <p class="urn">${resource.urn}</p>
        ${fate && fate.changes.length > 0 ? markup`<pre class="changes">${fate.changes.map(changeLine).join("\n")}</pre>` : ""}
        <pre>${inputsOf(resource)}</pre>
    </details>
`;
}

function inputsOf({ inputs }: Resource): string {
    return stringify(inWords(inputs), { lineWidth: 0, aliasDuplicateObjects: false });
}
