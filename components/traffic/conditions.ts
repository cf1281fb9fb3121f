import { covers } from "./paths";
import type { MatchRule, RequestConditions } from "./serviceTraffic";

/** Whether every request that fits `later` fits `earlier` as well. */
export function takesAll(earlier: RequestConditions, later: RequestConditions): boolean {
    const { user, method, headers = {}, paths } = earlier;
    return (
        (user === undefined || user === later.user) &&
        (method === undefined || method === later.method) &&
        Object.entries(headers).every(([name, match]) => {
            const wanted = later.headers?.[name];
            return wanted !== undefined && covers(match, wanted);
        }) &&
        (paths === undefined ||
            (later.paths ?? [{ prefix: "/" }]).every((path) => paths.some((taken) => covers(taken, path))))
    );
}

/** The rules without what those before them take: Istio warns of routes and matches that nothing reaches. */
export function reached(rules: MatchRule[]): MatchRule[] {
    return rules.flatMap((rule, index) => {
        const taken = (conditions: RequestConditions) =>
            rules.slice(0, index).some((earlier) => takesAll(earlier, conditions));
        const paths = rule.paths?.filter(
            (path, position) =>
                !taken({ ...rule, paths: [path] }) &&
                !rule.paths?.slice(0, position).some((earlier) => covers(earlier, path)),
        );
        const left = paths ? paths.length > 0 : !taken(rule);
        return left ? [{ ...rule, ...(paths && { paths }) }] : [];
    });
}
