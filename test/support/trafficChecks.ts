import type {
    Destination,
    DestinationRuleSpec,
    GatewaySpec,
    HTTPRoute,
    VirtualServiceSpec,
} from "../../components/istio/api";
import { at, type Plan } from "../../plan/model";
import { ofType } from "../../plan/query";

interface Named<Spec> {
    name: string;
    namespace: string;
    spec: Spec;
}

function objects<Spec>(plan: Plan, kind: string): Named<Spec>[] {
    return ofType(plan, kind).map(({ inputs }) => ({
        name: at(inputs, "metadata", "name") as string,
        namespace: at(inputs, "metadata", "namespace") as string,
        spec: inputs.spec as unknown as Spec,
    }));
}

/** What `VirtualService`s, `DestinationRule`s and `Gateway`s of a plan contradict in each other, which no schema can tell. */
export function trafficProblems(plan: Plan, ports: Record<string, number> = servicePorts(plan)): string[] {
    const virtualServices = objects<VirtualServiceSpec>(plan, "VirtualService");
    const rules = objects<DestinationRuleSpec>(plan, "DestinationRule");
    const gateways = objects<GatewaySpec>(plan, "Gateway");
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
