import { EGRESS_SELECTOR } from "../../../components/istio/gateways";
import type { GatewaySpec, HTTPMatchRequest, Server, VirtualServiceSpec } from "../../../components/istio/api/specs";
import { idOf, nameOf, namespaceOf, type KubernetesObject, type Planned } from "../objects";
import { pathWord, requestWords, serverWords, type Entrance, type Listener, type Target } from "./entrance";

/** Where requests for a host go that arrive at a gateway. */
interface Way {
    /** Of the VirtualService. */
    urn: string;
    gateway: string;
    hosts: string[];
    target: Target;
}

/** Istio's Gateways and their VirtualServices, except those of the egress gateway. */
export function istioEntrances(
    gateways: Planned<GatewaySpec>[],
    virtualServices: Planned<VirtualServiceSpec>[],
): Entrance[] {
    const ways = virtualServices.flatMap(waysOf);
    return gateways
        .filter(({ spec }) => spec.selector?.istio !== EGRESS_SELECTOR.istio)
        .map((gateway) => {
            const own = ways.filter((way) => way.gateway === idOf(gateway));
            return {
                id: idOf(gateway),
                name: nameOf(gateway),
                kind: "Istio Gateway",
                listeners: (gateway.spec.servers ?? []).flatMap((server) => listenersOf(server, own)),
                urns: [gateway.urn, ...new Set(own.map(({ urn }) => urn))],
            };
        });
}

/** A server as listeners: hosts with the same routes are one. */
function listenersOf(server: Server, ways: Way[]): Listener[] {
    const redirects = server.tls?.httpsRedirect === true;
    const credential = server.tls?.credentialName;
    const groups = new Map<string, { hosts: string[]; targets: Target[] }>();
    for (const host of server.hosts ?? []) {
        const targets = redirects ? [] : ways.filter(({ hosts }) => hosts.includes(host)).map(({ target }) => target);
        const key = JSON.stringify(targets);
        groups.set(key, { hosts: [...(groups.get(key)?.hosts ?? []), host], targets });
    }
    return [...groups.values()].map(({ hosts, targets }) => ({
        words: serverWords({ ...server, hosts }),
        redirects,
        targets,
        ...(credential !== undefined && { credential }),
    }));
}

function waysOf(virtualService: Planned<VirtualServiceSpec>): Way[] {
    const { gateways = [], hosts = [], http = [] } = virtualService.spec;
    return gateways
        .filter((gateway) => gateway !== "mesh")
        .flatMap((gateway) =>
            http.flatMap(({ match = [], route = [] }) => {
                const paths = match.flatMap(pathsOf);
                const ports = new Map(
                    route.map(({ destination: { host, port } }) => [
                        serviceOf(host, virtualService),
                        String(port?.number ?? ""),
                    ]),
                );
                return [...ports].map(([service, port]) => ({
                    urn: virtualService.urn,
                    gateway: qualified(gateway, virtualService),
                    hosts,
                    target: { service, port, paths },
                }));
            }),
        );
}

function pathsOf({ uri = {}, method, headers = {} }: HTTPMatchRequest): string[] {
    return Object.entries(uri).map(([how, path]) =>
        requestWords(pathWord(path, how === "prefix"), method && Object.values(method)[0], Object.keys(headers)),
    );
}

/** The service that a host in a route names: short names are in the object's own namespace. */
export function serviceOf(host: string, owner: KubernetesObject): string {
    const [name = "", namespace = namespaceOf(owner)] = host.split(".");
    return `${namespace}/${name}`;
}

function qualified(name: string, owner: KubernetesObject): string {
    return name.includes("/") ? name : `${namespaceOf(owner)}/${name}`;
}
