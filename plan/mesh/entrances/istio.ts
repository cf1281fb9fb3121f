import { EGRESS_SELECTOR } from "../../../components/istio/gateways";
import type { GatewaySpec, HTTPMatchRequest, VirtualServiceSpec } from "../../../components/istio/api/specs";
import { idOf, nameOf, namespaceOf, type KubernetesObject, type Planned } from "../objects";
import { pathWord, serverWords, type Target, type Entrance } from "./entrance";

/** Istio's Gateways and their VirtualServices, except those of the egress gateway. */
export function istioEntrances(
    gateways: Planned<GatewaySpec>[],
    virtualServices: Planned<VirtualServiceSpec>[],
): Entrance[] {
    const targets = virtualServices.flatMap(targetsOf);
    return gateways
        .filter(({ spec }) => spec.selector?.istio !== EGRESS_SELECTOR.istio)
        .map((gateway) => {
            const own = targets.filter((target) => target.gateway === idOf(gateway)).map(({ target }) => target);
            return {
                id: idOf(gateway),
                name: nameOf(gateway),
                listeners: (gateway.spec.servers ?? []).map((server) => {
                    const redirects = server.tls?.httpsRedirect === true;
                    const credential = server.tls?.credentialName;
                    return {
                        words: serverWords(server),
                        redirects,
                        targets: redirects ? [] : own,
                        ...(credential !== undefined && { credential }),
                    };
                }),
            };
        });
}

function targetsOf(virtualService: Planned<VirtualServiceSpec>): { gateway: string; target: Target }[] {
    const { gateways = [], http = [] } = virtualService.spec;
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
                    gateway: qualified(gateway, virtualService),
                    target: { service, port, paths },
                }));
            }),
        );
}

function pathsOf({ uri = {} }: HTTPMatchRequest): string[] {
    return Object.entries(uri).map(([how, path]) => pathWord(path, how === "prefix"));
}

/** The service that a host in a route names: short names are in the object's own namespace. */
export function serviceOf(host: string, owner: KubernetesObject): string {
    const [name = "", namespace = namespaceOf(owner)] = host.split(".");
    return `${namespace}/${name}`;
}

function qualified(name: string, owner: KubernetesObject): string {
    return name.includes("/") ? name : `${namespaceOf(owner)}/${name}`;
}
