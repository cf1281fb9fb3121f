/** Prints what benchmark.ts reads: the peak memory of this process, and other figures. */
export function report(figures: Record<string, number> = {}): void {
    console.log(JSON.stringify({ maxRss: process.resourceUsage().maxRSS, ...figures }));
}
