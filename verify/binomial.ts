/**
 * False alarms of all share checks of one run: at most one run in ten thousand reports a share that is right. Each share of a
 * run has an equal part of it (Bonferroni).
 */
export const FALSE_ALARMS = 1e-4;

/**
 * Requests by which shares are measured: with up to six shares in a run, one that is off by 20 points is found in more than
 * nine of ten runs, whatever it should be.
 */
export const REQUESTS = 200;

/**
 * Whether a count is too far from what a share makes likely: an exact two-sided binomial test, each side with half of the
 * probability.
 *
 * @param share Between 0 and 1.
 * @param level Probability that a right share is called wrong.
 */
export function isUnlikely(count: number, requests: number, share: number, level: number): boolean {
    if (share <= 0 || share >= 1) {
        return count !== Math.round(share * requests);
    }
    const below = tail(count, requests, share);
    const above = tail(requests - count, requests, 1 - share);
    return Math.min(below, above) < level / 2;
}

/** Probability of at most `count` successes. */
function tail(count: number, requests: number, share: number): number {
    let sum = 0;
    let logChoices = 0;
    for (let successes = 0; successes <= count; successes++) {
        sum += Math.exp(logChoices + successes * Math.log(share) + (requests - successes) * Math.log1p(-share));
        logChoices += Math.log(requests - successes) - Math.log(successes + 1);
    }
    return sum;
}
