import type { Plan, Resource } from "./model";
import { waitsFor } from "./order";

/** The resource with a type and name. Throws unless there is exactly one; `type` may be the part after the last colon. */
export function one(plan: Plan, type: string, name?: string): Resource {
    const found = ofType(plan, type).filter((resource) => name === undefined || resource.name === name);
    if (found.length !== 1 || !found[0]) {
        const candidates = found.length > 0 ? found : ofType(plan, type);
        const list = candidates.map((resource) => `\n  ${resource.urn}`).join("") || "\n  none of this type";
        throw new Error(
            `Expected one ${type}${name ? ` named ${name}` : ""} in the plan, found ${found.length}:${list}`,
        );
    }
    return found[0];
}

/** Resources of a type, given as full token (`oci:Core/vcn:Vcn`) or as its last part (`Vcn`), in plan order. */
export function ofType(plan: Plan, type: string): Resource[] {
    return plan.resources.filter((resource) => resource.type === type || shortType(resource.type) === type);
}

/** The last part of a type token: `Vcn` of `oci:Core/vcn:Vcn`. */
export function shortType(type: string): string {
    return type.slice(type.lastIndexOf(":") + 1);
}

/** Direct children of a resource; of the stack without one. */
export function childrenOf(plan: Plan, parent?: Resource | string): Resource[] {
    const urn = parent === undefined ? null : urnOf(parent);
    return plan.resources.filter((resource) => resource.parent === urn);
}

/** All resources below a component, at any depth. */
export function descendantsOf(plan: Plan, parent: Resource | string): Resource[] {
    return childrenOf(plan, parent).flatMap((child) => [child, ...descendantsOf(plan, child)]);
}

/**
 * URN of the resource whose deletion also deletes this one: its own `deletedWith`, or else that of the nearest parent that
 * has one. The engine fills it in, so a child cannot refuse its parent's. https://github.com/pulumi/pulumi/pull/12572
 */
export function effectiveDeletedWith(plan: Plan, resource: Resource): string | null {
    const parent = plan.resources.find(({ urn }) => urn === resource.parent);
    return resource.deletedWith ?? (parent ? effectiveDeletedWith(plan, parent) : null);
}

/**
 * Whether `a` is created after `b`: through dependencies, parents and providers at any distance. For a component `b`
 * that means after each of its resources, or inside it.
 */
export function dependsOn(plan: Plan, a: Resource | string, b: Resource | string): boolean {
    const reached = reachedFrom(plan, urnOf(a));
    if (reached.has(urnOf(b))) {
        return true;
    }
    const parts = descendantsOf(plan, b).filter(({ custom }) => custom);
    return parts.length > 0 && parts.every(({ urn }) => reached.has(urn));
}

/** URNs of everything a resource depends on, directly or indirectly. */
export function reachedFrom(plan: Plan, urn: string): Set<string> {
    const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
    const reached = new Set<string>();
    const visit = (from: string) => {
        const resource = byUrn.get(from);
        for (const next of resource ? waitsFor(resource) : []) {
            if (!reached.has(next)) {
                reached.add(next);
                visit(next);
            }
        }
    };
    visit(urn);
    return reached;
}

/**
 * Resources in the order they can be created: each wave needs only earlier ones. Only `chosen` resources are returned
 * and counted, but the order among them respects what lies between.
 */
export function waves(plan: Plan, chosen: (resource: Resource) => boolean = isManaged): Resource[][] {
    const depth = new Map<string, number>();
    const grouped: Resource[][] = [];
    for (const resource of plan.resources) {
        // Plan order puts everything a resource waits for before it.
        const before = Math.max(0, ...waitsFor(resource).map((urn) => depth.get(urn) ?? 0));
        const counts = chosen(resource);
        depth.set(resource.urn, before + (counts ? 1 : 0));
        if (counts) {
            (grouped[before] ??= []).push(resource);
        }
    }
    return grouped;
}

/** Whether a provider creates it: it is neither a component nor a provider. */
export function isManaged(resource: Resource): boolean {
    return resource.custom && !isProvider(resource);
}

export function isProvider(resource: Resource): boolean {
    return resource.type.startsWith("pulumi:providers:");
}

/** A Helm release, which is one resource however many objects it has. */
export function isRelease({ type }: Resource): boolean {
    return type === "kubernetes:helm.sh/v3:Release";
}

export function isKubernetes(resource: Resource): boolean {
    return resource.type.startsWith("kubernetes:");
}

function urnOf(resource: Resource | string): string {
    return typeof resource === "string" ? resource : resource.urn;
}
