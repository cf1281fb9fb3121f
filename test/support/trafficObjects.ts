import { isExposed, type MeshService } from "../../components/mesh/meshService";
import { destinationRule } from "../../components/traffic/destinationRules";
import { gatewayRoutes } from "../../components/traffic/gatewayRoutes";
import type { ServiceTraffic } from "../../components/traffic/serviceTraffic";
import { virtualService } from "../../components/traffic/trafficPolicies";
import { readSettings } from "../../config/load";
import { resolveMesh } from "../../mesh/mesh";
import { configure } from "../config/settings";
import { MESH } from "./trafficArbitraries";
import type { TrafficObject } from "./trafficChecks";

export interface Treated {
    service: MeshService;
    traffic: ServiceTraffic;
}

/** What the program makes of settings, without a recording. */
export function treated(traffic: object): Treated[] {
    configure({ ...MESH, traffic });
    const mesh = resolveMesh(readSettings());
    return mesh.services.map((service) => ({ service, traffic: mesh.traffic[service.name] ?? {} }));
}

/** The objects that a component would register for them; those that are open get a Gateway. */
export function objectsOf(services: Treated[]): TrafficObject[] {
    return services.flatMap(({ service, traffic }) => {
        const metadata = { name: service.host, namespace: service.namespace };
        const gateways = ["outside"];
        const specs: [kind: string, name: string, spec: object | false | undefined][] = [
            ["DestinationRule", service.host, destinationRule(service, traffic)],
            ["VirtualService", service.host, virtualService(service, traffic)],
            [
                "Gateway",
                "outside",
                service.exposure && {
                    selector: {},
                    servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: service.exposure.hosts }],
                },
            ],
            [
                "VirtualService",
                `${service.host}-outside`,
                isExposed(service) && {
                    hosts: service.exposure.hosts,
                    gateways,
                    http: gatewayRoutes([{ service, traffic }], service.namespace),
                },
            ],
        ];
        return specs.flatMap(([kind, name, spec]) => (spec ? [{ kind, metadata: { ...metadata, name }, spec }] : []));
    });
}
