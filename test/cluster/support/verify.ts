import { strict as assert } from "node:assert";
import { readSettings } from "../../../config/load";
import { resolveMesh } from "../../../mesh/mesh";
import { GROUPS, type Group, type Subject } from "../../../verify/check";
import { connect, type Cluster, type LiveObject } from "../../../verify/cluster";
import type { Pair } from "../../../verify/http";
import { lookAt } from "../../../verify/look";
import { ociCli } from "../../../verify/oci";
import { renderTable } from "../../../verify/report";
import { exitCodeOf, runUntilPassed, type Look, type Result } from "../../../verify/run";
import { meshPlan } from "./mesh";
import { PATIENCE } from "./until";

/** What `npm run verify` knows of the mesh at hand. Its plan must be the last that was recorded. */
export function knownNow(): Omit<Subject, "cluster" | "gateway"> {
    const settings = readSettings();
    return { settings, mesh: resolveMesh(settings), plan: meshPlan(), outputs: {}, oci: ociCli() };
}

/** A fresh look at the cluster of the tests, as `npm run verify` has it. */
export const freshLook = (known: ReturnType<typeof knownNow>, groups: readonly Group[] = GROUPS): Look =>
    lookAt(known, withoutPlainEnvoy(connect({})), groups);

/** Limits of `npm run verify`, with tries as close as tests have them. */
const LIMITS = { check: 90, run: 300, pause: 0.4, silent: 6 };

/** The checks of these groups pass, as soon as what was deployed has reached every proxy. */
export async function assertVerified(groups: readonly Group[] = GROUPS, client?: Pair): Promise<Result[]> {
    const known = { ...knownNow(), client };
    const results = await runUntilPassed(
        () => freshLook(known, groups),
        PATIENCE,
        () => undefined,
        LIMITS,
    );
    const table = renderTable(results);
    assert.equal(exitCodeOf(results), 0, table);
    if (process.env.VERIFY_TABLE) {
        console.log(table);
    }
    return results;
}

/** Without the filter that a cluster which cannot pull Istio's own proxy image fits Envoy with. */
function withoutPlainEnvoy(cluster: Cluster): Cluster {
    return {
        list: async <T extends LiveObject>(apiVersion: string, kind: string, namespace?: string) => {
            const objects = await cluster.list<T>(apiVersion, kind, namespace);
            return objects.filter(({ metadata }) => metadata.name !== "plain-envoy");
        },
        exec: (...given) => cluster.exec(...given),
        logs: (...given) => cluster.logs(...given),
        forward: (...given) => cluster.forward(...given),
    };
}
