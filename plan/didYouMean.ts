import { nearest } from "../config/nearest";

/** ` Did you mean x?` for a name close to a known one, else nothing. */
export function didYouMean(name: string, known: string[]): string {
    const near = nearest(name, known);
    return near === undefined ? "" : ` Did you mean ${near}?`;
}
