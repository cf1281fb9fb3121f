import { randomUUID } from "node:crypto";
import type { MatchRule, RouteActions, TextMatch } from "../../components/traffic/serviceTraffic";
import { USER_HEADER } from "../../components/traffic/conditions";
import type { Service } from "../../mesh/services";
import { FALSE_ALARMS, isUnlikely } from "../binomial";
import { answerTrouble } from "../causes";
import { failed, passed, skipped, type Check, type Finding, type Subject } from "../check";
import type { Container } from "../cluster";
import { hasLabels, podsOf, sidecarOf } from "../pods";
import { anySender, ask, askMany, NO_SENDER, type PodAnswer, type PodRequest } from "../senders";

const GUIDE = "Managing Traffic";

/** Requests by which shares are measured: of a share of 50 percent, they find one that is 35 or 65 nine times in ten. */
export const REQUESTS = 200;

/** Requests where all go to one version: any other shows at once. */
const FEW = 20;

/** Requests of which copies are looked for. */
const MIRRORED = 50;

/** Requests at a time. */
const SIDE_BY_SIDE = 20;

/** Seconds that a proxy may take until it has written its log. */
const LOGGED_SECONDS = 15;

/** A treatment of requests, and a request that gets it. */
interface Case {
    service: Service;
    /** Where the settings say so. */
    key: string;
    actions: RouteActions;
    request: PodRequest & { path: string };
}

/** What the active traffic settings do to requests inside the mesh, measured. */
export function trafficChecks(subject: Subject): Check[] {
    const cases = subject.mesh.services.flatMap((service) => casesOf(service, subject));
    const shares = cases.flatMap(({ actions }) => Object.keys(actions.route ?? {})).length;
    return cases.flatMap((each) => [
        ...answerChecks(each, subject),
        ...(each.actions.route ? [shareCheck(each, FALSE_ALARMS / Math.max(1, shares), subject)] : []),
        ...(each.actions.mirror ? [mirrorCheck(each, subject)] : []),
    ]);
}

/** The treatment of a service's requests, and of those that its rules single out. */
function casesOf(service: Service, { mesh }: Subject): Case[] {
    const traffic = mesh.traffic[service.name];
    if (!traffic || service.protocol !== "http") {
        return [];
    }
    const key = `traffic.services.${service.name}`;
    const { match = [], ...own } = traffic;
    const path = service.from === "bookinfo" ? `/${service.name}${service.name === "productpage" ? "" : "/0"}` : "/";
    const rules = match.flatMap((rule, index): Case[] => {
        const request = requestOf(rule, path);
        const inherited = rule.redirect ? {} : { fault: own.fault, timeout: own.timeout, route: own.route };
        return request ? [{ service, key: `${key}.match[${index}]`, actions: { ...inherited, ...rule }, request }] : [];
    });
    const user = own.fault?.user;
    const faulty: Case[] = user === undefined ? [] : [{ service, key: `${key} for ${user}`, actions: own, request: { path, headers: { [USER_HEADER]: user } } }]; // prettier-ignore
    const usual = { ...own, fault: user === undefined ? own.fault : undefined };
    return [...rules, ...faulty, { service, key, actions: usual, request: { path } }];
}

/** A request that fits a rule; undefined for what cannot be made up, such as an expression or a claim. */
function requestOf(
    { user, headers = {}, paths, method, claims }: MatchRule,
    path: string,
): Case["request"] | undefined {
    const given = Object.entries(headers).map(([name, match]) => [name, textFor(match)] as const);
    const [first] = paths ?? [];
    const wanted = first === undefined ? path : textFor(first);
    if (wanted === undefined || given.some(([, value]) => value === undefined) || claims) {
        return undefined;
    }
    const known = Object.fromEntries(given) as Record<string, string>;
    return { path: wanted, method, headers: { ...known, ...(user !== undefined && { [USER_HEADER]: user }) } };
}

const textFor = (match: TextMatch) => ("exact" in match ? match.exact : "prefix" in match ? match.prefix : undefined);

const urlOf = ({ host, namespace, port }: Service, path: string) => `http://${host}.${namespace}:${port}${path}`;

function answerChecks(each: Case, subject: Subject): Check[] {
    const { actions, service, key, request } = each;
    const { fault, redirect } = actions;
    const sure = (fault?.percent ?? 100) === 100;
    const wanted: [part: string, expected: string, holds: (answer: PodAnswer) => boolean][] = [
        ...(fault?.abort !== undefined && sure
            ? [["fault.abort", `status ${fault.abort}`, ({ status }: PodAnswer) => status === fault.abort] as const]
            : []),
        ...(fault?.delay !== undefined && sure
            ? [["fault.delay", `an answer after ${fault.delay}`, ({ seconds }: PodAnswer) => seconds >= secondsOf(fault.delay!)] as const] // prettier-ignore
            : []),
        ...(redirect
            ? [["redirect", `status ${redirect.redirectCode ?? 301}`, ({ status }: PodAnswer) => status === (redirect.redirectCode ?? 301)] as const] // prettier-ignore
            : []),
    ].map(([part, expected, holds]) => [part, expected, holds]);
    return wanted.map(([part, expected, holds]) => ({
        group: "traffic",
        name: `${key}.${part}`,
        expected,
        guide: GUIDE,
        run: async () => {
            const sender = await anySender(subject, service.name);
            if (!sender) {
                return skipped(NO_SENDER);
            }
            const seconds = 8 + (fault?.delay === undefined ? 0 : secondsOf(fault.delay));
            const answer = await ask(subject.cluster, sender, urlOf(service, request.path), { ...request, seconds });
            const seen = `status ${answer.status} after ${answer.seconds.toFixed(1)} s`;
            return holds(answer)
                ? passed(seen)
                : failed(seen, [...answerTrouble(answer.status, answer.body), notTaken]);
        },
    }));
}

