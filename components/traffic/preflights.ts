import type { HTTPRoute } from "../istio/api";
import type { MeshService, PathMatch } from "../mesh/meshService";
import { gatewayRoutes } from "./httpRoutes";
import { covers } from "./paths";
import type { ServiceTraffic, TextMatch } from "./serviceTraffic";

/** Preflights of browsers (CORS) that the ingress gateway answers by itself. */
export interface Preflights {
    /** Hosts of the requests; `*` is any that no other service has. */
    hosts: string[];
    /** Paths of the requests. @default all */
    paths?: PathMatch[];
}

const EVERYTHING: TextMatch = { prefix: "/" };

/**
 * The preflights of an open service that never get past the gateway: those for paths whose every route answers them.
 * Undefined without any.
 */
export function preflightsOf(service: MeshService, traffic: ServiceTraffic | undefined): Preflights | undefined {
    const { exposure } = service;
    // A redirect is an answer of the gateway too.
    const routes = gatewayRoutes(service, traffic).filter(({ redirect }) => !redirect);
    const answering = routes.filter(({ corsPolicy }) => corsPolicy);
    if (!exposure || answering.length === 0) {
        return undefined;
    }
    const { hosts } = exposure;
    const forwarded = routes.filter((route) => !route.corsPolicy).flatMap(pathsOf);
    if (forwarded.length === 0) {
        return { hosts };
    }
    const overlaps = (one: TextMatch, other: TextMatch) => "regex" in other || covers(one, other) || covers(other, one);
    const paths = answering
        .flatMap(pathsOf)
        .filter((path): path is PathMatch => !("regex" in path) && !forwarded.some((other) => overlaps(path, other)));
    return paths.length > 0 ? { hosts, paths } : undefined;
}

/** The paths of a route, regardless of its other conditions. */
function pathsOf({ match = [{}] }: HTTPRoute): TextMatch[] {
    return match.map(({ uri }) => (uri ? (uri as TextMatch) : EVERYTHING));
}
