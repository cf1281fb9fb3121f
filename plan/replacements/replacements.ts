import { isMap, isUnknown, type Plan, type Resource } from "../model";
import type { Difference } from "../report/diff";
import { forcingPaths } from "./forcing";

/** A resource that `pulumi up` would replace. */
export interface Replacement {
    resource: Resource;
    because: Cause[];
    /** Whether the old one is deleted before the new one is created. */
    deletedFirst: boolean;
}

export interface Cause {
    /** Path of the input, or `provider`. */
    property: string;
    /** URN of the replaced resource that it comes from; absent if the input itself changes. */
    from?: string;
}

/**
 * What a change of settings replaces, by the rules of the engine: resources with a changed property that their provider
 * cannot update, and then all resources that use the identity of a replaced one in such a property.
 */
export function replacementsOf(
    plan: Plan,
    { changed }: Pick<Difference, "changed">,
    added: Set<string>,
): Replacement[] {
    const changes = new Map(changed.map(({ resource, changes }) => [resource.urn, changes.map(({ path }) => path)]));
    const replaced = new Map<string, Replacement>();
    // Resources are sorted by their dependencies, so one pass is enough.
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
            // A cluster cannot have two objects of the same name.
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

/** Whether one path is inside the other; `*` is any index. */
function overlap(pattern: string[], path: string[]): boolean {
    const length = Math.min(pattern.length, path.length);
    return pattern.slice(0, length).every((part, index) => part === "*" || part === path[index]);
}
