import type { Plan } from "../../plan/model";
import { record } from "../../plan/record/record";

let plan: Promise<Plan> | undefined;

/** A plan with every kind of thing that this program makes on OCI. */
export function everythingOnOci(): Promise<Plan> {
    const address = "203.0.113.7/32";
    plan ??= record({
        stack: "dev",
        override: {
            network: { bastion: { allowedCidrs: [address] } },
            cluster: { endpoint: { allowedCidrs: [address] } },
            apm: { isFreeTier: false },
            alarms: { subscriptions: [{ protocol: "EMAIL", endpoint: "ops@example.com" }] },
        },
    });
    return plan;
}
