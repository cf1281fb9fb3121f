import type { Group, Subject } from "./check";
import { allChecks } from "./checks";
import type { Cluster } from "./cluster";
import { gatewayOf } from "./gateway";
import { limitsConnections } from "./measured";
import { chosen, type Look } from "./run";

/** Checks at a time: more would wait for each other at the API server, and disturb what measures time. */
const SIDE_BY_SIDE = 6;

/** A fresh look at a cluster, by the checks of the chosen groups. */
export function lookAt(known: Omit<Subject, "cluster" | "gateway">, cluster: Cluster, groups: readonly Group[]): Look {
    const gateway = gatewayOf(cluster);
    return {
        checks: chosen(allChecks({ ...known, cluster, gateway }), groups),
        sideBySide: limitsConnections(known.mesh) ? 1 : SIDE_BY_SIDE,
        close: () => gateway.close(),
    };
}
