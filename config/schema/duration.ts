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
        return length !== undefined && length >= 1 && length < LONGEST;
    }, "a duration of at least 1ms such as 0.5s, 2s or 1m30s")
    .meta({ examples: ["2s"] });
