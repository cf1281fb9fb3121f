import type { Plan } from "../../../plan/model";
import { findDrift } from "../../../verify/drift";
import { liveObjects, plannedObjects } from "../../../verify/live";
import { connect } from "../../../verify/cluster";

/** How the cluster differs from a plan, a line each. */
export async function driftFrom(plan: Plan): Promise<string[]> {
    const { objects, schemas } = await liveObjects(plan, connect({}));
    // A cluster that cannot pull Istio's own proxy image fits Envoy with a filter of this name.
    const ours = objects.filter(({ metadata }) => metadata.name !== "plain-envoy");
    return findDrift(plannedObjects(plan), ours, schemas).map((drift) => {
        const place = drift.finding === "changed" ? ` at ${drift.path}` : "";
        return `${drift.object} ${drift.finding}${place}`;
    });
}
