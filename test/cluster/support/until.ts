/**
 * Seconds to wait for what takes a few on an idle machine, and minutes where seven Envoys and a control plane share two slow cores.
 * Waiting ends as soon as what is waited for is there, so only a test that fails takes that long.
 */
export const PATIENCE = 180;

/** The first result that is not falsy, or the last one when the time is over. */
export async function until<T>(attemptOnce: () => Promise<T>, pause = 0.4): Promise<T> {
    const deadline = Date.now() + PATIENCE * 1000;
    for (;;) {
        const result = await attemptOnce();
        if (result || Date.now() > deadline) {
            return result;
        }
        await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    }
}
