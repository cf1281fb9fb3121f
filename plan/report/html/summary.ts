import type { Verdict } from "../../../policies/judge";
import type { Plan } from "../../model";
import { aboutScenario } from "../../scenarios";
import { plural } from "../../words";
import { size } from "../groups";
import { countOf, countWords } from "../policyLines";
import { headline, spread } from "../tree";
import type { Against } from "../against";
import { markup, type Html } from "./markup";

/** The head of the page: which stack, and what a reader must know first. */
export function summary(plan: Plan, verdict?: Verdict, against?: Against): Html {
    return markup`<header>
        <p class="project">${plan.project}</p>
        <h1>${plan.stack}</h1>
        <p class="lead">${headline(plan)}</p>
        ${aboutScenario(plan.scenario).map(
            ([title, line]) => markup`<p class="scenario"><b>${title}</b> ${line}</p>
`,
        )}
        <ul class="cards">
            ${card("", String(size(plan)), "resources", spread(plan))} ${verdict ? policyCard(verdict) : ""}
            ${card(plan.warnings.length > 0 ? "caution" : "good", String(plan.warnings.length), plan.warnings.length === 1 ? "warning" : "warnings", "")}
            ${against ? changeCard(against) : ""}
        </ul>
    </header>
`;
}

function card(tone: string, figure: string, word: string, about: string): Html {
    return markup`<li class="card ${tone}">
        <b>${figure}</b> <span>${word}</span>${about ? markup`<small>${about}</small>` : ""}
    </li>
`;
}

function policyCard({ level, violations }: Verdict): Html {
    const count = countOf(violations);
    const { mandatory, advisory } = count;
    const tone = mandatory > 0 ? "bad" : advisory > 0 ? "caution" : "good";
    return card(tone, mandatory > 0 ? "refused" : "passes", "policies", `level ${level}: ${countWords(count)}`);
}

function changeCard({ difference, replaced, origin }: Against): Html {
    const { added, removed, changed } = difference;
    const lost = replaced.replacements.length;
    const figure = `+${added.length} −${removed.length} ~${changed.length}`;
    const about = [lost > 0 ? `${plural(lost, "resource")} replaced` : "nothing replaced", `from ${origin}`].join(", ");
    return card(lost + removed.length > 0 ? "caution" : "", figure, "changes", about);
}
