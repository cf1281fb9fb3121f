import { setTimeout as sleep } from "node:timers/promises";

/** Something took longer than it may. */
export class TimeLimitError extends Error {
    override readonly name = "TimeLimitError";
}

/** The result of a promise, or a TimeLimitError that says what was waited for, and how long. */
export async function within<T>(seconds: number, what: string, promise: Promise<T>): Promise<T> {
    const limit = new AbortController();
    const late = sleep(seconds * 1000, undefined, { signal: limit.signal, ref: false }).then(() => {
        throw new TimeLimitError(`no answer within ${seconds} s: ${what}`);
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        limit.abort();
        late.catch(() => undefined);
    }
}
