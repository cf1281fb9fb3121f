import type { Plan } from "../../plan/model";
import { recorded } from "../support/recorded";

const address = "203.0.113.7/32";

/** The node pool of the dev stack, with a range to grow in. */
export const POOL = {
    name: "workers",
    shape: "VM.Standard.E5.Flex",
    ocpus: 2,
    memoryInGbs: 16,
    size: 3,
    autoscaling: { min: 3, max: 6 },
};

/** What the dev stack lacks of what this program makes on OCI. */
export const EVERYTHING: Record<string, Record<string, unknown>> = {
    network: { bastion: { allowedCidrs: [address] } },
    cluster: { endpoint: { allowedCidrs: [address] }, nodePools: [POOL] },
    gateway: {
        hosts: ["bookinfo.example.com"],
        dns: { zone: "example.com" },
        loadBalancer: { reservedIp: { source: "new" } },
    },
    apm: { isFreeTier: false },
    alarms: { subscriptions: [{ protocol: "EMAIL", endpoint: "ops@example.com" }] },
};

/** A plan with every kind of thing that this program makes on OCI. */
export function everythingOnOci(): Promise<Plan> {
    return recorded({ stack: "dev", override: EVERYTHING });
}
