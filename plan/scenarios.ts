import { SCENARIO_NAMES, SCENARIOS, type Scenario } from "../mesh/scenarios";
import { didYouMean } from "./didYouMean";
import { UserError } from "./errors";

/** Throws a UserError for a name that is no scenario. */
export function requireScenario(name: string): void {
    if (scenarioNamed(name) === undefined) {
        const there = `There is no scenario "${name}": there are ${SCENARIO_NAMES.join(", ")}.`;
        throw new UserError(there + didYouMean(name, SCENARIO_NAMES));
    }
}

/** What a scenario is about, as titles and lines for the head of a plan; none without a scenario. */
export function aboutScenario(name: string | null): [title: string, line: string][] {
    const scenario = name === null ? undefined : scenarioNamed(name);
    return scenario
        ? [
              ["Scenario", `${name}, the guide's "${scenario.guide}"`],
              ["Expect", scenario.expect],
              ["See", `${scenario.see.includes("PAGE") ? PAGE : ""}${scenario.see}`],
          ]
        : [];
}

/** What commands mean by `$PAGE`. */
const PAGE = "PAGE=$(pulumi stack output productpageUrl); ";

function scenarioNamed(name: string): Scenario | undefined {
    return Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name as keyof typeof SCENARIOS] : undefined;
}
