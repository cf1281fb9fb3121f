import { USER_HEADER } from "../conditions";
import type { MatchRule, RequestConditions, TextMatch } from "../serviceTraffic";

/** Requests in Envoy's words: those that all of `headers` fit, and of none of the others all. */
export interface RequestMatcher {
    headers: object[];
    not: object[][];
}

/** Whether the service's sidecars can tell which requests a rule is about: by what arrives of them, which has no claims. */
function isKnownAtService({ rewrite, redirect, claims }: MatchRule): boolean {
    return rewrite === undefined && redirect === undefined && claims === undefined;
}

/** The requests that a rule is the first to fit, of those that arrive at the service as they were sent. */
export function requestMatcher(rule: MatchRule, earlier: MatchRule[]): RequestMatcher {
    return { headers: headersOf(rule), not: earlier.filter(isKnownAtService).map(headersOf) };
}

type All = Required<RequestConditions>;

/** Every condition. A key of `RequestConditions` without a row does not compile. */
const MATCHERS: { [Name in keyof All]: (value: All[Name]) => object[] } = {
    user: (user) => [{ name: USER_HEADER, string_match: { exact: user } }],
    headers: (headers) => Object.entries(headers).map(([name, match]) => ({ name, string_match: stringMatch(match) })),
    claims: () => [],
    paths: (paths) => [{ name: ":path", string_match: pathMatch(paths) }],
    method: (method) => [{ name: ":method", string_match: { exact: method } }],
};

function headersOf(conditions: RequestConditions): object[] {
    return (Object.keys(MATCHERS) as (keyof All)[]).flatMap((name) => matcherOf(name, conditions));
}

function matcherOf<Name extends keyof All>(name: Name, conditions: Partial<All>): object[] {
    const value = conditions[name];
    return value === undefined ? [] : MATCHERS[name](value);
}

function stringMatch(match: TextMatch) {
    return "regex" in match ? { safe_regex: { regex: match.regex } } : match;
}

/** Any of the paths. The header has the query too. */
function pathMatch(paths: TextMatch[]) {
    return { safe_regex: { regex: `(${paths.map(pattern).join("|")})(\\?.*)?` } };
}

function pattern(path: TextMatch): string {
    if ("regex" in path) {
        return `(${path.regex})`;
    }
    return "exact" in path ? literal(path.exact) : `${literal(path.prefix)}[^?]*`;
}

function literal(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
