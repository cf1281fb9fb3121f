import { FALSE_ALARMS, isUnlikely, REQUESTS } from "../binomial";
import { troubleFrom } from "../answers";
import { failed, passed, skipped, type Check, type Finding, type Subject } from "../check";
import { secondsOf } from "../durations";
import { countLogged, send, totalOf, urlOf } from "../measured";
import { ask, fromTheMesh, type PodAnswer } from "../senders";
import { casesOf, type Case } from "./trafficCases";

const GUIDE = "Managing Traffic";

/** Requests where all go to one version: any other shows at once. */
const FEW = 20;

/** Requests of which copies are looked for. */
const MIRRORED = 50;

/** Shares of copies below this may have none among as many requests. */
const LEAST_COPIES = 20;

/** Seconds by which an answer may be later than its timeout: the sending program and a loaded node take some. */
const LATE = 1;

/** Seconds of a request that is worth waiting for. */
const LONGEST = 60;

/** What the active traffic settings do to requests inside the mesh, measured. */
export function trafficChecks(subject: Subject): Check[] {
    const cases = subject.mesh.services.flatMap((service) => casesOf(service, subject.mesh));
    const shares = cases.flatMap(({ actions }) => Object.keys(actions.route ?? {})).length;
    return cases.flatMap((each) => [
        ...effectsOf(each).map((effect) => answerCheck(each, effect, subject)),
        ...(each.actions.route ? [shareCheck(each, FALSE_ALARMS / shares, subject)] : []),
        ...(each.actions.mirror ? [mirrorCheck(each, subject)] : []),
    ]);
}

/** What one answer must show. */
interface Effect {
    part: string;
    expected: string;
    holds: (answer: PodAnswer) => boolean;
}

function effectsOf({ actions: { fault, redirect, timeout, rewrite }, service }: Case): Effect[] {
    const effects: Effect[] = [];
    const isSure = (fault?.percent ?? 100) === 100;
    const delay = fault?.delay === undefined ? 0 : secondsOf(fault.delay);
    const abort = fault?.abort;
    if (abort !== undefined && isSure) {
        effects.push({ part: "fault.abort", expected: `status ${abort}`, holds: ({ status }) => status === abort });
    }
    if (delay > 0 && isSure) {
        const holds = ({ status, seconds }: PodAnswer) => status !== 0 && seconds >= delay;
        effects.push({ part: "fault.delay", expected: `an answer after ${fault?.delay}`, holds });
    }
    if (redirect) {
        const { redirectCode = 301 } = redirect;
        const holds = ({ status }: PodAnswer) => status === redirectCode;
        effects.push({ part: "redirect", expected: `status ${redirectCode}`, holds });
    }
    // Of other services nobody knows which paths they answer.
    if (rewrite !== undefined && service.from === "bookinfo") {
        const holds = ({ status }: PodAnswer) => status !== 404 && status !== 0;
        effects.push({ part: "rewrite", expected: `an answer of ${rewrite}, not 404`, holds });
    }
    if (timeout !== undefined && !redirect) {
        const last = delay + secondsOf(timeout) + LATE;
        const holds = ({ status, seconds }: PodAnswer) => status !== 0 && seconds <= last;
        effects.push({ part: "timeout", expected: `an answer, or 504, within ${timeout}`, holds });
    }
    return effects;
}

function answerCheck({ actions, service, key, request }: Case, effect: Effect, subject: Subject): Check {
    const { fault, timeout } = actions;
    const seconds = [fault?.delay, timeout].reduce((sum, each) => sum + (each === undefined ? 0 : secondsOf(each)), 8);
    return {
        group: "traffic",
        name: `${key}.${effect.part}`,
        expected: effect.expected,
        guide: GUIDE,
        run: () =>
            fromTheMesh(
                subject,
                async (sender) => {
                    if (seconds > LONGEST) {
                        return skipped(`would take more than ${LONGEST} s`);
                    }
                    const answer = await ask(subject.cluster, sender, urlOf(service, request.path), {
                        ...request,
                        seconds,
                    });
                    const { status, body } = answer;
                    const seen = status === 0 ? body : `status ${status} after ${answer.seconds.toFixed(1)} s`;
                    return effect.holds(answer)
                        ? passed(seen)
                        : failed(seen, [...(await troubleFrom(subject.cluster, sender, answer)), notTaken]);
                },
                service.name,
            ),
    };
}

