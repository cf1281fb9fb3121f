import { closest, distance } from "fastest-levenshtein";

/** The known name that was most likely meant; undefined if none is close. */
export function nearest(name: string, known: string[]): string | undefined {
    const near = known.length > 0 ? closest(name, known) : undefined;
    const far = near === undefined || distance(name.toLowerCase(), near.toLowerCase()) > Math.max(2, near.length / 3);
    return far ? undefined : near;
}
