/** Prints what benchmark.ts reads: this process's peak memory and figures of its own. */
export function report(figures: Record<string, number> = {}): void {
    console.log(JSON.stringify({ maxRss: process.resourceUsage().maxRSS, ...figures }));
}
