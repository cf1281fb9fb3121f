import { distance } from "fastest-levenshtein";

/** The known name that was most likely meant, whatever its case; undefined if none is close. */
export function nearest(name: string, known: string[]): string | undefined {
    const [near] = known
        .map((each) => ({ each, far: distance(name.toLowerCase(), each.toLowerCase()) }))
        .sort((one, other) => one.far - other.far);
    return near === undefined || near.far > Math.max(2, near.each.length / 3) ? undefined : near.each;
}
