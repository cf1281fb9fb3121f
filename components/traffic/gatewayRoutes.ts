import type { HTTPRoute } from "../istio/api";
import { fullHost, textOf, type PathMatch } from "../mesh/meshService";
import { claimHeaders, USER_HEADER } from "./conditions";
import { routesOf, rulesOf, type RoutedRule } from "./httpRoutes";
import { bringsPaths, byPrecedence, exposedOf, openingsOf, type BehindHost, type Opening } from "./openings";
import { both, covers, matches, within } from "./paths";
import { askingFor } from "./preflights";
import type { TextMatch } from "./serviceTraffic";

/** Openings of one service that no other comes between. */
export interface Block extends BehindHost {
    openings: Opening[];
    /** Whether the service has the host to itself. */
    alone: boolean;
}

/**
 * The routes of a host at the ingress gateway, in the order they are tried: the most specific opening first, and of it all
 * rules of its service as inside the mesh, limited to what is open. Everything else is 404.
 * @param namespace Where the routes stand; their own services have short names there. @default nowhere near a service
 */
export function gatewayRoutes(behind: BehindHost[], namespace?: string): HTTPRoute[] {
    return routesOf(blocksOf(behind).flatMap((block) => rulesIn(block, namespace)));
}

/** What is open at a host, in order. */
export function blocksOf(behind: BehindHost[]): Block[] {
    const alone = behind.length === 1;
    const openings = behind.flatMap((each) => openingsOf(each, alone));
    // The application's own routes keep its order.
    const isApplication = alone && behind.some(({ service }) => service.exposure.application !== undefined);
    const blocks: Block[] = [];
    for (const opening of isApplication ? openings : openings.sort(byPrecedence)) {
        const { service, traffic } = opening;
        const last = blocks.at(-1);
        if (last?.service === service) {
            last.openings.push(opening);
        } else {
            blocks.push({ service, traffic, alone, openings: [opening] });
        }
    }
    return blocks;
}

function rulesIn(block: Block, namespace: string | undefined): RoutedRule[] {
    const { service, traffic = {}, alone, openings } = block;
    const host = service.namespace === namespace ? service.host : fullHost(service);
    const destination = { host, port: { number: service.port } };
    const open = exposedOf(block, alone).flatMap(({ texts }) => texts);
    const isWhole = alone && !service.exposure.paths.some((each) => each.methods ?? each.headers);
    return rulesOf(traffic).flatMap(({ claims, ...rule }) => {
        const there: RoutedRule = {
            ...rule,
            ...(claims && { headers: { ...rule.headers, ...claimHeaders(claims) } }),
            destination,
            paths: bringsPaths(rule, open) ? rule.paths : within(open, rule.paths),
            // The gateway answers all preflights of a service with CORS, and none without a token gets to the service.
            cors: rule.cors && { ...rule.cors, unmatchedPreflights: "IGNORE" },
        };
        return isWhole ? [there] : alike(openings).flatMap((group) => limitedTo(group, there));
    });
}

/** Openings that differ in their paths alone, together. */
function alike(openings: Opening[]): Opening[][] {
    const groups = new Map<string, Opening[]>();
    for (const opening of openings) {
        const key = JSON.stringify([opening.methods, opening.headers]);
        groups.set(key, [...(groups.get(key) ?? []), opening]);
    }
    return [...groups.values()];
}

/** The part of a rule that is about requests of these openings. */
function limitedTo(openings: Opening[], rule: RoutedRule): RoutedRule[] {
    const [{ methods, headers } = { headers: {} }] = openings;
    const paths = within(
        openings.flatMap(({ texts }) => texts),
        rule.paths,
    );
    const limited = withHeaders({ ...rule, paths }, headers);
    if (paths.length === 0 || limited === undefined) {
        return [];
    }
    if (methods === undefined) {
        return [limited];
    }
    const { method, ...rest } = limited;
    const allowed = method === undefined ? methods : methods.filter((each) => each === method);
    const answered = preflightsFor(allowed, rest);
    return [...(allowed.length > 0 ? [{ ...rest, methods: allowed }] : []), ...answered];
}

/** The rule for requests with these headers; undefined where it wants others. */
function withHeaders(rule: RoutedRule, headers: Record<string, TextMatch>): RoutedRule | undefined {
    let limited: RoutedRule | undefined = rule;
    for (const [name, match] of Object.entries(headers)) {
        limited = limited && withHeader(limited, name, match);
    }
    return limited;
}

function withHeader(rule: RoutedRule, name: string, match: TextMatch): RoutedRule | undefined {
    const { user, headers } = rule;
    if (name === USER_HEADER && "exact" in match) {
        return user === undefined || user === match.exact ? { ...rule, user: match.exact } : undefined;
    }
    const own = headers?.[name];
    const wanted = own === undefined ? match : both(own, match);
    return wanted && { ...rule, headers: { ...headers, [name]: wanted } };
}

/** A browser asks by OPTIONS whether it may send a request with one of these methods: who would get it, answers. */
function preflightsFor(methods: string[], rule: RoutedRule): RoutedRule[] {
    const asked = methods.filter((method) => method !== "OPTIONS");
    const headers = { ...rule.headers, ...askingFor(asked) };
    return rule.cors && asked.length > 0 && !methods.includes("OPTIONS")
        ? [{ ...rule, methods: ["OPTIONS"], headers }]
        : [];
}

/** Paths besides the exposed ones that the gateway sends to a service, because a route rewrites others to them. */
export function rewrittenPaths(behind: BehindHost): PathMatch[] {
    const rewritten = gatewayRoutes([behind], behind.service.namespace).flatMap(
        ({ match = [], rewrite }): PathMatch[] => {
            const path = rewrite?.uri;
            // Of a path that matched by prefix the rest stays; all others are replaced as a whole.
            return path === undefined
                ? []
                : match.map(({ uri }) => (uri && "prefix" in uri ? { prefix: path } : { exact: path }));
        },
    );
    const open = exposedOf(behind, true).flatMap(({ texts }) => texts);
    const isOpen = (path: PathMatch) => open.some((each) => matches(each, textOf(path)));
    return rewritten.filter(
        (path, index) => !isOpen(path) && !rewritten.slice(0, index).some((earlier) => covers(earlier, path)),
    );
}
