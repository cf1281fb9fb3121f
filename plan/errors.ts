import { closest, distance } from "fastest-levenshtein";

/** Something the user can mend: the command line prints its message alone and exits with 1. */
export class UserError extends Error {
    override readonly name = "UserError";
}

/** ` Did you mean x?` for a name close to a known one, else nothing. */
export function didYouMean(name: string, known: string[]): string {
    const nearest = known.length > 0 ? closest(name, known) : "";
    return nearest && distance(name, nearest) <= Math.max(1, nearest.length / 2) ? ` Did you mean ${nearest}?` : "";
}
