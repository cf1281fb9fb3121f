import { GROUPS, type Check, type Finding, type Group } from "./check";
import { TimeLimitError, within } from "./limits";

/** A check and what it found. */
export interface Result {
    check: Check;
    finding: Finding;
    seconds: number;
}

/** Checks at a time: more would wait for each other at the API server, and disturb what measures time. */
const SIDE_BY_SIDE = 6;

/** Seconds that one check may take at most, whatever it waits for. */
const CHECK_SECONDS = 90;

/**
 * Runs checks side by side. What one throws is its finding: a cluster that stops answering in the middle ends the run with
 * what was seen so far.
 */
export async function runChecks(checks: Check[], progress: (done: number, of: number) => void): Promise<Result[]> {
    const waiting = [...checks];
    const results: Result[] = [];
    const worker = async () => {
        for (let check = waiting.shift(); check; check = waiting.shift()) {
            results.push(await runOne(check));
            progress(results.length, checks.length);
        }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
    const place = ({ check }: Result) => checks.indexOf(check);
    return results.sort((a, b) => place(a) - place(b));
}

async function runOne(check: Check): Promise<Result> {
    const started = performance.now();
    const finding = await within(CHECK_SECONDS, check.name, check.run()).catch(couldNot);
    return { check, finding, seconds: (performance.now() - started) / 1000 };
}

function couldNot(error: unknown): Finding {
    const seen = error instanceof Error ? error.message : String(error);
    const causes = [
        error instanceof TimeLimitError
            ? {
                  what: "The cluster or a pod does not answer.",
                  fix: "Look whether the nodes are ready and the API server can be reached from here.",
                  command: "kubectl get nodes",
              }
            : { what: "The check itself could not be made.", fix: "Look at the message, then run it again." },
    ];
    return { verdict: "unknown", seen, causes };
}

/** Checks of the chosen groups, in the order of the guide. */
export function chosen(checks: Check[], groups: readonly Group[]): Check[] {
    return GROUPS.filter((group) => groups.includes(group)).flatMap((group) =>
        checks.filter((check) => check.group === group),
    );
}

/** 0: all passed; 1: something failed; 2: something could not be checked. */
export function exitCodeOf(results: Result[]): 0 | 1 | 2 {
    const has = (verdict: Finding["verdict"]) => results.some(({ finding }) => finding.verdict === verdict);
    return has("failed") ? 1 : has("unknown") || results.length === 0 ? 2 : 0;
}
