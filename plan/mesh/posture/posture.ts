import { at, type Plan } from "../../model";
import { ofType } from "../../query";
import { accessTo, refusals, type Access } from "./access";
import { certificateLines } from "./certificates";
import { egressLines } from "./egress";
import { encryptionLines } from "./encryption";
import { exposureLines } from "./exposure";
import { entrancesOf } from "../entrances/entrances";
import { limitLines } from "./limits";
import { securityObjects } from "./objects";
import { gatewayOf, otherCallers, withKnownIdentity, workloadsOf, type Workload } from "./workloads";

/** Encryption, access and exposure of the mesh, read from the planned objects. */
export interface Posture {
    /** What is encrypted, and which workloads that cuts off. */
    encryption: string[];
    /** Rows: the gateway, each workload and account that is known, the others, and callers without a sidecar. */
    callers: string[];
    /** Columns: workloads that have a sidecar. */
    targets: string[];
    /** By row and column. */
    access: Access[][];
    /** Policies and rate limits that may refuse what the matrix allows. */
    refusals: string[];
    /** What is exposed. */
    exposure: string[];
    /** Source and expiry of the gateway's certificates. */
    certificates: string[];
    /** Allowed external calls. */
    egress: string[];
}

/** The caller that stands for all pods without a sidecar. */
const ANYBODY: Workload = { name: "no sidecar", namespace: "", labels: {}, identity: undefined, injected: false };

/** The posture of a plan; undefined if it has no mesh. */
export function postureOf(plan: Plan): Posture | undefined {
    const hasMesh = ofType(plan, "Release").some(({ inputs }) => at(inputs, "values", "meshConfig") !== undefined);
    if (!hasMesh) {
        return undefined;
    }
    const objects = securityObjects(plan);
    const entrances = entrancesOf(plan);
    const workloads = workloadsOf(objects);
    const gateway = gatewayOf(plan);
    const inMesh = workloads.filter(({ injected }) => injected);
    const known = [...(gateway ? [gateway] : []), ...workloads];
    const named = [...inMesh, ...otherCallers(objects, known)];
    const callers = [...(gateway ? [gateway] : []), ...withKnownIdentity(named), ANYBODY];
    const columns = inMesh.map((target) => accessTo(target, objects));
    return {
        encryption: encryptionLines(objects.peers, workloads),
        callers: callers.map(({ name }) => name),
        targets: inMesh.map(({ name }) => name),
        access: callers.map((caller) => columns.map((access) => access(caller))),
        refusals: [...refusals(objects), ...limitLines(objects.envoyFilters)],
        exposure: exposureLines(plan, objects, entrances),
        certificates: certificateLines(plan, objects, entrances),
        egress: egressLines(plan, objects),
    };
}
