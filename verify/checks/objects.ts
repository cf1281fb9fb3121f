import { findDrift } from "../drift";
import { failed, passed, type Check, type Subject } from "../check";
import { liveObjects, plannedObjects } from "../live";

/** Istio's, the Gateway API's and NetworkPolicies' objects, compared with the planned ones. */
export function objectChecks({ cluster, plan }: Subject): Check[] {
    const planned = plannedObjects(plan);
    return [
        {
            group: "objects",
            name: "objects that govern the mesh",
            expected: `the ${planned.length} planned ones, unchanged, and no others`,
            run: async () => {
                const { objects, schemas } = await liveObjects(plan, cluster);
                const drift = findDrift(planned, objects, schemas);
                const causes = drift.map((each) => ({
                    what: `${each.object} is ${each.finding}${each.finding === "changed" ? ` at ${each.path}` : ""}.`,
                    fix:
                        each.finding === "foreign"
                            ? "Delete it, or add it to the program."
                            : "pulumi up restores it, after pulumi refresh has seen it.",
                    command: "npm run drift",
                }));
                return drift.length > 0
                    ? failed(`${drift.length} differences`, causes)
                    : passed(`${planned.length} as planned`);
            },
        },
    ];
}
