import { didYouMean } from "./didYouMean";
import { UserError } from "./errors";

/** Names that `--scenario` takes: those of the traffic settings, which this version does not have yet. */
export const SCENARIOS: string[] = [];

/** What there is to choose from, in words. */
export function listed(names = SCENARIOS): string {
    return names.length > 0 ? `there are ${names.join(", ")}` : "this version has none yet";
}

/** Throws a UserError for a name that is none of them. */
export function requireScenario(name: string, names = SCENARIOS): void {
    if (!names.includes(name)) {
        const there = `There is no scenario "${name}": ${listed(names)}.`;
        throw new UserError(there + didYouMean(name, names));
    }
}
