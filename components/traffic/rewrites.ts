import type { MatchRule, TextMatch } from "./serviceTraffic";

/**
 * The rule as rules whose rewrites keep paths whole. Envoy puts the new text in the place of exactly the prefix that matched:
 * `/api` rewritten to `/` makes `//x` of `/api/x`, and `/` rewritten to `/v2` makes `/v2x` of `/x`.
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRewrite
 */
export function keepingPathsWhole<Rule extends MatchRule>(rule: Rule): Rule[] {
    const { rewrite, redirect, paths } = rule;
    if (rewrite === undefined || redirect) {
        return [rule];
    }
    // Without paths Istio matches the prefix `/`.
    if (!paths) {
        return [{ ...rule, rewrite: closed(rewrite) }];
    }
    const byRewrite = new Map<string, TextMatch[]>();
    for (const { path, to } of paths.flatMap((each) => rewritten(each, rewrite))) {
        byRewrite.set(to, [...(byRewrite.get(to) ?? []), path]);
    }
    return [...byRewrite].map(([to, of]) => ({ ...rule, paths: of, rewrite: to }));
}

function rewritten(path: TextMatch, rewrite: string): { path: TextMatch; to: string }[] {
    // A whole path, or a regular expression, is replaced as a whole.
    if (!("prefix" in path)) {
        return [{ path, to: rewrite }];
    }
    const { prefix } = path;
    if (prefix.endsWith("/")) {
        return [{ path, to: closed(rewrite) }];
    }
    const open = rewrite.replace(/\/+$/, "");
    return open === ""
        ? [
              { path: { exact: prefix }, to: "/" },
              { path: { prefix: `${prefix}/` }, to: "/" },
          ]
        : [{ path, to: open }];
}

/** With one slash at its end. */
function closed(path: string): string {
    return path.replace(/\/*$/, "/");
}
