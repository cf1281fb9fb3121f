import type { MeshService } from "../../components/mesh/meshService";
import type { MatchRule, RouteActions, ServiceTraffic } from "../../components/traffic/serviceTraffic";
import { meshServices, type ServiceSections } from "../meshServices";
import type { Problem } from "../problems";
import { effectiveTraffic } from "../scenarios";
import type { Settings } from "../schema";

/** A service whose requests are treated somehow. */
export interface Treated {
    /** Its key in the settings, such as `traffic.services.reviews`. */
    key: string;
    service: MeshService;
    traffic: ServiceTraffic;
}

/** The settings that traffic is checked against; undefined while one of them has problems of its own. */
export function visible(settings: Partial<Settings>): (ServiceSections & Pick<Settings, "traffic">) | undefined {
    const { traffic, bookinfo, gateway, clients, namespaces, services, istio } = settings;
    return traffic && bookinfo && gateway && clients && namespaces && services && istio
        ? { traffic, bookinfo, gateway, clients, namespaces, services, istio }
        : undefined;
}

/** Every service that there is and that `traffic` is about, with the scenario's part in it. */
export function treated(settings: Partial<Settings>): Treated[] {
    const all = visible(settings);
    if (!all) {
        return [];
    }
    const services = new Map(meshServices(all).map((service) => [service.name, service]));
    return Object.entries(effectiveTraffic(all.traffic)).flatMap(([name, traffic]) => {
        const service = services.get(name);
        return service ? [{ key: `traffic.services.${name}`, service, traffic }] : [];
    });
}

/** A rule that looks at each service by itself. */
export function forEachService(problemsOf: (treated: Treated) => Problem[]) {
    return (settings: Partial<Settings>) => treated(settings).flatMap(problemsOf);
}

/** The places of a service where something can be done to requests: the service itself, and each of its rules. */
export function actionPlaces({ key, traffic }: Treated): { key: string; actions: RouteActions; rule?: MatchRule }[] {
    const rules = (traffic.match ?? []).map((rule, index) => ({ key: `${key}.match[${index}]`, actions: rule, rule }));
    return [{ key, actions: traffic }, ...rules];
}
