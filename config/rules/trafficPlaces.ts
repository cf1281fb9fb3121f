import type { MatchRule, RouteActions, ServiceTraffic } from "../../components/traffic/serviceTraffic";
import type { Mesh } from "../../mesh/mesh";
import type { Service } from "../../mesh/services";
import type { Problem } from "../problems";
import { onMesh, type Rule } from "./rule";

/** A service whose requests are treated somehow. */
export interface Treated {
    /** Its key in the settings, such as `traffic.services.reviews`. */
    key: string;
    service: Service;
    traffic: ServiceTraffic;
}

/** Every service that there is and that `traffic` is about, with the scenario's part in it. */
export function treated(mesh: Mesh): Treated[] {
    const services = new Map(mesh.services.map((service) => [service.name, service]));
    return Object.entries(mesh.traffic).flatMap(([name, traffic]) => {
        const service = services.get(name);
        return service ? [{ key: `traffic.services.${name}`, service, traffic }] : [];
    });
}

/** A rule that looks at each service by itself. */
export function forEachService(problemsOf: (treated: Treated) => Problem[]): Rule {
    return onMesh((mesh) => treated(mesh).flatMap(problemsOf));
}

/** The places of a service where something can be done to requests: the service itself, and each of its rules. */
export function actionPlaces({ key, traffic }: Treated): { key: string; actions: RouteActions; rule?: MatchRule }[] {
    const rules = (traffic.match ?? []).map((rule, index) => ({ key: `${key}.match[${index}]`, actions: rule, rule }));
    return [{ key, actions: traffic }, ...rules];
}
