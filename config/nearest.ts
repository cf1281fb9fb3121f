import { distance } from "fastest-levenshtein";

/** The known name that was most likely meant, whatever its case; undefined if none is close, or several are. */
export function nearest(name: string, known: string[]): string | undefined {
    const wanted = plain(name);
    const same = known.find((each) => plain(each) === wanted);
    if (same !== undefined) {
        return same;
    }
    const begun = known.filter((each) => wanted.length >= 4 && plain(each).startsWith(wanted));
    const [near, next] = known
        .map((each) => ({ each, far: distance(wanted, plain(each)) }))
        .filter(({ each, far }) => far <= Math.max(1, each.length / 3) || sorted(wanted) === sorted(plain(each)))
        .sort((one, other) => one.far - other.far);
    if (near && near.far === next?.far) {
        return undefined;
    }
    return near?.each ?? (begun.length === 1 ? begun[0] : undefined);
}

/** Without case, blanks and dashes, which people mix up most. */
function plain(name: string): string {
    return name.toLowerCase().replace(/[\s_-]/g, "");
}

/** Two letters in the wrong order are one mistake. */
function sorted(name: string): string {
    return name.split("").sort().join("");
}
