import { setTimeout } from "node:timers/promises";

/** Time for checks that wait, which tests let pass at once. */
export const clock = {
    /** Milliseconds since 1970. */
    now: () => Date.now(),
    sleep: (seconds: number): Promise<void> => setTimeout(seconds * 1000),
};
