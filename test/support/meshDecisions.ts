import type { AuthorizationPolicySpec, Rule, Source, Operation } from "../../components/istio/api";
import { isMap, type Plan } from "../../plan/model";
import { ofType } from "../../plan/query";

/** A request as a proxy in front of a workload sees it. */
export interface Call {
    /** The caller's place and ServiceAccount. Absent: it has no sidecar, so it speaks plain text. */
    from?: { namespace: string; serviceAccount: string };
    to: { namespace: string; labels: Record<string, string>; port?: number };
    /** @default GET */
    method?: string;
    /** @default "/" */
    path?: string;
    host?: string;
    /** By lower-case name. */
    headers?: Record<string, string>;
    /** A JSON web token; `valid` is whether signature and time are right. */
    token?: { issuer: string; subject: string; valid: boolean; claims?: Record<string, string[]> };
}

/** `cut`: the connection is closed; `401` and `403` are answers of the proxy. */
export type Decision = "allowed" | "cut" | "401" | "403";

interface Policy<Spec> {
    metadata: { name: string; namespace: string; annotations?: Record<string, string> };
    spec: Spec & { selector?: { matchLabels: Record<string, string> } };
}

interface Peer {
    mtls?: { mode: string };
    portLevelMtls?: Record<number, { mode: string }>;
}

interface Authentication {
    jwtRules?: { issuer: string }[];
}

const ROOT_NAMESPACE = "istio-system";

/**
 * What Istio documents, computed from the planned objects:
 * https://istio.io/latest/docs/concepts/security/#peer-authentication and
 * https://istio.io/latest/docs/reference/config/security/authorization-policy/
 * @param custom What external authorizers answer.
 */
export function decide(plan: Plan, call: Call, custom: (provider: string) => boolean = () => true): Decision {
    const mode = mtlsMode(plan, call);
    if (mode === "STRICT" && !call.from) {
        return "cut";
    }
    // To a port that takes plain text only, proxies of the mesh speak plain text, and nobody is known.
    const seen = mode === "DISABLE" ? { ...call, from: undefined } : call;
    const issuers = applying<Authentication>(plan, "RequestAuthentication", call.to)
        .flatMap(({ spec }) => spec.jwtRules ?? [])
        .map(({ issuer }) => issuer);
    if (issuers.length > 0 && call.token && !(call.token.valid && issuers.includes(call.token.issuer))) {
        return "401";
    }
    // Without a RequestAuthentication nobody looks at the token.
    return authorized(plan, issuers.length > 0 ? seen : { ...seen, token: undefined }, custom) ? "allowed" : "403";
}

function authorized(plan: Plan, call: Call, custom: (provider: string) => boolean): boolean {
    const policies = applying<AuthorizationPolicySpec>(plan, "AuthorizationPolicy", call.to).filter(
        ({ metadata }) => metadata.annotations?.["istio.io/dry-run"] !== "true",
    );
    const of = (action: string) => policies.filter(({ spec }) => (spec.action ?? "ALLOW") === action);
    const matching = (action: string) =>
        of(action).filter(({ spec }) => (spec.rules ?? []).some((rule) => ruleMatches(rule, call)));
    if (matching("CUSTOM").some(({ spec }) => !custom(spec.provider?.name ?? ""))) {
        return false;
    }
    if (matching("DENY").length > 0) {
        return false;
    }
    return of("ALLOW").length === 0 || matching("ALLOW").length > 0;
}

/** Policies of a kind for a workload: of its namespace or the root namespace, without a selector or with one that fits. */
function applying<Spec>(plan: Plan, kind: string, { namespace, labels }: Call["to"]): Policy<Spec>[] {
    return ofType(plan, kind)
        .map(({ inputs }) => inputs as unknown as Policy<Spec>)
        .filter(({ metadata }) => [ROOT_NAMESPACE, namespace].includes(metadata.namespace))
        .filter(({ spec }) =>
            Object.entries(spec.selector?.matchLabels ?? {}).every(([name, value]) => labels[name] === value),
        );
}

function mtlsMode(plan: Plan, { to }: Call): string {
    const policies = applying<Peer>(plan, "PeerAuthentication", to);
    const own = policies.find(({ spec }) => spec.selector);
    const whole = (namespace: string) =>
        policies.find(({ spec, metadata }) => !spec.selector && metadata.namespace === namespace);
    const byPort = to.port === undefined ? undefined : own?.spec.portLevelMtls?.[to.port];
    const modes = [byPort, own?.spec.mtls, whole(to.namespace)?.spec.mtls, whole(ROOT_NAMESPACE)?.spec.mtls];
    return modes.find((mtls) => mtls !== undefined && mtls.mode !== "UNSET")?.mode ?? "PERMISSIVE";
}

function ruleMatches({ from, to, when }: Rule, call: Call): boolean {
    return (
        (from === undefined || from.some(({ source }) => sourceMatches(source ?? {}, call))) &&
        (to === undefined || to.some(({ operation }) => operationMatches(operation ?? {}, call))) &&
        (when ?? []).every(({ key, values, notValues }) => {
            const found = attribute(key ?? "", call);
            const has = (patterns: string[]) => found.some((value) => anyOf(patterns, value));
            return (values === undefined || has(values)) && (notValues === undefined || !has(notValues));
        })
    );
}

function sourceMatches(source: Source, { from, token }: Call): boolean {
    const principal = from && `cluster.local/ns/${from.namespace}/sa/${from.serviceAccount}`;
    const user = token && `${token.issuer}/${token.subject}`;
    return fits(source, {
        principals: principal,
        namespaces: from?.namespace,
        requestPrincipals: user,
    });
}

function operationMatches(operation: Operation, { method = "GET", path = "/", host, to }: Call): boolean {
    return fits(operation, {
        methods: method,
        paths: path.replace(/\?.*$/, ""),
        hosts: host?.toLowerCase(),
        ports: to.port === undefined ? undefined : String(to.port),
    });
}

/** Every field of a source or operation must hold: `paths` one of, `notPaths` none of. What the evaluator does not know, fails. */
function fits(conditions: object, found: Record<string, string | undefined>): boolean {
    return Object.entries(conditions).every(([field, patterns]) => {
        const negative = /^not([A-Z])(.*)$/.exec(field);
        const name = negative ? `${negative[1]?.toLowerCase()}${negative[2]}` : field;
        if (!(name in found)) {
            throw new Error(`the evaluator does not know ${field}`);
        }
        return anyOf(patterns as string[], found[name]) !== (negative !== null);
    });
}

function anyOf(patterns: string[], value: string | undefined): boolean {
    return value !== undefined && patterns.some((pattern) => matches(pattern, value));
}

/** Exact, prefix (`a*`), suffix (`*a`) or presence (`*`). */
export function matches(pattern: string, value: string): boolean {
    if (pattern === "*") {
        return value !== "";
    }
    if (pattern.endsWith("*")) {
        return value.startsWith(pattern.slice(0, -1));
    }
    return pattern.startsWith("*") ? value.endsWith(pattern.slice(1)) : value === pattern;
}

function attribute(key: string, { headers = {}, token }: Call): string[] {
    const [, kind, name = ""] = /^request\.(headers|auth\.claims)\[(.+)\]$/.exec(key) ?? [];
    if (kind === undefined) {
        throw new Error(`the evaluator does not know ${key}`);
    }
    const value: unknown =
        kind === "headers" ? headers[name.toLowerCase()] : isMap(token?.claims) && token.claims[name];
    return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
}
