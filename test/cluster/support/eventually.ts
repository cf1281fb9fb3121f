import { PATIENCE } from "./until";

/** Tries until it holds: what istiod is told takes a moment to reach every proxy. */
export async function eventually<T>(holds: () => Promise<T>, seconds = PATIENCE): Promise<T> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        try {
            return await holds();
        } catch (error) {
            if (Date.now() > deadline) {
                throw error;
            }
            await new Promise((resolve) => setTimeout(resolve, 400));
        }
    }
}
