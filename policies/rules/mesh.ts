import { at, isMap } from "../../plan/model";
import { items, text } from "../../plan/words";
import { IN_PROD, type Checked, type Finding, type ResourceRule, type StackRule } from "../rule";
import { isKind, isRelease, namespaceOf } from "./kubernetes";

const SECURITY = "security.istio.io";

export const strictMtls: StackRule = {
    name: "strict-mtls",
    description: "Plain text is refused in the whole mesh",
    reason: "With PERMISSIVE any pod in the cluster can call services without an identity, and policies by caller do not apply to it.",
    levels: IN_PROD,
    checkStack(resources) {
        const policies = resources.filter((resource) => isKind(resource, SECURITY, "PeerAuthentication"));
        const weak = policies.flatMap((policy) =>
            weakModes(policy).map((mode): Finding => [policy, `accepts plain text (${mode}): ${STRICT}`]),
        );
        // Istio's default is PERMISSIVE.
        const missing = resources
            .filter((resource) => isRelease(resource, "istiod"))
            .filter((istiod) => !policies.some((policy) => isMeshWide(policy, istiod)))
            .map((istiod): Finding => [istiod, `nothing makes the mesh STRICT: ${STRICT}`]);
        return [...weak, ...missing];
    },
};

const STRICT = "set security.mtls.mode to STRICT, and give every caller a sidecar";

export const allowAll: ResourceRule = {
    name: "allow-all-policy",
    description: "No AuthorizationPolicy allows everything",
    reason: "Policies that allow are added up: one empty rule makes all others for the same pods pointless.",
    levels: IN_PROD,
    check(resource) {
        const { action = "ALLOW", rules } = (at(resource.inputs, "spec") ?? {}) as Record<string, unknown>;
        const applies = isKind(resource, SECURITY, "AuthorizationPolicy") && action === "ALLOW";
        return applies && items(rules).some(matchesEverything)
            ? ["has a rule that matches every request: name callers, paths or methods, or delete the policy"]
            : [];
    },
};

export const envoyFilters: ResourceRule = {
    name: "envoy-filter",
    description: "No hand-written EnvoyFilter",
    reason: "An EnvoyFilter patches what istiod generates: it can open or break every proxy, and the next version of Istio may ignore it.",
    levels: { prod: "mandatory", dev: "advisory", local: "advisory" },
    check(resource) {
        // Those of this program are tested with the Istio version that it pins.
        return isKind(resource, "networking.istio.io", "EnvoyFilter") &&
            !resource.urn.includes("oke-mesh:traffic:RateLimits$")
            ? ["is an EnvoyFilter: use a setting (traffic, gateway, security) or one of Istio's kinds instead"]
            : [];
    },
};

/** Modes of a policy, or of single ports, that accept plain text. */
function weakModes({ inputs }: Checked): string[] {
    const ports = at(inputs, "spec", "portLevelMtls");
    const ofPorts = isMap(ports)
        ? Object.entries(ports).map(
              ([port, mtls]) => [at(mtls, "mode"), `${text(at(mtls, "mode"))} at port ${port}`] as const,
          )
        : [];
    const mode = at(inputs, "spec", "mtls", "mode");
    return [[mode, text(mode ?? "")] as const, ...ofPorts].flatMap(([each, words]) =>
        each === "PERMISSIVE" || each === "DISABLE" ? [words] : [],
    );
}

function isMeshWide(policy: Checked, istiod: Checked): boolean {
    return (
        namespaceOf(policy) === at(istiod.inputs, "namespace") &&
        at(policy.inputs, "spec", "selector") === undefined &&
        at(policy.inputs, "spec", "mtls", "mode") === "STRICT"
    );
}

/** A rule without conditions, or whose only conditions are stars. */
function matchesEverything(rule: unknown): boolean {
    const parts = [items(at(rule, "from")), items(at(rule, "to")), items(at(rule, "when"))];
    return parts.every((conditions) => conditions.every((condition) => isEmptyCondition(condition)));
}

function isEmptyCondition(condition: unknown): boolean {
    const given = at(condition, "source") ?? at(condition, "operation");
    return (
        isMap(given) && Object.values(given).every((values) => items(values).length > 0 && items(values).includes("*"))
    );
}
