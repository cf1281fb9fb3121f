import type { HTTPRoute } from "../istio/api";
import type { PathMatch } from "../mesh/meshService";
import { covers } from "./paths";
import type { TextMatch } from "./serviceTraffic";

/** What a browser's preflight says of the request that it asks for; it has an origin besides. */
export const REQUESTED_METHOD = "access-control-request-method";

/** Headers with which a route takes preflights for these methods alone. */
export function askingFor(methods: string[]): Record<string, TextMatch> {
    return { origin: { regex: ".+" }, [REQUESTED_METHOD]: { regex: methods.join("|") } };
}

/** Preflights of browsers (CORS) that the ingress gateway answers by itself. */
export interface Preflights {
    /** Hosts of the requests; `*` is any that no other service has. */
    hosts: string[];
    /** Paths of the requests. @default all */
    paths?: PathMatch[];
    /** Parts of `paths` whose preflights go on to a service. @default none */
    forwarded?: ForwardedPreflights[];
}

/** Preflights that go on to a service. */
export interface ForwardedPreflights {
    /** Paths of the requests. */
    path: PathMatch;
    /** Parts of `path` that are answered again, or forwarded by an entry of their own. @default none */
    except?: PathMatch[];
    /** Requested methods with which they are answered nevertheless. @default none */
    answered?: string[];
}

/** The preflights that a route takes. */
interface Taken {
    path: TextMatch;
    /** Requested methods. @default any */
    methods?: string[];
    /** Whether they need no further headers. */
    always: boolean;
    answers: boolean;
}

const EVERYTHING: TextMatch = { prefix: "/" };

/** The preflights at some hosts that never get past the gateway: those that routes with CORS take. Undefined without any. */
export function preflightsOf(hosts: string[], http: HTTPRoute[]): Preflights | undefined {
    // A redirect is an answer of the gateway too.
    const taken = http.filter(({ redirect }) => !redirect).flatMap(takenBy);
    if (!taken.some(({ answers }) => answers)) {
        return undefined;
    }
    if (taken.every(({ answers }) => answers)) {
        return { hosts };
    }
    const kept = taken.flatMap(({ path, ...each }, index) =>
        !("regex" in path) && isAnswered({ path, ...each }, index, taken) ? [{ ...each, path, index }] : [],
    );
    const paths = distinct(kept.map(({ path }) => path));
    const within = (outer: TextMatch, before: number) =>
        paths.filter(
            (path) => isPart(outer, path) && kept.some((each) => isSame(each.path, path) && each.index < before),
        );
    const parts = taken.flatMap(({ path, answers }, index): ForwardedPreflights[] =>
        !answers && !("regex" in path) && kept.some((each) => each.index > index && covers(each.path, path))
            ? [{ path, ...(within(path, index).length > 0 && { except: within(path, index) }) }]
            : [],
    );
    const byMethod = paths.flatMap((path): ForwardedPreflights[] => {
        const same = kept.filter((each) => isSame(each.path, path));
        const [{ index } = { index: 0 }] = same;
        const answered = same.flatMap(({ methods = [] }) => methods);
        const except = within(path, index);
        return answered.length > 0 && goesOn(path, index, taken)
            ? [{ path, ...(except.length > 0 && { except }), answered }]
            : [];
    });
    const forwarded = [...parts, ...byMethod];
    return paths.length > 0 ? { hosts, paths, ...(forwarded.length > 0 && { forwarded }) } : undefined;
}

function takenBy({ match = [{}], corsPolicy }: HTTPRoute): Taken[] {
    return match
        .filter(({ method }) => method === undefined || method.exact === "OPTIONS")
        .map(({ uri, headers = {} }) => {
            const methods = methodsAskedFor(headers);
            return {
                path: uri ? (uri as TextMatch) : EVERYTHING,
                ...(methods && { methods }),
                always: Object.keys(headers).length === (methods ? 2 : 0),
                answers: corsPolicy !== undefined,
            };
        });
}

/** The methods of which `askingFor` made the headers. */
function methodsAskedFor(headers: NonNullable<NonNullable<HTTPRoute["match"]>[number]["headers"]>) {
    const { origin, [REQUESTED_METHOD]: method } = headers;
    const text = method && "regex" in method ? String(method.regex) : "";
    return origin && "regex" in origin && origin.regex === ".+" && /^[A-Z]+(\|[A-Z]+)*$/.test(text)
        ? text.split("|")
        : undefined;
}

/** Whether a route answers all that it could take for its path, but for the parts that routes before it have. */
function isAnswered({ path, always, answers }: Taken, index: number, taken: Taken[]): boolean {
    const others = taken.map((other, place) => ({ ...other, before: place < index })).filter((each) => !each.answers);
    return (
        answers &&
        !others.some((other) =>
            always ? other.before && ("regex" in other.path || covers(other.path, path)) : overlap(path, other.path),
        )
    );
}

/** Whether preflights for a path that the route does not take, for their method, may get to a service. */
function goesOn(path: TextMatch, index: number, taken: Taken[]): boolean {
    const later = taken.slice(index + 1);
    const end = later.findIndex((each) => each.answers && each.always && !each.methods && covers(each.path, path));
    return later.slice(0, end < 0 ? undefined : end).some((each) => !each.answers && overlap(path, each.path));
}

function isPart(outer: TextMatch, inner: TextMatch): boolean {
    return covers(outer, inner) && !isSame(outer, inner);
}

function isSame(one: TextMatch, other: TextMatch): boolean {
    return JSON.stringify(one) === JSON.stringify(other);
}

function distinct(paths: PathMatch[]): PathMatch[] {
    return paths.filter((path, index) => !paths.slice(0, index).some((earlier) => isSame(earlier, path)));
}

function overlap(one: TextMatch, other: TextMatch): boolean {
    return "regex" in other || covers(one, other) || covers(other, one);
}
