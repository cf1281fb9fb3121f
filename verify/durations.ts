const UNITS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** A Go duration of one unit or several, in seconds. */
export function secondsOf(duration: string): number {
    const parts = [...duration.matchAll(/([\d.]+)(h|ms|m|s)/g)];
    return parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit!]!, 0);
}
