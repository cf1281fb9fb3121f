import { z } from "zod";

const MILLISECONDS = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Length of a text such as `1m30s` in milliseconds; undefined if it is none. */
export function milliseconds(text: string): number | undefined {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
    const whole = parts.map(([part]) => part).join("") === text && parts.length > 0;
    const amounts = parts.map(([, amount, unit]) => Number(amount) * MILLISECONDS[unit as keyof typeof MILLISECONDS]);
    return whole ? amounts.reduce((sum, amount) => sum + amount, 0) : undefined;
}

/** Longest duration that Go, and with it Istio, can tell. */
const LONGEST = 290 * 365 * 24 * MILLISECONDS.h;

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
