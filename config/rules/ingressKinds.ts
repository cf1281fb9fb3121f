import type { ServiceTraffic } from "../../components/traffic/serviceTraffic";
import { removeCommand, setCommand, type Problem } from "../problems";
import type { Rule } from "./rule";
import { treated } from "./trafficPlaces";

/** What is a route's to say. How clients connect (`connectionPool`, `loadBalancer`, ...) holds for the gateway under any kind. */
const OF_ROUTES: (keyof ServiceTraffic)[] = [
    "match",
    "rewrite",
    "redirect",
    "timeout",
    "retries",
    "fault",
    "mirror",
    "cors",
    "requestHeaders",
    "responseHeaders",
];

/**
 * An Ingress or HTTPRoute leads to the whole Service: its VirtualService counts inside the mesh only. What the outside would
 * silently do without is refused.
 */
const routesReachTheGateway: Rule = (settings) => {
    const { gateway, traffic: given } = settings;
    if (!gateway || gateway.kind === "istio") {
        return [];
    }
    return treated(settings).flatMap(({ key: place, service, traffic }): Problem[] => {
        const { name, versions, exposure } = service;
        // All requests to the only version there is are requests to the Service.
        const chooses = traffic.route !== undefined && Object.keys(versions).length > 1;
        const lost = OF_ROUTES.find((setting) => traffic[setting] !== undefined) ?? (chooses ? "route" : undefined);
        if (!exposure || lost === undefined) {
            return [];
        }
        const own = given?.services[name]?.[lost] !== undefined;
        const key = own ? `${place}.${lost}` : "traffic.scenario";
        const message = `routes requests to ${name} by ${lost}, which gateway.kind ${gateway.kind} cannot at the gateway`;
        return [{ key, message, mend: [own ? removeCommand(key) : setCommand("gateway.kind", "istio")] }];
    });
};

export const ingressKindRules = [routesReachTheGateway];
