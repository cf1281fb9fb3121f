import { USER_HEADER } from "../conditions";
import type { MatchRule, RequestConditions, TextMatch } from "../serviceTraffic";

/** Requests in Envoy's words: those that all of `headers` fit, and of none of the others all. */
export interface RequestMatcher {
    headers: object[];
    not: object[][];
}

/** The requests that a rule is the first to fit. What earlier rules rewrite arrives with another path, and redirects do not. */
export function requestMatcher(rule: MatchRule, earlier: MatchRule[]): RequestMatcher {
    const arriving = earlier.filter(({ rewrite, redirect }) => rewrite === undefined && redirect === undefined);
    return { headers: headersOf(rule), not: arriving.map(headersOf) };
}

function headersOf({ user, headers = {}, paths, method }: RequestConditions): object[] {
    return [
        ...(user === undefined ? [] : [{ name: USER_HEADER, string_match: { exact: user } }]),
        ...Object.entries(headers).map(([name, match]) => ({ name, string_match: stringMatch(match) })),
        ...(paths ? [{ name: ":path", string_match: pathMatch(paths) }] : []),
        ...(method === undefined ? [] : [{ name: ":method", string_match: { exact: method } }]),
    ];
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
