import type { StackSettings } from "../../../config/load";
import { resolveMesh } from "../../../mesh/mesh";
import type { Plan } from "../../../plan/model";
import { GROUPS, type Group } from "../../../verify/check";
import { connect, type Cluster, type LiveObject } from "../../../verify/cluster";
import { lookAt } from "../../../verify/look";
import { ociCli } from "../../../verify/oci";
import type { Look } from "../../../verify/run";

/** A fresh look at the cluster of the tests, as `npm run verify` has it. */
export function freshLook(plan: Plan, settings: StackSettings, groups: readonly Group[] = GROUPS): Look {
    const known = { settings, mesh: resolveMesh(settings), plan, outputs: {}, oci: ociCli() };
    return lookAt(known, withoutPlainEnvoy(connect({})), groups);
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
