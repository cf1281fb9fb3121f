import { randomUUID } from "node:crypto";
import { gatewayProxies, linesWith } from "../accessLog";
import { clock } from "../clock";
import { failed, passed, skipped, type Cause, type Check, type Finding, type Subject } from "../check";
import { askAt, fromService, openedBy, refusesUs, type Opened } from "../entrances";
import { withoutOci } from "../onOci";
import { podsOf, sidecarOf } from "../pods";

/** Seconds until a line must have come from a node to OCI. */
const ARRIVED_SECONDS = 70;

/** Seconds between two searches, each of which takes some itself. */
const PAUSE = 5;

/** The line of a request in the access logs: of the gateway, of the sidecar behind it, and where OCI collects them. */
export function logChecks(subject: Subject): Check[] {
    const opened = openedBy(subject.mesh).find((each) => each.service && !refusesUs(each, subject));
    if (!opened) {
        return [];
    }
    return [written(opened, subject), ...(subject.settings.observability?.logs ? [collected(opened, subject)] : [])];
}

/** A request through the gateway that its query tells from all others. */
async function sendTagged(opened: Opened, subject: Subject) {
    const marker = `verify-${randomUUID()}`;
    const since = clock.now();
    const answer = await askAt({ ...opened, path: `${opened.path}?${marker}` }, subject);
    return { marker, since, answer };
}

function whyUnlogged({ settings }: Subject): string | undefined {
    return settings.logging.accessLogFilter === undefined ? undefined : "logging.accessLogFilter leaves requests out";
}

function written(opened: Opened, subject: Subject): Check {
    const { cluster, settings } = subject;
    const { accessLogEncoding } = settings.istio.meshConfig;
    return {
        group: "logging",
        name: "access log on standard output",
        expected: `a line of ${accessLogEncoding} at the gateway and at the sidecar of ${opened.name}`,
        guide: "Observing Logs with OCI Logging",
        run: async () => {
            const why = whyUnlogged(subject);
            if (why !== undefined) {
                return skipped(why);
            }
            const { marker, since, answer } = await sendTagged(opened, subject);
            if (answer.status === 0) {
                return failed(`no answer: ${answer.error}`, [UNREACHED]);
            }
            const { namespace, selector } = opened.service!;
            const behind = fromService(answer) ? await podsOf(cluster, namespace, selector) : [];
            const proxies = [
                { at: "the gateway", containers: await gatewayProxies(cluster) },
                ...(fromService(answer) ? [{ at: opened.name, containers: behind.map(sidecarOf) }] : []),
            ];
            const found = proxies.map(async ({ at, containers }) => ({
                at,
                lines: await linesWith(marker, cluster, containers, { since }),
            }));
            return judge(await Promise.all(found), accessLogEncoding);
        },
    };
}

function judge(found: { at: string; lines: string[] }[], encoding: "JSON" | "TEXT"): Finding {
    const isOther = (line: string) => (encoding === "JSON") !== line.trimStart().startsWith("{");
    const causes: Cause[] = [
        ...found.filter(({ lines }) => lines.length === 0).map(({ at }) => unwritten(at)),
        ...(found.some(({ lines }) => lines.some(isOther)) ? [otherFormat(encoding)] : []),
    ];
    const seen = found.map(({ at, lines }) => `${at} ${lines.length > 0 ? "logged it" : "did not log it"}`).join(", ");
    return causes.length > 0 ? failed(seen, causes) : passed(seen);
}

const UNREACHED: Cause = {
    what: "The gateway does not answer.",
    fix: "See the checks of the gateway first.",
};

const unwritten = (at: string): Cause => ({
    what: `The proxy of ${at} has no access log.`,
    fix: "A Telemetry object turns it off, or the mesh's accessLogFile is not /dev/stdout.",
    command: "kubectl get telemetries -A -o yaml; kubectl get configmap istio -n istio-system -o yaml",
});

const otherFormat = (encoding: string): Cause => ({
    what: `The lines are not in the format of istio.meshConfig.accessLogEncoding, ${encoding}.`,
    fix: "Run pulumi up, then restart proxies that are older than the change.",
    command: "kubectl get configmap istio -n istio-system -o yaml",
});

interface Found {
    results?: unknown[];
}

/** https://docs.oracle.com/en-us/iaas/Content/Logging/Reference/query_language_specification.htm */
function collected(opened: Opened, subject: Subject): Check {
    const { oci, outputs, settings } = subject;
    return {
        group: "logging",
        name: "access log in OCI Logging",
        expected: `the line of a request within ${ARRIVED_SECONDS} s`,
        guide: "Observing Logs with OCI Logging",
        run: async () => {
            const why = whyUnlogged(subject);
            if (why !== undefined) {
                return skipped(why);
            }
            const { compartmentId, logGroupId: existing } = settings.observability!.logs!;
            const logGroupId = existing ?? outputs.logGroupId;
            const isKnown = typeof logGroupId === "string";
            const group = `${compartmentId}/${isKnown ? logGroupId : "<log group>"}`;
            const { marker, since } = await sendTagged(opened, subject);
            const search = () => [
                ...["logging-search", "search-logs"],
                ...["--time-start", new Date(since - 60_000).toISOString(), "--time-end", new Date().toISOString()],
                ...["--search-query", `search "${group}" | where data.path = '${opened.path}?${marker}'`],
            ];
            if (!isKnown || !(await oci.isThere())) {
                return withoutOci(search());
            }
            for (;;) {
                const lines = (await oci.ask<Found>(search()))?.results?.length ?? 0;
                const seconds = Math.round((clock.now() - since) / 1000);
                if (lines > 0) {
                    return passed(`${lines} lines after ${seconds} s`);
                }
                if (seconds > ARRIVED_SECONDS) {
                    return failed(`none within ${seconds} s`, [UNCOLLECTED]);
                }
                await clock.sleep(PAUSE);
            }
        },
    };
}

const UNCOLLECTED: Cause = {
    what: "The nodes' agent does not send lines, or has not got its configuration yet, which takes minutes on new nodes.",
    fix: "Check the agent on a node, and the policy of its dynamic group.",
    command: "sudo systemctl status unified-monitoring-agent",
};