const notTaken = {
    what: "The proxies do not have this setting.",
    fix: "Run pulumi up; if the objects are there, look whether the sending pod has a sidecar and is in sync.",
    command: "istioctl proxy-status",
};

function shareCheck(each: Case, level: number, subject: Subject): Check {
    const { service, key, actions } = each;
    const shares = Object.entries(actions.route ?? {});
    return {
        group: "traffic",
        name: `${key}.route`,
        expected: shares.map(([version, share]) => `${version} ${share} %`).join(", "),
        guide: GUIDE,
        run: async () => {
            if (actions.fault?.abort !== undefined || actions.redirect) {
                return skipped("the service is not called");
            }
            const missing = whyUncounted(subject);
            if (missing !== undefined) {
                return skipped(missing);
            }
            const isSure = shares.some(([, share]) => share === 100);
            return fromTheMesh(
                subject,
                async (sender) => {
                    const sent = await send(each, isSure ? FEW : REQUESTS, sender, subject);
                    const counts = await countLogged(service, sent, subject);
                    return judgeShares(shares, counts, sent.count, level);
                },
                service.name,
            );
        },
    };
}

/** Requests are counted in the access logs. */
function whyUncounted({ settings }: Subject): string | undefined {
    return settings.logging.accessLogFilter === undefined ? undefined : "logging.accessLogFilter leaves requests out";
}

/** Requests that proxies may have lost on the way: those that never reached a pod leave no line in its log. */
const LOST = 0.1;

function judgeShares(
    shares: [version: string, percent: number][],
    counts: Record<string, number>,
    sent: number,
    level: number,
): Finding {
    const total = totalOf(counts);
    const list = Object.entries(counts).map(([version, count]) => `${version} ${count}`);
    const seen = `${list.join(", ")} of ${sent}`;
    if (total === 0) {
        return failed(`none of ${sent} requests in the logs`, [nothingLogged]);
    }
    if (total < sent * (1 - LOST)) {
        return failed(seen, [lost]);
    }
    const shareOf = new Map(shares);
    const isWrong = ([version, count]: [string, number]) =>
        isUnlikely(count, total, (shareOf.get(version) ?? 0) / 100, level);
    return Object.entries(counts).some(isWrong) ? failed(seen, [otherShares]) : passed(seen);
}

const nothingLogged = {
    what: "No request reached a pod, or the pods' proxies log none.",
    fix: "Check the group services first, then whether a Telemetry object turns the access log off.",
    command: "kubectl get telemetries -A -o yaml",
};

const lost = {
    what: "Some requests reached no pod of these versions.",
    fix: "Check that each version has ready pods, and that the route names no version without any.",
    command: "istioctl analyze --all-namespaces",
};

const otherShares = {
    what: "The versions get other shares of the requests.",
    fix: "Compare the VirtualService's weights and the DestinationRule's subsets with the settings; then run pulumi up.",
    command: "npm run drift",
};

function mirrorCheck(each: Case, subject: Subject): Check {
    const { service, key, actions } = each;
    const { to, percent = 100 } = actions.mirror!;
    return {
        group: "traffic",
        name: `${key}.mirror`,
        expected: `copies of ${percent} % reach ${to}`,
        guide: GUIDE,
        run: async () => {
            const missing = percent < LEAST_COPIES ? "too few copies to look for" : whyUncounted(subject);
            if (missing !== undefined) {
                return skipped(missing);
            }
            return fromTheMesh(
                subject,
                async (sender) => {
                    const sent = await send(each, MIRRORED, sender, subject);
                    const mirrored = { ...service, versions: { [to]: service.versions[to]! } };
                    const wanted = { ...sent, count: Math.floor((sent.count * percent) / 100) };
                    const { [to]: copies = 0 } = await countLogged(mirrored, wanted, subject, { copies: true });
                    const cause = { ...otherShares, what: `${to} gets no copies.` };
                    return copies > 0
                        ? passed(`${copies} copies of ${MIRRORED} requests`)
                        : failed("no copies", [cause]);
                },
                service.name,
            );
        },
    };
}
