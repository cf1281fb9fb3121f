import { removeCommand, setCommand, type Problem } from "../problems";
import { milliseconds } from "../../components/duration";
import type { Rule } from "./rule";
import { actionPlaces, forEachService } from "./trafficPlaces";

/** A timeout ends all tries together. */
const timeoutCoversTries = forEachService((treated) =>
    actionPlaces(treated).flatMap(({ key, actions, rule }): Problem[] => {
        const says = actions.timeout ?? actions.retries;
        const { timeout, retries } = rule ? { ...treated.traffic, ...withoutUndefined(actions) } : actions;
        const each = milliseconds(retries?.perTryTimeout ?? "") ?? 0;
        const tries = 1 + (retries?.attempts ?? 0);
        if (says === undefined || timeout === undefined || (milliseconds(timeout) ?? 0) >= tries * each) {
            return [];
        }
        const needed = `${tries * each}ms`;
        const message = `is ${timeout}, but ${tries} tries of ${retries?.perTryTimeout} each take up to ${needed}`;
        return [{ key: `${key}.timeout`, message, fix: [setCommand(`${key}.timeout`, needed)] }];
    }),
);

function withoutUndefined<T extends object>(settings: T): Partial<T> {
    return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Partial<T>;
}

const oneWayToChoose = forEachService(({ key, traffic: { loadBalancer } }): Problem[] => {
    const place = `${key}.loadBalancer.simple`;
    const message = `is ${loadBalancer?.simple} beside consistentHash, which is another way to choose a pod`;
    return loadBalancer?.simple && loadBalancer.consistentHash
        ? [{ key: place, message, fix: [removeCommand(place)] }]
        : [];
});

/** Without ejection no pod is ever known to have failed: https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/ */
const localityNoticesFailures = forEachService(({ key, traffic: { loadBalancer, outlierDetection } }): Problem[] => {
    const { locality } = loadBalancer ?? {};
    const place = `${key}.loadBalancer.locality`;
    if (!locality) {
        return [];
    }
    const { failover, distribute } = locality;
    const fix = [setCommand(`${key}.outlierDetection.consecutive5xxErrors`, 5)];
    return [
        ...(outlierDetection
            ? []
            : [{ key: place, message: `needs ${key}.outlierDetection, which detects failing pods`, fix }]),
        ...((failover === undefined) === (distribute === undefined)
            ? [
                  {
                      key: place,
                      message: "must have either failover or distribute",
                      fix: [failover ? removeCommand(`${place}.<failover or distribute>`) : removeCommand(place)],
                  },
              ]
            : []),
        ...(failover ?? []).flatMap(({ from, to }, index) => {
            const message = `is ${to}, the region that failed`;
            const same = `${place}.failover[${index}]`;
            return from === to ? [{ key: `${same}.to`, message, fix: [setCommand(`${same}.to`, "<region>")] }] : [];
        }),
    ];
});

/** Names are checked only in a certificate that is not the mesh's own. */
const namesNeedCertificate = forEachService(({ key, traffic: { tls } }) =>
    (["sni", "subjectAltNames"] as const)
        .filter((name) => tls?.[name] !== undefined && tls.mode !== "SIMPLE")
        .map((name) => ({
            key: `${key}.tls.${name}`,
            message: `goes with ${key}.tls.mode SIMPLE, but that is ${tls?.mode}`,
            fix: [removeCommand(`${key}.tls.<mode or ${name}>`)],
        })),
);

/** Istio refuses two entries of which one holds the other: `us-ashburn-1` and `us-ashburn-1/*`. */
function overlapping(localities: string[]): [index: number, earlier: string][] {
    const parts = localities.map((each) => `${each.replace(/\/\*$/, "")}/`);
    return localities.flatMap((_, index): [number, string][] => {
        const own = parts[index] ?? "";
        const first = parts.slice(0, index).findIndex((each) => own.startsWith(each) || each.startsWith(own));
        return first < 0 ? [] : [[index, localities[first] ?? ""]];
    });
}

const localitiesApart = forEachService(({ key, traffic: { loadBalancer } }): Problem[] => {
    const entries = loadBalancer?.locality?.distribute ?? [];
    const place = `${key}.loadBalancer.locality.distribute`;
    const problem = (at: string, found: string, earlier: string): Problem => ({
        key: at,
        message: `is ${found}, which overlaps ${earlier} beside it`,
        fix: [setCommand(at, "<locality>")],
    });
    const sources = entries.map(({ from = "" }) => from);
    return [
        ...overlapping(sources).map(([index, earlier]) =>
            problem(`${place}[${index}].from`, sources[index] ?? "", earlier),
        ),
        ...entries.flatMap(({ to = {} }, index) =>
            overlapping(Object.keys(to)).map(([position, earlier]) =>
                problem(`${place}[${index}].to`, Object.keys(to)[position] ?? "", earlier),
            ),
        ),
    ];
});

/** What this program deploys speaks plain HTTP, and nothing else. */
const plainHasNoTls = forEachService(({ key, service, traffic }) =>
    traffic.tls?.mode === "SIMPLE" && service.from !== "services"
        ? [
              {
                  key: `${key}.tls`,
                  message: `has mode SIMPLE, but ${service.name} speaks plain HTTP: every request to it would fail`,
                  fix: [removeCommand(`${key}.tls`)],
              },
          ]
        : [],
);

export const resilienceRules: Rule[] = [
    timeoutCoversTries,
    oneWayToChoose,
    localityNoticesFailures,
    namesNeedCertificate,
    localitiesApart,
    plainHasNoTls,
];
