import type { PathMatch } from "../mesh/meshService";
import type { Condition, Operation, Rule } from "../istio/api";
import { REQUESTED_METHOD, type Preflights } from "../traffic/preflights";
import { withAnyPort } from "./hosts";

/** A browser's preflight has both; the gateway's CORS filter leaves alone what lacks one. */
const MARKS = ["origin", REQUESTED_METHOD];

/**
 * A rule that denies, as rules that leave out the preflights which the gateway answers itself. `others` are the hosts whose
 * preflights it does not answer, among which a wildcard host must not count.
 */
export function sparingPreflights(rule: Rule, answered: Preflights[], others: string[]): Rule[] {
    const hosts = answered.flatMap((each) => each.hosts);
    if (hosts.length === 0) {
        return [rule];
    }
    const [{ operation = {} } = {}] = rule.to ?? [];
    const narrowed = (part: Operation, ...when: Condition[]): Rule => ({
        ...rule,
        to: [{ operation: { ...operation, ...part } }],
        ...(when.length > 0 && { when: [...(rule.when ?? []), ...when] }),
    });
    const without = (paths: PathMatch[]) => ({ notPaths: [...(operation.notPaths ?? []), ...paths.map(pathPattern)] });
    const beside = others.filter((host) => hosts.some((pattern) => isWithin(pattern, host)));
    return [
        narrowed({ notMethods: [...(operation.notMethods ?? []), "OPTIONS"] }),
        ...MARKS.map((header): Rule => ({ ...rule, when: [...(rule.when ?? []), absent(header)] })),
        ...(hosts.includes("*") ? [] : [narrowed(exceptHosts(operation, hosts))]),
        ...atHosts(operation, beside, hosts).map((place) => narrowed(place)),
        ...answered.flatMap(({ hosts: own, paths, forwarded = [] }) =>
            atHosts(operation, paths ? own : [], hosts).flatMap((place) => [
                narrowed({ ...place, ...without(paths ?? []) }),
                ...forwarded.flatMap((part) => {
                    const inside = narrowedPaths(operation.paths, pathPattern(part.path));
                    const but = part.except ? without(part.except) : {};
                    const when = part.answered ? [{ key: header(REQUESTED_METHOD), notValues: part.answered }] : [];
                    return inside.length > 0 ? [narrowed({ ...place, paths: inside, ...but }, ...when)] : [];
                }),
            ]),
        ),
    ];
}

function absent(name: string): Condition {
    return { key: header(name), notValues: ["*"] };
}

function header(name: string): string {
    return `request.headers[${name}]`;
}

function exceptHosts({ notHosts = [] }: Operation, hosts: string[]): Operation {
    return { notHosts: [...notHosts, ...withAnyPort(hosts)] };
}

/** Requests for some hosts: for a wildcard without those of `known` that are more specific, which have rules of their own. */
function atHosts(operation: Operation, hosts: string[], known: string[]): Operation[] {
    const inner = (host: string) => known.filter((other) => other !== host && isWithin(host, other));
    const place = (some: string[], besides: string[]): Operation[] => {
        const names = some.includes("*") ? undefined : narrowedHosts(operation.hosts, some);
        const part = { ...(names && { hosts: names }), ...(besides.length > 0 && exceptHosts(operation, besides)) };
        return some.length === 0 || names?.length === 0 ? [] : [part];
    };
    return [
        ...place(
            hosts.filter((host) => inner(host).length === 0),
            [],
        ),
        ...hosts.filter((host) => inner(host).length > 0).flatMap((host) => place([host], inner(host))),
    ];
}

/** Patterns for what of `paths` is within another one; where no pattern could say it, more than that. */
function narrowedPaths(paths: string[] | undefined, within: string): string[] {
    const takes = (outer: string, inner: string) =>
        outer.endsWith("*") ? inner.startsWith(outer.slice(0, -1)) : outer === inner;
    const isPlain = (path: string) => path === "*" || !/^\*|[{]/.test(path);
    return (paths ?? ["*"]).flatMap((path) =>
        isPlain(path) ? (takes(path, within) ? [within] : takes(within, path) ? [path] : []) : [path],
    );
}

/** Hosts that are among `allowed`, as policies name them; all of `allowed` where there are none. */
function narrowedHosts(hosts: string[] | undefined, allowed: string[]): string[] {
    const names = withAnyPort(allowed);
    return hosts
        ? hosts.filter((host) => allowed.some((pattern) => isWithin(pattern, host.replace(/:\*$/, ""))))
        : names;
}

/** Whether a host is one that a host of a route, such as `*.example.com`, stands for. */
function isWithin(pattern: string, host: string): boolean {
    return pattern === "*" || pattern === host || (pattern.startsWith("*.") && host.endsWith(pattern.slice(1)));
}

function pathPattern(path: PathMatch): string {
    return "exact" in path ? path.exact : `${path.prefix}*`;
}
