import { at, type Plan } from "../../model";
import { ofType } from "../../query";
import { accessTo, refusals, type Access } from "./access";
import { certificateLines } from "./certificates";
import { egressLines } from "./egress";
import { encryptionLines } from "./encryption";
import { exposureLines } from "./exposure";
import { waysIn } from "../ways/waysIn";
import { securityObjects } from "./objects";
import { gatewayOf, otherCallers, workloadsOf, type Workload } from "./workloads";

/** How safe the mesh would be, read from the planned objects. */
export interface Posture {
    /** What is encrypted, and whom that cuts off. */
    encryption: string[];
    /** Rows: from the gateway, each workload, and whoever has no sidecar. */
    callers: string[];
    /** Columns: workloads that have a sidecar. */
    targets: string[];
    /** By row and column. */
    access: Access[][];
    /** Policies that may refuse what the matrix allows. */
    refusals: string[];
    /** What can be reached from outside. */
    exposure: string[];
    /** Where the certificates shown there come from, and when they end. */
    certificates: string[];
    /** What may be called outside. */
    egress: string[];
}

/** A caller for all that have no sidecar, wherever they are. */
const ANYBODY: Workload = { name: "no sidecar", namespace: "", labels: {}, identity: undefined, injected: false };

/** The posture of a plan; undefined where there is no mesh in it. */
export function postureOf(plan: Plan): Posture | undefined {
    const hasMesh = ofType(plan, "Release").some(({ inputs }) => at(inputs, "values", "meshConfig") !== undefined);
    if (!hasMesh) {
        return undefined;
    }
    const objects = securityObjects(plan);
    const ways = waysIn(plan);
    const workloads = workloadsOf(objects);
    const gateway = gatewayOf(plan);
    const inMesh = workloads.filter(({ injected }) => injected);
    const known = [...(gateway ? [gateway] : []), ...workloads];
    const callers = [...(gateway ? [gateway] : []), ...inMesh, ...otherCallers(objects, known), ANYBODY];
    const columns = inMesh.map((target) => accessTo(target, objects));
    return {
        encryption: encryptionLines(objects.peers, workloads),
        callers: callers.map(({ name }) => name),
        targets: inMesh.map(({ name }) => name),
        access: callers.map((caller) => columns.map((access) => access(caller))),
        refusals: refusals(objects),
        exposure: exposureLines(plan, objects, ways),
        certificates: certificateLines(plan, objects, ways),
        egress: egressLines(plan, objects),
    };
}
