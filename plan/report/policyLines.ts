import type { Verdict, Violation } from "../../policies/judge";
import { atMost, plural } from "../words";

const mostLines = 40;

/** What the policies say about a plan, as lines: the worst first. */
export function policyLines({ level, violations, excused, unused }: Verdict): string[] {
    const mandatory = violations.filter(({ enforcement }) => enforcement === "mandatory").length;
    const counted = `${plural(mandatory, "mandatory violation")}, ${violations.length - mandatory} advisory`;
    return [
        `level ${level}: ${violations.length === 0 ? "no violations" : counted}`,
        ...atMost(mostLines, violations.map(violationLine)),
        ...excused.map(({ rule, resource, reason }) => `excepted ${rule}, ${resource}: ${reason}`),
        ...unused.map(
            ({ rule, resource }) =>
                `unused exception ${rule}, ${resource}: nothing violates it, remove it from policies.exceptions`,
        ),
    ];
}

function violationLine({ enforcement, rule, resource, message }: Violation): string {
    return `${enforcement} ${rule}, ${resource}: ${message}`;
}
