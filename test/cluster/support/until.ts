/** The first result that is not falsy, or the last one when the time is over. */
export async function until<T>(attemptOnce: () => Promise<T>, seconds = 120, pause = 1): Promise<T> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        const result = await attemptOnce();
        if (result || Date.now() > deadline) {
            return result;
        }
        await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    }
}
