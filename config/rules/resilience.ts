import { removeCommand, setCommand, type Problem } from "../problems";
import { milliseconds } from "../../components/duration";
import { localityRules } from "./locality";
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
    namesNeedCertificate,
    ...localityRules,
    plainHasNoTls,
];
