import type { MeshService } from "../components/mesh/meshService";
import type { TrafficPoliciesArgs } from "../components/traffic/trafficPolicies";
import type { Settings } from "../config/schema";
import { effectiveTraffic } from "../config/scenarios";

/** How the services are treated: by the scenario, and by what is set beside it. */
export function trafficArgs({ traffic }: Settings, services: MeshService[]): TrafficPoliciesArgs {
    return { services, traffic: effectiveTraffic(traffic) };
}