/** A Go duration of one unit or several, in seconds. */
function secondsOf(duration: string): number {
    const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };
    return [...duration.matchAll(/([\d.]+)(h|ms|m|s)/g)].reduce((sum, [, number, unit]) => sum + Number(number) * units[unit!]!, 0); // prettier-ignore
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
            const sender = await anySender(subject, service.name);
            if (!sender) {
                return skipped(NO_SENDER);
            }
            const isSure = shares.some(([, share]) => share === 100);
            const sent = await send(each, isSure ? FEW : REQUESTS, sender, subject);
            const counts = await logged(service, sent, subject);
            const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
            const seen = Object.entries(counts).map(([version, count]) => `${version} ${count}`).join(", "); // prettier-ignore
            if (total === 0) {
                return failed(`none of ${sent.sent} requests in the logs`, [nothingLogged]);
            }
            const wrong = shares.filter(([version, share]) =>
                isUnlikely(counts[version] ?? 0, total, share / 100, level),
            );
            return wrong.length > 0 || total < sent.sent * 0.9
                ? failed(`${seen} of ${sent.sent}`, [otherShares])
                : passed(`${seen} of ${sent.sent}`);
        },
    };
}

const nothingLogged = {
    what: "The pods' proxies log no request.",
    fix: "Turn the access log on (istio.meshConfig.accessLogEncoding, no filter), and check that the pods have sidecars.",
};

const otherShares = {
    what: "The versions get other shares of the requests.",
    fix: "Compare the VirtualService's weights and the DestinationRule's subsets with the settings; then run pulumi up.",
    command: "npm run drift",
};

/** Requests that were sent with a marker in their query. */
interface Sent {
    marker: string;
    /** When, in milliseconds. */
    started: number;
    sent: number;
}

async function send(each: Case, count: number, from: Container, subject: Subject): Promise<Sent> {
    const { service, request } = each;
    const marker = `verify-${randomUUID()}`;
    const started = Date.now();
    // Where few connections are allowed, requests must not come side by side.
    const limited = Object.values(subject.mesh.traffic).some(({ connectionPool }) => connectionPool);
    const url = urlOf(service, `${request.path}?${marker}`);
    await askMany(subject.cluster, from, url, count, { ...request, parallel: limited ? 1 : SIDE_BY_SIDE });
    return { marker, started, sent: count };
}

/** Requests with a marker in the logs of each version's pods, once there are as many as were sent or time is over. */
async function logged(
    service: Service,
    { marker, started, sent }: Sent,
    { cluster }: Subject,
    isCopy = false,
): Promise<Record<string, number>> {
    // Envoy marks the copies of mirrored requests by the host that they are for.
    const wanted = (line: string) => line.includes(marker) && /-shadow[":]/.test(line) === isCopy;
    const pods = await podsOf(cluster, service.namespace, service.selector);
    const deadline = Date.now() + LOGGED_SECONDS * 1000;
    for (;;) {
        const counts: Record<string, number> = {};
        for (const [version, labels] of Object.entries(service.versions)) {
            const since = (Date.now() - started) / 1000 + 1;
            const logs = pods.filter((pod) => hasLabels(pod, labels)).map((pod) => cluster.logs(sidecarOf(pod), since));
            counts[version] = (await Promise.all(logs)).join("").split("\n").filter(wanted).length;
        }
        const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
        if (total >= sent || Date.now() > deadline) {
            return counts;
        }
        await new Promise((resolve) => setTimeout(resolve, 500));
    }
}

function mirrorCheck(each: Case, subject: Subject): Check {
    const { service, key, actions } = each;
    const { to, percent = 100 } = actions.mirror!;
    return {
        group: "traffic",
        name: `${key}.mirror`,
        expected: `copies of ${percent} % reach ${to}`,
        guide: GUIDE,
        run: async (): Promise<Finding> => {
            const sender = await anySender(subject, service.name);
            if (!sender || percent < 20) {
                return skipped(sender ? "too few copies to look for" : NO_SENDER);
            }
            const sent = await send(each, MIRRORED, sender, subject);
            const mirrored = { ...service, versions: { [to]: service.versions[to]! } };
            const wanted = { ...sent, sent: Math.floor((sent.sent * percent) / 100) };
            const { [to]: copies = 0 } = await logged(mirrored, wanted, subject, true);
            const cause = { ...otherShares, what: `${to} gets no copies.` };
            return copies > 0 ? passed(`${copies} copies of ${MIRRORED} requests`) : failed("no copies", [cause]);
        },
    };
}
