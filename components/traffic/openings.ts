import { pathOf, type ExposedService, type OpenRequests, type PathMatch } from "../mesh/meshService";
import { claimHeaders, USER_HEADER } from "./conditions";
import { covers, endingAtSlash, matches, withoutSlash } from "./paths";
import { rulesOf } from "./httpRoutes";
import type { MatchRule, ServiceTraffic, TextMatch } from "./serviceTraffic";

/** A service at a host of the gateway, and how requests to it are treated. */
export interface BehindHost {
    /** The service, with what of it is open. */
    service: ExposedService;
    /** How requests to it are treated. @default like anywhere else in the cluster */
    traffic?: ServiceTraffic;
}

/** Requests that lead to a service. */
export interface Opening extends BehindHost {
    path: TextMatch;
    /** @default any */
    methods?: string[];
    headers: Record<string, TextMatch>;
    /** The path, as matches of its text. */
    texts: TextMatch[];
    /** The part of the service's settings that opens it, from its exposure or its traffic on. */
    place: ["paths", number] | ["match", number, "paths", number];
}

/** What a service exposes by itself. */
export interface ExposedOpening extends Opening {
    path: PathMatch;
    headers: NonNullable<OpenRequests["headers"]>;
}

/**
 * What is open of a service: what it exposes, the paths that are rewritten to that, and those that are redirected.
 * @param alone Whether the host is its own.
 */
export function openingsOf(behind: BehindHost, alone: boolean): Opening[] {
    const exposed = exposedOf(behind, alone);
    const texts = exposed.flatMap((each) => each.texts);
    const isOpen = (path: TextMatch) =>
        exposed.some((each) => !isLimited(each) && each.texts.some((text) => covers(text, path)));
    const further = rulesOf(behind.traffic ?? {}).flatMap((rule, index) =>
        (bringsPaths(rule, texts) ? rule.paths : []).map((path, position): Opening => ({
            ...behind,
            path,
            methods: rule.method === undefined ? undefined : [rule.method],
            headers: {
                ...rule.headers,
                ...claimHeaders(rule.claims),
                ...(rule.user !== undefined && { [USER_HEADER]: { exact: rule.user } }),
            },
            texts: [path],
            place: ["match", index, "paths", position],
        })),
    );
    return [...exposed, ...further.filter(({ path }) => !isOpen(path))];
}

/** What a service exposes: the most specific first, or as it is in the application's own routes. */
export function exposedOf(behind: BehindHost, alone: boolean): ExposedOpening[] {
    const { exposure } = behind.service;
    const asTexts = alone && exposure.application !== undefined;
    const exposed = exposure.paths.map((open, index): ExposedOpening => ({
        ...behind,
        path: pathOf(open),
        methods: open.methods,
        headers: open.headers ?? {},
        texts: asTexts ? [pathOf(open)] : endingAtSlash(open),
        place: ["paths", index],
    }));
    return asTexts ? exposed : exposed.sort(byPrecedence);
}

/** Whether a rule holds for all of its paths, open or not: it redirects them, or rewrites them to what is open. */
export function bringsPaths(rule: MatchRule, open: TextMatch[]): rule is MatchRule & { paths: TextMatch[] } {
    const { paths, rewrite, redirect } = rule;
    const leadsToOpen = rewrite !== undefined && open.some((path) => matches(path, rewrite));
    return paths !== undefined && (redirect !== undefined || leadsToOpen);
}

function isLimited({ methods, headers }: Pick<Opening, "methods" | "headers">): boolean {
    return methods !== undefined || Object.keys(headers).length > 0;
}

/**
 * The order of the Gateway API: exact paths, longer prefixes, a method, more headers. Regular expressions come last, as Istio
 * has it. What is left is decided by names, never by the order of the settings.
 * https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
 */
export function byPrecedence(one: Opening, other: Opening): number {
    const [first, second] = [ranksOf(one), ranksOf(other)];
    const difference = first.findIndex((rank, index) => rank !== second[index]);
    return difference < 0 ? compareTexts(tieBreaker(one), tieBreaker(other)) : second[difference]! - first[difference]!;
}

function ranksOf({ path, methods, headers }: Opening): number[] {
    const [kind, text] =
        "exact" in path ? [2, path.exact] : "prefix" in path ? [1, withoutSlash(path.prefix)] : [0, path.regex];
    return [kind, text.length, methods === undefined ? 0 : 1, Object.keys(headers).length];
}

/** Namespace and name of the service's HTTPRoute come first, as the API has it. */
function tieBreaker({ service, path, methods, headers }: Opening): string {
    return `${service.namespace}/${routeName(service)} ${JSON.stringify([path, methods, headers])}`;
}

/** The name of what leads to a service alone. */
export function routeName({ name, exposure }: ExposedService): string {
    return exposure.application ?? `${name}-ingress`;
}

function compareTexts(one: string, other: string): number {
    return one < other ? -1 : one > other ? 1 : 0;
}

/** Whether some request fits both equally well, so that nothing decides between them. */
export function areEqual(one: Opening, other: Opening): boolean {
    const sameMethods =
        one.methods && other.methods
            ? one.methods.some((method) => other.methods?.includes(method))
            : one.methods === other.methods;
    return sameMethods && conditionsOf(one) === conditionsOf(other);
}

function conditionsOf({ path, headers }: Opening): string {
    const wanted = "prefix" in path ? { prefix: withoutSlash(path.prefix) } : path;
    return JSON.stringify([wanted, Object.entries(headers).sort(([one], [other]) => compareTexts(one, other))]);
}
