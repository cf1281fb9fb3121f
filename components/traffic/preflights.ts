import type { HTTPRoute } from "../istio/api";
import type { PathMatch } from "../mesh/meshService";
import { covers } from "./paths";
import type { TextMatch } from "./serviceTraffic";

/** Preflights of browsers (CORS) that the ingress gateway answers by itself. */
export interface Preflights {
    /** Hosts of the requests; `*` is any that no other service has. */
    hosts: string[];
    /** Paths of the requests. @default all */
    paths?: PathMatch[];
}

const EVERYTHING: TextMatch = { prefix: "/" };

/**
 * The preflights at some hosts that never get past the gateway: those for paths of which routes with CORS take all. Undefined
 * without any.
 */
export function preflightsOf(hosts: string[], http: HTTPRoute[]): Preflights | undefined {
    // A redirect is an answer of the gateway too.
    const taken = http.filter(({ redirect }) => !redirect).flatMap(takenBy);
    const forwarded = (path: TextMatch, from: number, to?: number) =>
        taken.slice(from, to).some((other) => !other.answers && overlap(path, other.path));
    if (!taken.some(({ answers }) => answers)) {
        return undefined;
    }
    if (taken.every(({ answers }) => answers)) {
        return { hosts };
    }
    const paths = taken.flatMap(({ path, answers, always }, index) => {
        const goesOn = forwarded(path, 0, index) || (!always && forwarded(path, index));
        return answers && !goesOn && !("regex" in path) ? [path] : [];
    });
    return paths.length > 0 ? { hosts, paths } : undefined;
}

/** The preflights that a route takes: for paths, all of them or those with certain headers alone. */
function takenBy({ match = [{}], corsPolicy }: HTTPRoute): { path: TextMatch; always: boolean; answers: boolean }[] {
    return match
        .filter(({ method }) => method === undefined || method.exact === "OPTIONS")
        .map(({ uri, headers = {} }) => ({
            path: uri ? (uri as TextMatch) : EVERYTHING,
            always: Object.keys(headers).length === 0,
            answers: corsPolicy !== undefined,
        }));
}

function overlap(one: TextMatch, other: TextMatch): boolean {
    return "regex" in other || covers(one, other) || covers(other, one);
}
