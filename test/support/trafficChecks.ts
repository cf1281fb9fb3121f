import type {
    Destination,
    DestinationRuleSpec,
    GatewaySpec,
    HTTPRoute,
    VirtualServiceSpec,
} from "../../components/istio/api";
import { at, type Plan } from "../../plan/model";
import { ofType } from "../../plan/query";

/** An object as the cluster would get it. */
export interface TrafficObject {
    kind: string;
    metadata: { name: string; namespace: string };
    spec: unknown;
}

interface Named<Spec> {
    name: string;
    namespace: string;
    spec: Spec;
}

function ofKind<Spec>(all: TrafficObject[], wanted: string): Named<Spec>[] {
    return all
        .filter(({ kind }) => kind === wanted)
        .map(({ metadata, spec }) => ({ name: metadata.name, namespace: metadata.namespace, spec: spec as Spec }));
}

/** `trafficProblems` of a plan's own objects and Services. */
export function trafficProblemsIn(plan: Plan): string[] {
    const objects = ["VirtualService", "DestinationRule", "Gateway"].flatMap((kind) =>
        ofType(plan, kind).map(({ inputs }) => inputs as unknown as TrafficObject),
    );
    return trafficProblems(objects, servicePorts(plan));
}

/**
 * What VirtualServices, DestinationRules and Gateways contradict in each other, which no schema can tell.
 * `ports` are those of the Services, by `namespace/name`.
 */
export function trafficProblems(objects: TrafficObject[], ports: Record<string, number>): string[] {
    const virtualServices = ofKind<VirtualServiceSpec>(objects, "VirtualService");
    const rules = ofKind<DestinationRuleSpec>(objects, "DestinationRule");
    const gateways = ofKind<GatewaySpec>(objects, "Gateway");
    const key = ({ host }: { host: string }, namespace: string) => `${namespace}/${host}`;
    const subsets = new Map(
        rules.map(({ spec, namespace }) => [key(spec, namespace), (spec.subsets ?? []).map(({ name }) => name)]),
    );
    const problems = virtualServices.flatMap(({ name, namespace, spec }) => {
        const where = `VirtualService ${namespace}/${name}`;
        const routes = [...(spec.http ?? []), ...(spec.tcp ?? [])];
        const destinations = routes.flatMap((route) => [
            ...(route.route ?? []).map(({ destination }) => destination),
            ...("mirror" in route && route.mirror ? [route.mirror] : []),
        ]);
        return [
            ...(routes.length === 0 ? [`${where} has no routes`] : []),
            ...destinations.flatMap((destination) => destinationProblems(where, destination, namespace)),
            ...routes.flatMap(({ route }) => weightProblems(where, route ?? [])),
            ...(spec.gateways ?? []).flatMap((gateway) => gatewayProblems(where, gateway, namespace, spec.hosts ?? [])),
            ...hiddenRoutes(where, spec.http ?? []),
        ];
    });
    return [
        ...problems,
        ...twice("VirtualService host", virtualServices.flatMap(meshHosts)),
        ...twice("DestinationRule host", [...rules.map(({ spec, namespace }) => key(spec, namespace))]),
    ];

    function destinationProblems(where: string, { host, subset, port }: Destination, namespace: string): string[] {
        const place = key({ host }, namespace);
        const known = subsets.get(place) ?? [];
        const open = ports[place];
        return [
            ...(subset === undefined || known.includes(subset) ? [] : [`${where}: ${host} has no subset ${subset}`]),
            ...(open === undefined ? [`${where}: there is no service ${host}`] : []),
            ...(port?.number === undefined || port.number === open
                ? []
                : [`${where}: ${host} has no port ${port.number}`]),
        ];
    }

    function gatewayProblems(where: string, gateway: string, namespace: string, hosts: string[]): string[] {
        const found = gateways.find((each) => each.name === gateway && each.namespace === namespace);
        const open = (found?.spec.servers ?? []).flatMap((server) => server.hosts ?? []);
        const closed = hosts.filter((host) => !open.includes(host));
        return found
            ? closed.map((host) => `${where}: ${gateway} does not listen for ${host}`)
            : [`${where}: there is no Gateway ${gateway}`];
    }
}

/** Hosts of a VirtualService for callers in the mesh. */
function meshHosts({ spec, namespace }: Named<VirtualServiceSpec>): string[] {
    return spec.gateways ? [] : (spec.hosts ?? []).map((host) => `${namespace}/${host}`);
}

function weightProblems(where: string, route: { weight?: number }[]): string[] {
    const weights = route.map(({ weight }) => weight);
    if (weights.length < 2) {
        return [];
    }
    const sum = weights.reduce<number>((total, weight) => total + (weight ?? 0), 0);
    return sum === 100 && !weights.includes(undefined) ? [] : [`${where}: weights ${weights.join("+")} are not 100`];
}

/** Routes after one that takes every request. */
function hiddenRoutes(where: string, http: HTTPRoute[]): string[] {
    const all = http.findIndex(
        ({ match }) => match === undefined || match.some((each) => Object.keys(each).length === 0),
    );
    return all >= 0 && all < http.length - 1 ? [`${where}: routes after ${all} are never reached`] : [];
}

function twice(what: string, names: string[]): string[] {
    return names.filter((name, index) => names.indexOf(name) < index).map((name) => `${what} ${name} is there twice`);
}

/** Ports of the Services in a plan. */
function servicePorts(plan: Plan): Record<string, number> {
    return Object.fromEntries(
        ofType(plan, "Service").map(({ inputs }) => [
            `${at(inputs, "metadata", "namespace") as string}/${at(inputs, "metadata", "name") as string}`,
            at(inputs, "spec", "ports", 0, "port") as number,
        ]),
    );
}
