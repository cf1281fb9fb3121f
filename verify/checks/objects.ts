import { findDrift } from "../drift";
import { failed, passed, type Check, type Subject } from "../check";
import type { LiveObject } from "../cluster";
import { liveObjects, plannedObjects } from "../live";

const GATEWAY_API = "gateway.networking.k8s.io/v1";

interface Condition {
    type: string;
    status: string;
    message?: string;
}

/** A Gateway, or a route, which has conditions for each Gateway that it is attached to. */
interface Judged extends LiveObject {
    status?: { conditions?: Condition[]; parents?: { conditions?: Condition[] }[] };
}

/** What istiod says of the Gateway API's objects: unlike Istio's own, they may be there and not be accepted. */
function accepted({ cluster, settings }: Subject): Check[] {
    return settings.gateway.kind !== "gateway-api"
        ? []
        : [
              {
                  group: "objects",
                  name: "Gateway API objects accepted",
                  expected: "accepted by istiod, with all that they refer to",
                  run: async () => {
                      const kinds = ["Gateway", "HTTPRoute"].map((kind) => cluster.list<Judged>(GATEWAY_API, kind));
                      const all = (await Promise.all(kinds)).flat();
                      const causes = all.flatMap(({ kind, metadata: { name, namespace }, status }) =>
                          [
                              ...(status?.conditions ?? []),
                              ...(status?.parents ?? []).flatMap((each) => each.conditions ?? []),
                          ]
                              .filter(({ type, status: is }) => DECIDES.test(type) && is !== "True")
                              .map(({ type, message = "" }) => ({
                                  what: `${kind} ${namespace}/${name} is not ${type}: ${message}`,
                                  fix: "Correct what the message names, then run pulumi up.",
                                  command: `kubectl describe ${kind.toLowerCase()}.${GATEWAY_API.split("/")[0]} ${name} -n ${namespace}`,
                              })),
                      );
                      return causes.length > 0
                          ? failed(`${causes.length} refused`, causes)
                          : passed(`${all.length} accepted`);
                  },
              },
          ];
}

const DECIDES = /^(Accepted|Programmed|ResolvedRefs)$/;

/** Istio's, the Gateway API's and NetworkPolicies' objects, compared with the planned ones. */
export function objectChecks(subject: Subject): Check[] {
    const { cluster, plan } = subject;
    const planned = plannedObjects(plan);
    return [
        ...accepted(subject),
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
