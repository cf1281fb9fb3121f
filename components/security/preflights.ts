import type { PathMatch } from "../mesh/meshService";
import type { Condition, Operation, Rule } from "../istio/api";
import { withAnyPort } from "./hosts";

/** Requests of browsers that ask, without a token, whether a page of another origin may send one. */
export interface AnsweredPreflights {
    hosts: string[];
    /** @default all */
    paths?: PathMatch[];
}

/** A browser's preflight has both; the gateway's CORS filter leaves alone what lacks one. */
const MARKS = ["origin", "access-control-request-method"];

/**
 * A rule that denies, as rules that leave out the preflights which the gateway answers itself. `others` are the hosts whose
 * preflights it does not answer, among which a wildcard host must not count.
 */
export function sparingPreflights(rule: Rule, answered: AnsweredPreflights[], others: string[]): Rule[] {
    const hosts = answered.flatMap((each) => each.hosts);
    if (hosts.length === 0) {
        return [rule];
    }
    const [{ operation = {} } = {}] = rule.to ?? [];
    const narrowed = (part: Operation): Rule => ({ ...rule, to: [{ operation: { ...operation, ...part } }] });
    const within = (allowed: string[]) => narrowedHosts(operation.hosts, allowed);
    const some = (part: Operation): Rule[] => (part.hosts?.length === 0 ? [] : [narrowed(part)]);
    const beside = others.filter((host) => hosts.some((pattern) => isWithin(pattern, host)));
    return [
        narrowed({ notMethods: [...(operation.notMethods ?? []), "OPTIONS"] }),
        ...MARKS.map((header): Rule => ({ ...rule, when: [...(rule.when ?? []), absent(header)] })),
        ...(hosts.includes("*")
            ? []
            : [narrowed({ notHosts: [...(operation.notHosts ?? []), ...withAnyPort(hosts)] })]),
        ...(beside.length > 0 ? some({ hosts: within(beside) }) : []),
        ...answered.flatMap((each) =>
            each.paths
                ? some({
                      ...(each.hosts.includes("*") ? {} : { hosts: within(each.hosts) }),
                      notPaths: [...(operation.notPaths ?? []), ...each.paths.map(pathPattern)],
                  })
                : [],
        ),
    ];
}

function absent(header: string): Condition {
    return { key: `request.headers[${header}]`, notValues: ["*"] };
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
