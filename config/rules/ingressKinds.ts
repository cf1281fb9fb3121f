import { entryOf } from "../../components/entry";
import { ACTION_NAMES, ROUTE_ACTIONS, type ActionName } from "../../components/traffic/routeActions";
import { removeCommand, setCommand, type Problem } from "../problems";
import { onMesh, type Rule } from "./rule";
import { treated } from "./trafficPlaces";

/**
 * An Ingress or HTTPRoute leads to the whole Service: its VirtualService counts inside the mesh only. What the outside would
 * silently do without is refused.
 */
const routesReachTheGateway = onMesh((mesh, { gateway, traffic: set }) => {
    if (gateway.kind === "istio") {
        return [];
    }
    return treated(mesh).flatMap(({ key: place, service, traffic }): Problem[] => {
        const { name, versions, exposure } = service;
        // All requests to the only version there is are requests to the Service.
        const isIdle = (name: ActionName) => name === "route" && Object.keys(versions).length < 2;
        const unable = ACTION_NAMES.filter((name) => !ROUTE_ACTIONS[name].gatewayKinds.includes(gateway.kind));
        const matched = traffic.match?.some((rule) => unable.some((name) => rule[name] !== undefined));
        const lost = matched ? "match" : unable.find((name) => !isIdle(name) && traffic[name] !== undefined);
        if (!exposure || lost === undefined) {
            return [];
        }
        const own = entryOf(set.services, name)?.[lost] !== undefined;
        const key = own ? `${place}.${lost}` : "traffic.scenario";
        const message = `routes requests to ${name} by ${lost}, which gateway.kind ${gateway.kind} does not support at the gateway`;
        return [{ key, message, fix: [own ? removeCommand(key) : setCommand("gateway.kind", "istio")] }];
    });
});

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
