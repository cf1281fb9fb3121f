import type { GatewaySpec as ApiGateway, HTTPRouteMatch, HTTPRouteSpec } from "../../components/gatewayApi/specs";
import type { GatewaySpec, HTTPRoute, VirtualServiceSpec } from "../../components/istio/api";
import type { MeshObject } from "./meshObjects";
import { routeFor } from "./requests";

/** A request to the gateway over plain HTTP. */
export interface HostRequest {
    host: string;
    path: string;
    method: string;
    headers: Record<string, string>;
}

/** Who gets a request: `namespace/service`, and with Istio's kinds by which route; undefined is 404. */
export type Answer = { service: string; route?: HTTPRoute } | undefined;

/** The most specific of the hosts that stand for a host: itself, the longest wildcard, or any. */
export function mostSpecific(hosts: string[], host: string): string | undefined {
    const fitting = hosts.filter(
        (each) => each === host || each === "*" || (each.startsWith("*.") && host.endsWith(each.slice(1))),
    );
    const rank = (each: string) => (each === host ? Infinity : each.length);
    return fitting.sort((one, other) => rank(other) - rank(one))[0];
}

/** Whether a path is the prefix or below it. */
export function isBelow(prefix: string, path: string): boolean {
    const whole = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
    return path === whole || path.startsWith(`${whole}/`);
}

interface Named<Spec> {
    metadata: { name: string; namespace: string };
    spec: Spec;
}

function ofKind<Spec>(objects: MeshObject[], group: string, kind: string): Named<Spec>[] {
    return objects.filter((each) => each.kind === kind && each.apiVersion.startsWith(`${group}/`)) as Named<Spec>[];
}

/** Istio: the VirtualService of the host; of its routes the first that fits. Two for one host would be merged by chance. */
export function askIstio(objects: MeshObject[], request: HostRequest): Answer {
    const gateways = ofKind<GatewaySpec>(objects, "networking.istio.io", "Gateway");
    const open = gateways.flatMap(({ metadata, spec }) =>
        (spec.servers ?? []).flatMap(({ hosts }) =>
            hosts.map((host) => ({ host, gateway: `${metadata.namespace}/${metadata.name}` })),
        ),
    );
    const host = mostSpecific(
        open.map((each) => each.host),
        request.host,
    );
    const serving = open.filter((each) => each.host === host);
    const routes = ofKind<VirtualServiceSpec>(objects, "networking.istio.io", "VirtualService").filter(
        ({ metadata, spec }) =>
            host !== undefined &&
            spec.hosts?.includes(host) &&
            spec.gateways?.some((name) => serving.some(({ gateway }) => gateway === `${metadata.namespace}/${name}`)),
    );
    if (serving.length > 1 || routes.length > 1) {
        throw new Error(`${host} is served by ${serving.length} servers and ${routes.length} VirtualServices`);
    }
    const [own] = routes;
    const route = own && routeFor(own.spec.http ?? [], request);
    const destination = route?.route?.[0]?.destination;
    if (!own || !destination) {
        return undefined;
    }
    const [name, namespace = own.metadata.namespace] = destination.host.split(".");
    return { service: `${namespace}/${name}`, route };
}

/** https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule; all routes are of the same age. */
export function askGatewayApi(objects: MeshObject[], { host, path, method, headers }: HostRequest): Answer {
    const listeners = ofKind<ApiGateway>(objects, "gateway.networking.k8s.io", "Gateway").flatMap(
        ({ metadata, spec }) => spec.listeners.map((listener) => ({ gateway: metadata.name, ...listener })),
    );
    const names = listeners.map(({ hostname = "*" }) => hostname);
    const served = mostSpecific(names, host);
    const serving = listeners.filter(({ hostname = "*" }) => hostname === served);
    if (serving.length > 1) {
        throw new Error(`${served} has ${serving.length} listeners`);
    }
    const [listener] = serving;
    const fits = ({ path: wanted, method: by, headers: all = [] }: HTTPRouteMatch) =>
        (wanted?.type === "Exact" ? wanted.value === path : isBelow(wanted?.value ?? "/", path)) &&
        (by === undefined || by === method) &&
        all.every(({ name, value }) => headers[name] === value);
    const matching = ofKind<HTTPRouteSpec>(objects, "gateway.networking.k8s.io", "HTTPRoute").flatMap(
        ({ metadata, spec }) => {
            const attached = spec.parentRefs?.some(
                ({ name, sectionName }) => name === listener?.gateway && sectionName === listener.name,
            );
            const { matchLabels, matchExpressions } = listener?.allowedRoutes?.namespaces?.selector ?? {};
            const admitted = [...Object.values(matchLabels ?? {}), ...(matchExpressions?.[0]?.values ?? [])];
            return attached && admitted.includes(metadata.namespace)
                ? (spec.rules ?? []).flatMap(({ matches = [], backendRefs = [] }) =>
                      matches.filter(fits).map((match) => ({ match, route: metadata, backend: backendRefs[0]?.name })),
                  )
                : [];
        },
    );
    const rank = ({ match, route }: (typeof matching)[number]) => [
        match.path?.type === "Exact" ? 0 : 1,
        -(match.path?.value ?? "/").replace(/(.)\/$/, "$1").length,
        match.method ? 0 : 1,
        -(match.headers ?? []).length,
        `${route.namespace}/${route.name}`,
    ];
    const [first] = matching.sort((one, other) => compare(rank(one), rank(other)));
    return first && { service: `${first.route.namespace}/${first.backend}` };
}

interface IngressSpec {
    rules: {
        host?: string;
        http: { paths: { path: string; pathType: string; backend: { service: { name: string } } }[] };
    }[];
}

/** https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches */
export function askIngress(objects: MeshObject[], { host, path }: HostRequest): Answer {
    const paths = ofKind<IngressSpec>(objects, "networking.k8s.io", "Ingress").flatMap(({ metadata, spec }) =>
        spec.rules.flatMap((rule) =>
            rule.http.paths.map((each) => ({ ...each, of: rule.host ?? "*", namespace: metadata.namespace })),
        ),
    );
    const served = mostSpecific(
        paths.map(({ of }) => of),
        host,
    );
    const [first] = paths
        .filter(({ of }) => of === served)
        .filter((each) => (each.pathType === "Exact" ? each.path === path : isBelow(each.path, path)))
        .sort((one, other) => compare([-one.path.length, one.pathType], [-other.path.length, other.pathType]));
    return first && { service: `${first.namespace}/${first.backend.service.name}` };
}

function compare(one: (number | string)[], other: (number | string)[]): number {
    const at = one.findIndex((each, index) => each !== other[index]);
    return at < 0 ? 0 : one[at]! < other[at]! ? -1 : 1;
}
