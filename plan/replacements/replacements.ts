import { isMap, isUnknown, type Plan, type Resource } from "../model";
import type { Difference } from "../report/diff";
import { forcingPaths } from "./forcing";

/** A resource that `pulumi up` would delete and make anew. */
export interface Replacement {
    resource: Resource;
    because: Cause[];
    /** The old one goes before the new one comes. */
    deletedFirst: boolean;
}

export interface Cause {
    /** Path of the input, or `provider`. */
    property: string;
    /** URN of the replaced resource that it comes from; absent where the input itself changes. */
    from?: string;
}

/**
 * What a change of settings replaces, after the rules of the engine: a change of a property that its provider cannot
 * update, and then everything that uses the identity of what is replaced in such a property.
 */
export function replacementsOf(
    plan: Plan,
    { changed }: Pick<Difference, "changed">,
    added: Set<string>,
): Replacement[] {
    const changes = new Map(changed.map(({ resource, changes }) => [resource.urn, changes.map(({ path }) => path)]));
    const replaced = new Map<string, Replacement>();
    // Each resource comes after all that it waits for, so one pass reaches everything.
    for (const resource of plan.resources) {
        if (!resource.custom || added.has(resource.urn)) {
            continue;
        }
        const forcing = forcingPaths(plan, resource).map(parse);
        const own = (changes.get(resource.urn) ?? [])
            .filter((path) => path.startsWith("inputs."))
            .map((path) => path.slice("inputs.".length));
        const forces = (path: string) => forcing.some((pattern) => overlap(pattern, parse(path)));
        const passedOn = unknownsIn(resource.inputs).flatMap(({ path, urns }) =>
            urns.filter((urn) => replaced.has(urn) && forces(path)).map((from) => ({ property: path, from })),
        );
        const provider = resource.provider !== null && replaced.has(resource.provider) ? resource.provider : undefined;
        const because: Cause[] = [
            ...own.filter(forces).map((property) => ({ property })),
            ...passedOn,
            ...(provider === undefined ? [] : [{ property: "provider", from: provider }]),
        ];
        if (because.length > 0) {
            const cascades = because.some(({ from }) => from !== undefined && replaced.get(from)?.deletedFirst);
            // An object of the same name cannot stand beside itself in one cluster.
            const sameName = resource.type.startsWith("kubernetes:") && provider === undefined;
            const deletedFirst = resource.deleteBeforeReplace || cascades || sameName;
            replaced.set(resource.urn, { resource, because, deletedFirst });
        }
    }
    return [...replaced.values()];
}

/** Unknown values with their paths, and the resources they come from. */
function unknownsIn(value: unknown, path = ""): { path: string; urns: string[] }[] {
    if (isUnknown(value)) {
        return [{ path, urns: value.$unknown }];
    }
    if (Array.isArray(value)) {
        return value.flatMap((item, index) => unknownsIn(item, `${path}[${index}]`));
    }
    return isMap(value) ? Object.entries(value).flatMap(([key, inner]) => unknownsIn(inner, joined(path, key))) : [];
}

function joined(path: string, key: string): string {
    if (!/^[\w$-]+$/.test(key)) {
        return `${path}["${key}"]`;
    }
    return path ? `${path}.${key}` : key;
}

/** `a.b[0]["c.d"]` as its parts. */
function parse(path: string): string[] {
    return [...path.matchAll(/\["([^"]*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)].map(
        ([, quoted, index, name]) => quoted ?? index ?? name ?? "",
    );
}

/** Whether one path lies in the other; `*` stands for any index. */
function overlap(pattern: string[], path: string[]): boolean {
    const length = Math.min(pattern.length, path.length);
    return pattern.slice(0, length).every((part, index) => part === "*" || part === path[index]);
}
