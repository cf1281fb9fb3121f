import type { Operation, Rule, Source } from "../../../components/istio/api/specs";
import { nameOf, namespaceOf } from "../objects";
import { mtlsMode } from "./encryption";
import { selectorOf, type AuthorizationPolicy, type SecurityObjects } from "./objects";
import { covers, type Workload } from "./workloads";

/** What a caller may do at a workload: everything, nothing, not even connect, or what the text says. */
export type Access = "all" | "none" | "cut off" | { only: string };

/** Whether requests do not pass. */
export function isRefused(access: Access): boolean {
    return access === "none" || access === "cut off";
}

/**
 * What each caller may do at a workload, by the plan's ALLOW policies. Other policies may restrict it.
 * https://istio.io/latest/docs/reference/config/security/authorization-policy/
 */
export function accessTo(target: Workload, { authorization, peers }: SecurityObjects): (caller: Workload) => Access {
    const strict = target.injected && mtlsMode(peers, target) === "STRICT";
    const allowing = authorization.filter(
        (policy) => actionOf(policy) === "ALLOW" && !isDryRun(policy) && covers(policy, target),
    );
    const rules = allowing.flatMap(({ spec }) => spec.rules ?? []);
    return (caller) => {
        if (strict && !caller.injected) {
            return "cut off";
        }
        if (allowing.length === 0) {
            return "all";
        }
        const granted = rules.filter((rule) => isFrom(rule, caller)).map(granting);
        if (granted.length === 0) {
            return "none";
        }
        return granted.includes("") ? "all" : { only: [...new Set(granted)].join("; ") };
    };
}

/** Policies that may refuse what others allow, as text. */
export function refusals({ authorization }: SecurityObjects): string[] {
    return authorization
        .filter((policy) => actionOf(policy) !== "ALLOW")
        .map((policy) => {
            const selector = Object.values(selectorOf(policy) ?? {})[0];
            const place = `${selector ?? "everything"} in ${namespaceOf(policy)}`;
            const pretends = isDryRun(policy) ? ", dry run" : "";
            return `${actionOf(policy)} ${nameOf(policy)} for ${place}${pretends}`;
        });
}

function actionOf(policy: AuthorizationPolicy): string {
    return policy.spec.action ?? "ALLOW";
}

function isDryRun(policy: AuthorizationPolicy): boolean {
    return policy.metadata.annotations?.["istio.io/dry-run"] === "true";
}

function isFrom({ from }: Rule, caller: Workload): boolean {
    return from === undefined || from.some(({ source = {} }) => isSource(source, caller));
}

/** Decides by identity and namespace; conditions on the request, such as its address or token, count as met. */
function isSource(source: Source, { injected, identity, namespace }: Workload): boolean {
    const known = injected ? identity : undefined;
    const isOne = (list: string[] | undefined, value: string | undefined, missing: boolean) =>
        list === undefined ? missing : value !== undefined && list.some((pattern) => fits(pattern, value));
    return (
        isOne(withoutTrustDomain(source.principals), known, true) &&
        !isOne(withoutTrustDomain(source.notPrincipals), known, false) &&
        isOne(source.namespaces, injected ? namespace : undefined, true) &&
        !isOne(source.notNamespaces, injected ? namespace : undefined, false)
    );
}

function withoutTrustDomain(principals: string[] | undefined): string[] | undefined {
    return principals?.map((principal) => principal.replace(/^[^/*]+\/(?=ns\/)/, ""));
}

function fits(pattern: string, value: string): boolean {
    if (pattern.endsWith("*")) {
        return value.startsWith(pattern.slice(0, -1));
    }
    return pattern.startsWith("*") ? value.endsWith(pattern.slice(1)) : value === pattern;
}

/** What a rule allows, as text; empty for everything. */
function granting({ from = [], to = [], when = [] }: Rule): string {
    const operations = to.map(({ operation = {} }) => operationWords(operation));
    const conditions = when.map(({ key }) => key);
    const tokens = from.some(({ source }) => source?.requestPrincipals);
    const provided = [...(tokens ? ["a token"] : []), ...conditions];
    const what = operations.includes("") ? "" : operations.join("; ");
    return provided.length > 0 ? `${what || "all"} with ${provided.join(", ")}` : what;
}

function operationWords(operation: Operation): string {
    const list = (field: keyof Operation, word = "") => {
        const found = operation[field];
        return found ? [`${word}${found.join(" ")}`] : [];
    };
    return [
        ...list("methods"),
        ...list("notMethods", "not "),
        ...list("paths"),
        ...list("notPaths", "not at "),
        ...list("hosts", "for "),
        ...list("ports", "port "),
    ].join(" ");
}
