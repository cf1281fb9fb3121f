import { setTimeout as sleep } from "node:timers/promises";
import { GROUPS, type Check, type Finding, type Group } from "./check";
import { TimeLimitError, within } from "./limits";

/** A check and what it found. */
export interface Result {
    check: Check;
    finding: Finding;
    seconds: number;
}

/** Called after each check, with all that was found so far. */
export type Progress = (done: number, of: number, results: Result[]) => void;

/** Limits of a run, which tests shorten. */
export interface Limits {
    /** Seconds that one check may take, whatever it waits for. */
    check: number;
    /** Seconds from which no further check is started: a cluster that stopped answering must end the run. */
    run: number;
    /** Seconds between two tries. */
    pause: number;
    /** Checks in a row that get no answer, after which the cluster is taken to be gone. */
    silent: number;
}

const LIMITS: Limits = { check: 90, run: 300, pause: 5, silent: 6 };

/**
 * Runs checks side by side. What one throws is its finding: a cluster that stops answering in the middle ends the run with
 * what was seen so far.
 */
export async function runChecks(
    { checks, sideBySide }: Pick<Look, "checks" | "sideBySide">,
    progress: Progress,
    limits = LIMITS,
): Promise<Result[]> {
    const started = performance.now();
    const results: Result[] = [];
    const waiting = [...checks.entries()];
    let done = 0;
    let silent = 0;
    const whyNot = () =>
        silent >= limits.silent
            ? "the cluster stopped answering"
            : performance.now() - started > limits.run * 1000
              ? `the run took longer than ${limits.run} s`
              : undefined;
    const worker = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
            const [place, check] = next;
            const why = whyNot();
            const { isSilent, ...result } = why ? notStarted(check, why) : await runOne(check, limits.check);
            silent = isSilent ? silent + 1 : 0;
            results[place] = result;
            progress(++done, checks.length, results.filter(Boolean));
        }
    };
    await Promise.all(Array.from({ length: sideBySide }, worker));
    return results;
}

/** A result, and whether nothing answered. */
type Judged = Result & { isSilent: boolean };

async function runOne(check: Check, limit: number): Promise<Judged> {
    const started = performance.now();
    let isSilent = false;
    const finding = await within(limit, check.name, Promise.resolve().then(check.run)).catch((error: unknown) => {
        isSilent = isNoAnswer(error);
        return couldNot(error);
    });
    return { check, finding, isSilent, seconds: (performance.now() - started) / 1000 };
}

const NO_ANSWER = {
    what: "The cluster or a pod does not answer.",
    fix: "Look whether the nodes are ready and the API server can be reached from here.",
    command: "kubectl get nodes",
};

/** Whether nobody answered, in time or at all. */
function isNoAnswer(error: unknown): boolean {
    const { code } = error as NodeJS.ErrnoException;
    return (
        error instanceof TimeLimitError || /^E(CONNREFUSED|CONNRESET|HOSTUNREACH|NOTFOUND|TIMEDOUT)$/.test(code ?? "")
    );
}

function couldNot(error: unknown): Finding {
    const seen = error instanceof Error ? error.message : String(error);
    const unclear = { what: "The check itself could not be made.", fix: "Look at the message, then run it again." };
    return { verdict: "unknown", seen, causes: [isNoAnswer(error) ? NO_ANSWER : unclear] };
}

function notStarted(check: Check, why: string): Judged {
    const finding: Finding = { verdict: "unknown", seen: `not started: ${why}`, causes: [] };
    return { check, finding, isSilent: true, seconds: 0 };
}

/** A fresh look at the cluster: the same checks each time, in the same order. */
export interface Look {
    checks: Check[];
    /** How many of them may run at a time. */
    sideBySide: number;
    close: () => void;
}

/** Runs the checks, then those that did not pass again and again until all have, or the time is over. */
export async function runUntilPassed(
    look: () => Look,
    waitSeconds: number,
    progress: Progress,
    limits = LIMITS,
): Promise<Result[]> {
    const deadline = performance.now() + waitSeconds * 1000;
    const results: Result[] = [];
    for (;;) {
        const { checks, sideBySide, close } = look();
        const places = [...checks.keys()].filter((place) => !isGood(results[place]));
        const due = places.map((place) => checks[place]!);
        const found = await runChecks({ checks: due, sideBySide }, progress, limits);
        close();
        found.forEach((result, index) => (results[places[index]!] = result));
        if (results.every(isGood) || performance.now() + limits.pause * 1000 > deadline) {
            return results;
        }
        await sleep(limits.pause * 1000);
    }
}

function isGood(result: Result | undefined): boolean {
    return result?.finding.verdict === "passed" || result?.finding.verdict === "skipped";
}

/** Checks of the chosen groups, in the order of the guide. */
export function chosen(checks: Check[], groups: readonly Group[]): Check[] {
    return GROUPS.filter((group) => groups.includes(group)).flatMap((group) =>
        checks.filter((check) => check.group === group),
    );
}

/**
 * 0: all passed; 1: something failed; 2: something could not be checked. What needs a program or workload that is not there
 * is skipped and decides nothing, unless nothing is left of a group that was asked for by name.
 */
export function exitCodeOf(results: Result[], named: readonly Group[] = []): 0 | 1 | 2 {
    const has = (verdict: Finding["verdict"]) => results.some(({ finding }) => finding.verdict === verdict);
    const isChecked = (group: Group) =>
        results.some(({ check, finding }) => check.group === group && finding.verdict !== "skipped");
    const isOpen = has("unknown") || results.length === 0 || !named.every(isChecked);
    return has("failed") ? 1 : isOpen ? 2 : 0;
}
