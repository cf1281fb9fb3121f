import { at, isMap } from "../../model";
import { idOf, nameOf, namespaceOf, word, type KubernetesObject } from "../objects";
import { items } from "../../words";
import { pathWord, serverWords, type Lead, type WayIn } from "./way";

/** Istio's Gateways and the VirtualServices that lead on from them. Those of the egress gateway are ways out. */
export function istioWays(gateways: KubernetesObject[], virtualServices: KubernetesObject[]): WayIn[] {
    const leads = virtualServices.flatMap(leadsOf);
    return gateways
        .filter((gateway) => at(gateway, "spec", "selector", "istio") !== "egressgateway")
        .map((gateway) => {
            const own = leads.filter((lead) => lead.gateway === idOf(gateway)).map(({ lead }) => lead);
            return {
                id: idOf(gateway),
                name: nameOf(gateway),
                listeners: items(at(gateway, "spec", "servers")).map((server) => {
                    const redirects = at(server, "tls", "httpsRedirect") === true;
                    const credential = at(server, "tls", "credentialName");
                    return {
                        words: serverWords(server),
                        redirects,
                        leads: redirects ? [] : own,
                        ...(typeof credential === "string" && { credential }),
                    };
                }),
            };
        });
}

function leadsOf(virtualService: KubernetesObject): { gateway: string; lead: Lead }[] {
    const gateways = items(at(virtualService, "spec", "gateways")).filter((gateway) => gateway !== "mesh");
    return gateways.flatMap((gateway) =>
        items(at(virtualService, "spec", "http")).flatMap((http) => {
            const paths = items(at(http, "match")).flatMap(pathsOf);
            const targets = new Map(
                items(at(http, "route")).map((route) => [
                    serviceOf(word(at(route, "destination", "host")), virtualService),
                    word(at(route, "destination", "port", "number")),
                ]),
            );
            return [...targets].map(([service, port]) => ({
                gateway: qualified(word(gateway), virtualService),
                lead: { service, port, paths },
            }));
        }),
    );
}

function pathsOf(match: unknown): string[] {
    const uri = at(match, "uri");
    return isMap(uri) ? Object.entries(uri).map(([how, path]) => pathWord(path, how === "prefix")) : [];
}

/** The service that a host in a route means: short names belong to the object's own namespace. */
export function serviceOf(host: string, owner: KubernetesObject): string {
    const [name = "", namespace = namespaceOf(owner)] = host.split(".");
    return `${namespace}/${name}`;
}

function qualified(name: string, owner: KubernetesObject): string {
    return name.includes("/") ? name : `${namespaceOf(owner)}/${name}`;
}
