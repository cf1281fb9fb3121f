const MILLISECONDS = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Length of a text such as `1m30s` in milliseconds; undefined if it is none. */
export function milliseconds(text: string): number | undefined {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
    const whole = parts.map(([part]) => part).join("") === text && parts.length > 0;
    const amounts = parts.map(([, amount, unit]) => Number(amount) * MILLISECONDS[unit as keyof typeof MILLISECONDS]);
    return whole ? amounts.reduce((sum, amount) => sum + amount, 0) : undefined;
}
