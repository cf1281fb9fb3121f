import { entryOf } from "../../components/entry";
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
        const own = (given && entryOf(given.services, name))?.[lost] !== undefined;
        const key = own ? `${place}.${lost}` : "traffic.scenario";
        const message = `routes requests to ${name} by ${lost}, which gateway.kind ${gateway.kind} does not support at the gateway`;
        return [{ key, message, fix: [own ? removeCommand(key) : setCommand("gateway.kind", "istio")] }];
    });
};

/**
 * Istio serves Ingresses at these ports, whatever the gateway's Service has.
 * https://github.com/istio/istio/blob/release-1.31/pilot/pkg/config/kube/ingress/conversion.go
 */
const INGRESS_PORTS = { http: 80, https: 443 };

const ingressesHaveTheirPorts: Rule = ({ gateway }) =>
    gateway?.kind !== "ingress"
        ? []
        : Object.entries(INGRESS_PORTS)
              .map(([name, served]) => ({ name, served, port: gateway.ports[name as keyof typeof INGRESS_PORTS] }))
              .filter(({ served, port }) => port !== served)
              .map(({ name, served, port }): Problem => {
                  const key = `gateway.ports.${name}`;
                  const message = `is ${port}, but Istio serves an Ingress at ${served} only`;
                  return { key, message, fix: [setCommand(key, served)] };
              });

export const ingressKindRules = [routesReachTheGateway, ingressesHaveTheirPorts];
