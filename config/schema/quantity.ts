/** Factors of Kubernetes' suffixes, in thousandths: whole numbers, so that nothing is lost. */
const FACTORS: Record<string, bigint> = {
    m: 1n,
    "": 1000n,
    k: 1000n * 1000n,
    M: 1000n * 1000n ** 2n,
    G: 1000n * 1000n ** 3n,
    T: 1000n * 1000n ** 4n,
    P: 1000n * 1000n ** 5n,
    Ki: 1000n * 1024n,
    Mi: 1000n * 1024n ** 2n,
    Gi: 1000n * 1024n ** 3n,
    Ti: 1000n * 1024n ** 4n,
    Pi: 1000n * 1024n ** 5n,
};

/** A quantity such as `500m`, `0.5` or `2Gi` in thousandths; undefined if it is none, or finer than that. */
export function thousandths(quantity: string): bigint | undefined {
    const [, whole = "", fraction = "", suffix = ""] = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)$/.exec(quantity) ?? [];
    const factor = Object.hasOwn(FACTORS, suffix) ? FACTORS[suffix] : undefined;
    if (whole === "" || factor === undefined) {
        return undefined;
    }
    const scale = 10n ** BigInt(fraction.length);
    const amount = BigInt(whole + fraction) * factor;
    return amount % scale === 0n ? amount / scale : undefined;
}
