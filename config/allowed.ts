import type { z } from "zod";

type Issue = z.core.$ZodIssue;

const TYPES: Record<string, string> = {
    array: "a list",
    boolean: "true or false",
    int: "a whole number",
    number: "a number",
    object: "a mapping of settings",
    record: "a mapping",
    string: "a text",
};

/** What zod would have accepted, in words that go on from "must be". */
export function describeAllowed(issue: Issue): string {
    switch (issue.code) {
        case "invalid_type":
            return TYPES[issue.expected] ?? issue.expected;
        case "invalid_value":
            return oneOf(issue.values.map(String));
        case "invalid_union":
            return oneOf(unionOptions(issue));
        case "too_small":
            return lowerLimit(issue);
        case "too_big":
            return sizeLimit(issue.origin, issue.maximum);
        default:
            return issue.message;
    }
}

/** `a, b or c`. */
export function oneOf(values: string[]): string {
    const [last = "", ...others] = [...new Set(values)].reverse();
    return others.length > 0 ? `${others.reverse().join(", ")} or ${last}` : last;
}

/** The values that tell a union's alternatives apart, or what each of its alternatives takes. */
export function unionOptions(issue: z.core.$ZodIssueInvalidUnion): string[] {
    if ("options" in issue && Array.isArray(issue.options)) {
        return issue.options.map(String);
    }
    return issue.errors.flatMap((alternative) => alternative.slice(0, 1).map(describeAllowed));
}

function lowerLimit({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall): string {
    if (origin === "array") {
        return `a list of at least ${minimum}`;
    }
    if (origin === "string") {
        return "a text that is not empty";
    }
    return inclusive === false ? `more than ${minimum}` : `at least ${minimum}`;
}

function sizeLimit(origin: string, maximum: number | bigint): string {
    if (origin === "array") {
        return `a list of at most ${maximum}`;
    }
    return origin === "string" ? `at most ${maximum} characters long` : `at most ${maximum}`;
}
