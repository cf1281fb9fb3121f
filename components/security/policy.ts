import type { AuthorizationPolicySpec } from "../istio/api";

/** An AuthorizationPolicy to be made. */
export interface Policy {
    /** Its name. */
    name: string;
    /** Its namespace. In istio-system it holds for the whole mesh. */
    namespace: string;
    /** As the AuthorizationPolicy has it. */
    spec: AuthorizationPolicySpec;
    /** Only log what it would do. @default false */
    dryRun?: boolean;
}

/**
 * Denies everything in a namespace that no other policy allows. Its spec is empty, which is not the same as a rule without
 * conditions: that one would allow everything.
 * Guide: "Configuring Authorization", allow-nothing.
 */
export function allowNothing(namespace: string): Policy {
    return { name: "allow-nothing", namespace, spec: {} };
}

/** Whether a policy takes away what others allow. It has to come last, and go first. */
export function isDefaultDeny({ spec }: Policy): boolean {
    return (spec.rules ?? []).length === 0;
}
