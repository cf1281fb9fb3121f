import type { Plan } from "../model";
import { diff, type Difference } from "../report/diff";
import { plural } from "../words";
import { consequencesOf, nameOf } from "./consequences";
import { replacementsOf, type Cause, type Replacement } from "./replacements";

/** What `pulumi up` would replace, coming from an earlier plan. */
export interface Replaced {
    replacements: Replacement[];
    /** What is lost with it. */
    warnings: string[];
}

/** Empty for plans of two stacks. */
export function replacedSince(before: Plan, after: Plan, difference: Difference = diff(before, after)): Replaced {
    if (before.stack !== after.stack) {
        return { replacements: [], warnings: [] };
    }
    const replacements = replacementsOf(after, difference, new Set(difference.added.map(({ urn }) => urn)));
    return { replacements, warnings: consequencesOf(replacements, difference.removed, before.resources) };
}

/** The replacements as lines, empty where there is none. Objects of a replaced cluster are one line. */
export function renderReplaced({ replacements, warnings }: Replaced): string {
    const [moved, single] = partition(replacements, ({ because }) =>
        because.every(({ property }) => property === "provider"),
    );
    const lines = [
        ...(replacements.length > 0 ? [`Replaced: ${plural(replacements.length, "resource")} (${SIGNS})`] : []),
        ...single.map(
            ({ resource, because, deletedFirst }) =>
                `${sign(deletedFirst)} ${nameOf(resource)}: ${because.map(causeText).join(", ")}`,
        ),
        ...(moved.length > 0
            ? [`${sign(moved[0]!.deletedFirst)} ${plural(moved.length, "object")} of the cluster, with the cluster`]
            : []),
        ...warnings.map((warning) => `! ${warning}`),
    ];
    return lines.length > 0 ? `${lines.join("\n")}\n` : "";
}

/** The same for programs. */
export function replacedAsJson({ replacements, warnings }: Replaced) {
    return {
        replaced: replacements.map(({ resource: { urn }, because, deletedFirst }) => ({ urn, because, deletedFirst })),
        warnings,
    };
}

const SIGNS = "-+ deleted, then created; +- created, then the old one is deleted";

function sign(deletedFirst: boolean): string {
    return deletedFirst ? "-+" : "+-";
}

function causeText({ property, from }: Cause): string {
    return from === undefined
        ? `${property} changes`
        : `${property} comes from ${from.slice(from.lastIndexOf("::") + 2)}`;
}

function partition<T>(items: T[], belongs: (item: T) => boolean): [T[], T[]] {
    return [items.filter(belongs), items.filter((item) => !belongs(item))];
}
