import type { MeshService } from "../components/mesh/meshService";
import type { BookinfoIngressArgs } from "../components/traffic/bookinfoIngress";
import type { TrafficPoliciesArgs } from "../components/traffic/trafficPolicies";
import type { Settings } from "../config/schema";
import { effectiveTraffic } from "../config/scenarios";

/** How the services are treated: by the scenario, and by what is set beside it. */
export function trafficArgs({ traffic }: Settings, services: MeshService[]): TrafficPoliciesArgs {
    return { services, traffic: effectiveTraffic(traffic) };
}

/** Productpage at the gateway, treated there as inside the mesh. */
export function bookinfoIngressArgs({ bookinfo, gateway, traffic }: Settings): BookinfoIngressArgs {
    const { hosts, ports, tls } = gateway;
    return {
        namespace: bookinfo.namespace,
        traffic: effectiveTraffic(traffic).productpage,
        hosts,
        httpPort: ports.http,
        https: tls && { ...tls, port: ports.https },
    };
}
