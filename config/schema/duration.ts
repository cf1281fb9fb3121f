import { z } from "zod";
import { milliseconds } from "../../components/duration";

/** Longest duration that Go, and with it Istio, can tell. */
const LONGEST = 290 * 365 * 24 * 3_600_000;

/** A duration as Go and Istio write it: numbers with h, m, s or ms, at least a millisecond. */
export const duration = z
    .string()
    .refine((text) => {
        const length = milliseconds(text);
        // Istio and its proxies count in whole milliseconds.
        return length !== undefined && length >= 1 && length < LONGEST && isWhole(length);
    }, "a duration in whole milliseconds such as 0.5s, 2s or 1m30s")
    .meta({ examples: ["<duration>"] });

/** Fractions such as 0.1 of a second are not exact in binary. */
function isWhole(length: number): boolean {
    return Math.abs(length - Math.round(length)) < 1e-6;
}
