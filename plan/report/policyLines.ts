import type { Verdict, Violation } from "../../policies/judge";
import { atMost, plural } from "../words";

const mostLines = 40;

/** What the policies say about a plan, as lines: the worst first. */
export function policyLines({ level, violations, excused, unused }: Verdict): string[] {
    return [
        `level ${level}: ${violations.length === 0 ? "no violations" : countWords(countOf(violations))}`,
        ...atMost(mostLines, violations.map(violationLine)),
        ...excused.map(({ rule, resource, reason }) => `excepted ${rule}, ${resource}: ${reason}`),
        ...unused.map(
            ({ rule, resource }) =>
                `unused exception ${rule}, ${resource}: nothing violates it, remove it from policies.exceptions`,
        ),
    ];
}

/** How many violations refuse the plan, and how many only advise. */
export function countOf(violations: Violation[]): { mandatory: number; advisory: number } {
    const mandatory = violations.filter(({ enforcement }) => enforcement === "mandatory").length;
    return { mandatory, advisory: violations.length - mandatory };
}

export function countWords({ mandatory, advisory }: ReturnType<typeof countOf>): string {
    return `${plural(mandatory, "mandatory violation")}, ${advisory} advisory`;
}

function violationLine({ enforcement, rule, resource, message }: Violation): string {
    return `${enforcement} ${rule}, ${resource}: ${message}`;
}
